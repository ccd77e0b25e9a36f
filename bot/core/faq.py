"""What a moderator wrote, and what must be true of each part of it.

Each class is one kind of thing in the `faq/` folder. What needs more than one file to be judged
(who owns a wording, whether a source exists) is checked in `bot.content`, where file and line
are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.core.feedback import Feedback, Sending
from bot.core.record import Record, Sentence, Text, readable

MESSAGE_LIMIT: Final = 4_000
"""Characters Discord shows in all text displays of one message (Components V2)."""
BUTTON_LIMIT: Final = 80
"""Characters on a button."""

_MOST_OFFERED: Final = 8
_UNSAFE_IN_A_LINK: Final = str.maketrans({c: f"%{ord(c):02X}" for c in "()<>\\"})
"""What would end a link in a message too early → how an address may write it instead."""
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def _iso_day(value: object) -> object:
    # A number would be read as seconds since 1970.
    if isinstance(value, str) and not _ISO_DAY.fullmatch(value.strip()):
        raise PydanticCustomError("date_from_datetime_parsing", "not a day")
    return value


Slug: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
]
ClaimId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^A\d\d$")]
Phrasing: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(readable),
]

ButtonLabel: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=BUTTON_LIMIT),
    AfterValidator(readable),
]

CountryCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Day: TypeAlias = Annotated[date, BeforeValidator(_iso_day)]
Pattern: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=900)
]


class Advice(StrEnum):
    """How likely a reader is to act on an answer."""

    NONE = "none"
    LOW = "low"
    MED = "med"
    HIGH = "high"


class Source(Record):
    """One publication or page that answers rest on. It has a DOI, an address, or both."""

    id: Slug
    authors: Text
    title: Text
    journal: Text
    year: Annotated[int, Field(ge=1900, le=2100)] | Literal["undated"]
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>…]+$")] | None = None
    kind: Slug

    @property
    def link(self) -> str:
        """The address a reader can open, wherever it is written: the DOI's if there is one."""
        address = f"https://doi.org/{self.doi}" if self.doi else str(self.url)
        return address.translate(_UNSAFE_IN_A_LINK)

    @property
    def line(self) -> str:
        """Who, where and when, in one line without the link."""
        when = "no date" if self.year == "undated" else str(self.year)
        who = self.authors if self.authors == self.journal else f"{self.authors}, {self.journal}"
        return f"{who}, {when}"


class Entry(Record):
    """One question that the FAQ answers."""

    id: Slug
    topic: Slug
    question: Phrasing
    also_asked: Annotated[tuple[Phrasing, ...], Field(min_length=8, max_length=400)]
    evidence: Slug
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    claims: tuple[ClaimId, ...]
    advice: Advice
    related: Annotated[tuple[Slug, ...], Field(max_length=_MOST_OFFERED)]
    reviewed: Day
    answer: Text

    @property
    def short(self) -> str:
        """The first paragraph of the answer: one or two plain sentences."""
        return self.answer.split("\n\n", 1)[0].strip()

    @property
    def detail(self) -> str:
        """What follows the first paragraph; empty if nothing does."""
        return self.answer.partition("\n\n")[2].strip()

    def wordings(self) -> Iterator[str]:
        """Yield every wording that asks for this entry, the headline first."""
        yield self.question
        yield from self.also_asked


class Words(Record):
    """What the matcher knows of the language its members use (`words.yaml`)."""

    short_forms: Mapping[str, str]
    """What people type → what it stands for ("can't" → "can not")."""
    same_meaning: Mapping[str, tuple[Phrasing, ...]]
    """A name → the words and phrases that mean the same as each other."""
    change_the_answer: Mapping[str, tuple[Phrasing, ...]]
    """A name → words that make it another question when only one side has them."""
    other_subjects: Mapping[str, tuple[Phrasing, ...]]
    """A name → other medicines, diseases and treatments, each with its names."""
    small_words: tuple[Phrasing, ...]
    """Words that carry no subject ("the", "please"); never counted as content."""
    subjects: tuple[str, ...]
    """Names of `same_meaning` groups that a question can be about, the narrowest first."""


class FixedText(Record):
    """A reply that is no entry: its words, and what they rest on."""

    title: Text
    text: Text
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    evidence: Slug
    reviewed: Day
    offer: Annotated[tuple[Slug, ...], Field(max_length=_MOST_OFFERED)] = ()


class Wording(Record):
    """The sentences that every reply shares (`wording.yaml`)."""

    disclaimer: Text
    evidence: Mapping[str, Text]
    source_kinds: Mapping[str, Text]
    choices: FixedText
    declined: FixedText
    guarded: FixedText
    none_of_these: ButtonLabel


