"""A question → what kind of reply it deserves → the reply.

The order is the design: danger is looked for before any candidate is read, then requests for a
decision about a person, and only then whether an entry answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from pydantic import computed_field, field_validator

from bot.core.faq import Entry, FixedText, Harm, Record, Text
from bot.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.faq import Calibration, Faq
    from bot.core.lexicon import Lexicon, Reading
    from bot.core.matcher import Candidate, Matcher
    from bot.core.screening import Alarm, Screener

MOST_CHOICES: Final = 4
_MOST_OFFERED: Final = 3
_SECOND_ANSWER: Final = 0.6
"""Two entries that are each more likely right than not answer two questions in one message."""
_LEAST_CHOICE: Final = 0.03
"""An entry less likely than this is not offered beside a likelier one."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """Somebody may be in danger; the fixed text of the rule comes first."""

    alarm: Alarm

    @property
    def is_crisis(self) -> bool:
        """Whether it is about suicide or self-harm."""
        return self.alarm.rule.harm is Harm.CRISIS


@dataclass(frozen=True, slots=True)
class Guarded:
    """A decision about a person is asked for; general entries may be offered."""

    alarm: Alarm
    offered: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """One entry is clearly meant."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Choices:
    """Two to four entries are close."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing fits, or the question names what the FAQ does not speak of."""


Outcome: TypeAlias = Urgent | Guarded | Answered | Choices | Declined


class Cited(Record):
    """A source as a reader sees it."""

    title: Text
    line: Text
    """Who, where and when."""
    link: Text
    kind: Text

    @computed_field
    @property
    def text(self) -> str:
        """The title, and who, where and when."""
        return f"{self.title} ({self.line})"


class Choice(Record):
    """An entry as it is offered: its id, and its question."""

    entry: Text
    question: Text


class Reply(Record):
    """What a member reads. One without source, evidence, review date or disclaimer cannot be."""

    title: Text
    body: Text
    sources: tuple[Cited, ...]
    evidence: Text
    reviewed: date
    disclaimer: Text
    choices: tuple[Choice, ...] = ()

    @field_validator("sources")
    @classmethod
    def _has_a_source(cls, sources: tuple[Cited, ...]) -> tuple[Cited, ...]:
        if not sources:
            raise ValueError("a reply names at least one source")
        return sources


@dataclass(frozen=True, slots=True)
class Considered:
    """A question that was dealt with: what came of it, and everything that led there."""

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    alarms: tuple[Alarm, ...]
    reply: Reply

    @property
    def confidence(self) -> float:
        """How sure the bot is of the first candidate, 0 to 1; 0 if there is none."""
        return self.candidates[0].confidence if self.candidates else 0.0


class Answerer:
    """Answers questions from one FAQ."""

    def __init__(self, faq: Faq, lexicon: Lexicon, screener: Screener, matcher: Matcher) -> None:
        self._faq = faq
        self._lexicon = lexicon
        self._screener = screener
        self._matcher = matcher
        self._ids = {entry.id: entry for entry in faq.entries}
        self._replies: dict[str, Reply] = {}
        self._titles = {fold(entry.question): entry for entry in faq.entries}

    def named(self, text: str) -> Entry | None:
        """Return the entry whose id or question `text` is, or None if it is neither."""
        return self._ids.get(text.strip()) or self._titles.get(fold(text).strip())

    def read(self, question: str) -> Reading:
        """Return how the bot understands the words of `question`."""
        return self._lexicon.read(question)

    def consider(
        self, question: str, context: str | None = None, *, whole: bool = True
    ) -> Considered:
        """Return what `question` deserves; `context` is the id of the entry shown before.

        Unless `whole`, no entries are looked up where danger is heard: the reply is the same, and
        there are no candidates.
        """
        reading = self.read(question)
        alarms = self._screener.screen_reading(reading)
        looked_up = whole or not any(alarm.is_danger for alarm in alarms)
        candidates = self._matcher.rank_reading(question, reading, context) if looked_up else ()
        outcome = decide(alarms, candidates, self._faq.calibration)
        return Considered(outcome, candidates, alarms, self._reply(outcome))

    def _reply(self, outcome: Outcome) -> Reply:
        """Return the reply to `outcome`; one that is always the same is made once."""
        match outcome:
            case Answered(entry):
                key = entry.id
            case Urgent(alarm):
                key = f"rule {alarm.rule.id}"
            case Declined():
                key = ""
            case _:
                return reply(outcome, self._faq)
        if key not in self._replies:
            self._replies[key] = reply(outcome, self._faq)
        return self._replies[key]

    def show(self, entry_id: str) -> Reply | None:
        """Return the reply that shows one entry, or None if there is no such entry."""
        entry = self._faq.entry(entry_id)
        return None if entry is None else reply(Answered(entry), self._faq)

    def decline(self) -> Reply:
        """Return the reply to a question that no entry answers."""
        return reply(Declined(), self._faq)

    def page(self, text: FixedText) -> Reply:
        """Return the reply that shows a fixed text, such as the help."""
        return _fixed(text, _entries(self._faq, text.offer), self._faq)


def decide(
    alarms: Sequence[Alarm], candidates: Sequence[Candidate], calibration: Calibration
) -> Outcome:
    """Decide what a question deserves. Danger comes before anything else."""
    for alarm in alarms:
        if alarm.is_danger:
            return Urgent(alarm)
    likely = [c.entry for c in candidates if c.confidence >= _LEAST_CHOICE]
    if alarms:
        return Guarded(alarms[0], tuple(likely[:_MOST_OFFERED]))
    if not candidates:
        return Declined()
    best = candidates[0]
    asks_two = len(candidates) > 1 and candidates[1].confidence >= _SECOND_ANSWER
    if best.confidence >= calibration.answer_at and not best.blocked_by and not asks_two:
        return Answered(best.entry)
    if sum(c.confidence for c in candidates[:MOST_CHOICES]) >= calibration.offer_at:
        offered = likely if len(likely) > 1 else [c.entry for c in candidates]
        if len(offered) > 1:
            return Choices(tuple(offered[:MOST_CHOICES]))
    return Declined()


def reply(outcome: Outcome, faq: Faq) -> Reply:
    """Return what a member reads for `outcome`."""
    match outcome:
        case Urgent(alarm):
            # Every rule but those about advice has a reply; `bot.content.rules` holds them to it.
            text = alarm.rule.reply or faq.wording.guarded
            return _fixed(text, _entries(faq, text.offer), faq)
        case Guarded(_, offered):
            return _fixed(faq.wording.guarded, offered, faq)
        case Answered(entry):
            return _answer(entry, faq)
        case Choices(entries):
            return _fixed(faq.wording.choices, entries, faq)
        case Declined():
            text = faq.wording.declined
            return _fixed(text, _entries(faq, text.offer), faq)
        case _:
            assert_never(outcome)


def _answer(entry: Entry, faq: Faq) -> Reply:
    return Reply(
        title=entry.question,
        body=entry.answer,
        sources=cited(entry.sources, faq),
        evidence=faq.wording.evidence[entry.evidence],
        reviewed=entry.reviewed,
        disclaimer=faq.wording.disclaimer,
        choices=_choices(_entries(faq, entry.related)),
    )


def _fixed(text: FixedText, offered: Sequence[Entry], faq: Faq) -> Reply:
    return Reply(
        title=text.title,
        body=text.text,
        sources=cited(text.sources, faq),
        evidence=faq.wording.evidence[text.evidence],
        reviewed=text.reviewed,
        disclaimer=faq.wording.disclaimer,
        choices=_choices(offered),
    )


def _entries(faq: Faq, ids: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in map(faq.entry, ids) if entry is not None)


def _choices(entries: Sequence[Entry]) -> tuple[Choice, ...]:
    return tuple(Choice(entry=entry.id, question=entry.question) for entry in entries)


def cited(ids: Iterable[str], faq: Faq) -> tuple[Cited, ...]:
    """Return the sources with these ids as a reader sees them."""
    sources = [faq.sources[source] for source in ids]
    return tuple(
        Cited(
            title=source.title,
            line=source.line,
            link=source.link,
            kind=faq.wording.source_kinds[source.kind],
        )
        for source in sources
    )