class Notes(Record):
    """One sentence each, for when there is no answer to show."""

    busy: Sentence
    """A member, or a channel, asked more than the bot answers in so short a time."""
    failed: Sentence
    """Something broke; the number of the failure is shown below it."""
    gone: Sentence
    """A button leads to an entry that is no longer in the FAQ."""
    nothing_to_read: Sentence
    """A message without words was to be answered."""
    outdated: Sentence
    """A command or button of another version of the bot was used."""
    elsewhere: Sentence
    """The answer comes as a direct message, since the bot may not write where it was asked."""
    just_answered: Sentence
    """The server wants no answer twice in so short a time; where it stands is told after this."""


class Talk(Record):
    """What the bot says in Discord around its answers (`discord.yaml`)."""

    starters: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=25)]
    """The entries that are offered before a member has typed anything."""
    topics: Annotated[Mapping[str, ButtonLabel], Field(max_length=25)]
    """A folder under `entries/` → its name for members."""
    browse: FixedText
    """What stands above the menus of topics and of their questions."""
    sources: FixedText
    """What stands above the list of all sources."""
    help: FixedText
    about: FixedText
    privacy: FixedText
    countries: Annotated[Mapping[CountryCode, ButtonLabel], Field(max_length=24)] = {}
    """Two letters → the country's name in the lists of help lines, for servers to put it first."""
    feedback: Feedback
    sending: Sending
    notes: Notes


class Harm(StrEnum):
    """What kind of screening rule it is, the gravest first."""

    CRISIS = "crisis"
    URGENT = "urgent"
    ADVICE = "advice"


class Rule(Record):
    """One kind of danger: the phrases that tell of it, and what they must and must not match."""

    id: Slug
    harm: Harm
    phrases: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    certain: tuple[Pattern, ...] = ()
    """Phrases so plain that they raise the alarm whatever `unless` and the examples say."""
    unless: tuple[Pattern, ...] = ()
    harmless: tuple[Pattern, ...] = ()
    """What a short message says that means no harm, where the examples alone raise the alarm."""
    about: tuple[Pattern, ...] = ()
    """What makes this rule's reply the fitting one where only the examples raised the alarm."""
    reply: FixedText | None = None
    matches: Annotated[tuple[Text, ...], Field(min_length=3)]
    must_not_match: Annotated[tuple[Text, ...], Field(min_length=3)]


class Lists(Record):
    """Words of one kind each, under a name that the phrases of rules call them by."""

    lists: Mapping[str, tuple[Phrasing, ...]]


class Screening(Lists):
    """Every danger the bot looks for before it looks anything up."""

    lists: Mapping[str, tuple[Phrasing, ...]] = {}
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class Kind(StrEnum):
    """What the texts of one file under `examples/` are."""

    URGENT = "urgent"
    CRISIS = "crisis"
    GUARD = "guard"
    CALM = "calm"
    GENERAL = "general"

    @property
    def harm(self) -> Harm | None:
        """The harm they tell of; None for the harmless ones."""
        return {"urgent": Harm.URGENT, "crisis": Harm.CRISIS, "guard": Harm.ADVICE}.get(self.value)


class Examples(Record):
    """Texts from which the screening learns what danger reads like, and what only looks so."""

    kind: Kind
    texts: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1)], ...], Field(min_length=1)
    ]


class Calibration(Record):
    """Numbers fitted on the tuning cases by `msfaq calibrate`; see `bot.core.calibration`."""

    faq: str
    """Hash of the FAQ the numbers were fitted on."""
    right: Annotated[tuple[float, ...], Field(min_length=14, max_length=14)]
    """Logistic weights of "this candidate is right", see `bot.core.calibration.Signs.row`."""
    answer_at: Annotated[float, Field(ge=0, le=1)]
    """The confidence from which on an entry is shown as the answer."""
    offer_at: Annotated[float, Field(ge=0, le=1)]
    """The summed confidence of the first four from which on they are offered as choices."""
    danger_at: Annotated[float, Field(ge=0, le=1)]
    """How likely danger must be to raise an alarm that no phrase raises."""
    danger_with_phrase: Annotated[float, Field(ge=0, le=1)]
    """How likely danger must be for a matching phrase to raise the alarm."""
    advice_at: Annotated[float, Field(ge=0, le=1)]
    """The same two for requests for a decision about a person."""
    advice_with_phrase: Annotated[float, Field(ge=0, le=1)]


class Faq(Record):
    """Everything the bot may say, and everything it knows about questions."""

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    words: Words
    wording: Wording
    talk: Talk
    screening: Screening
    claims: Mapping[str, Text]
    calibration: Calibration
    ordinary_words: frozenset[str] = frozenset()
    """English words that are no misspelling of a word of the FAQ."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry with this id, or None if there is none (any more)."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def with_calibration(self, calibration: Calibration) -> Self:
        """Return the same FAQ with other numbers for the decision."""
        return self.model_copy(update={"calibration": calibration})
