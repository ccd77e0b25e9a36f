"""Which entries a question may mean: best first, each with how sure that is and because of what."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bot.core.calibration import Signs, confidence
from bot.core.features import Nearness, Weigher
from bot.core.fitting import SCALE, NameFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.core.faq import Entry, Faq
    from bot.core.features import Floats, Ints
    from bot.core.fitting import Index
    from bot.core.lexicon import Lexicon, Reading, Term

_Entries: TypeAlias = frozenset[int]
_Known: TypeAlias = tuple[float, _Entries, _Entries]

_SHOWN: Final = 5
_REMEMBERED: Final = 10_000
"""Words whose entries are kept at hand."""
_MOST_PARTS: Final = 2
_FOLLOW_UP_WORDS: Final = 9
_SHORTEST_PART: Final = 8
_PARTS_TO_SPLIT: Final = 2
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]?")
_ASKS = r"(?:what|how|is|are|do|does|can|where|when|who|why|which|will|would|has|was|did)\b"
# What it can begin with stands in front: it is tried at every character (a third of the time).
_JOINED = re.compile(rf"(?=[,aApPbB])(?:,|\b(?:and|also|plus|btw)\b)+\s*(?={_ASKS})", re.IGNORECASE)
_BEGINS_ASKING = re.compile(rf"\s*{_ASKS}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Because:
    """Why an entry was found, so that a moderator can see it."""

    wording: str
    """The nearest wording of the entry."""
    words: tuple[str, ...]
    """The words of the question that counted for the entry, the strongest first."""
    repaired: tuple[tuple[str, str], ...]
    """What was typed, and what it was taken for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a question may mean."""

    entry: Entry
    score: float
    """Likeness to the entry as a whole; comparable within one ranking only."""
    confidence: float
    """How likely it is that this entry answers the question, 0 to 1, calibrated on cases."""
    blocked_by: tuple[str, ...]
    """Other subjects, and words that change the answer, that the entry does not speak of."""
    signs: Signs
    explain: Callable[[], Because] = field(repr=False, compare=False)

    @property
    def because(self) -> Because:
        """Why it was found; worked out only when somebody asks."""
        return self.explain()


@dataclass(frozen=True, slots=True)
class _View:
    """The message, or a part of it, with its scores against every entry."""

    reading: Reading
    numbers: Ints
    values: Floats
    scores: Floats
    chances: Floats


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a reading asks about: the same for every entry it is held against."""

    known: Sequence[_Known]
    """For each content word its weight, the entries that ask, and ask or tell, of it."""
    total: float
    in_faq: float
    length: float
    foreign: float
    subjects: Sequence[int]
    """Which of the FAQ's subjects it names."""
    names: set[str]
    """What it names that an entry must speak of."""


class Matcher:
    """Ranks the entries of one FAQ. Reads nothing, keeps nothing but its index."""

    def __init__(self, faq: Faq, lexicon: Lexicon, index: Index) -> None:
        self._faq = faq
        self._lexicon = lexicon
        self._index = index
        self._weights = faq.calibration.right
        self._marks = NameFinder(faq, lexicon)
        self._weigher = Weigher(index.rarity)
        self._remembered: dict[str, _Known] = {}
        self._wordings = [wording for entry in faq.entries for wording in entry.wordings()]
        lengths = [1 + len(entry.also_asked) for entry in faq.entries]
        self._first: list[int] = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        self._nearness = Nearness(index.wordings, lengths)
        self._entry_numbers = {entry.id: number for number, entry in enumerate(faq.entries)}
        self._subjects = tuple(f"={name}" for name in faq.words.subjects)
        shares = [index.subjects[number] for number in range(len(faq.entries))]
        self._shares = [(one.tolist(), min(1.0, float(one.sum()))) for one in shares]

    def rank(self, question: str, context: str | None = None) -> tuple[Candidate, ...]:
        """Return up to five entries that `question` may mean, best first; none for no words.

        `context` is the id of the entry shown just before: a short question that names no
        subject of its own ("and how risky is it?") is read as one about that entry's subject.
        """
        return self.rank_reading(question, self._lexicon.read(question), context)

    def rank_reading(
        self, question: str, reading: Reading, context: str | None = None
    ) -> tuple[Candidate, ...]:
        """Return the same as `rank` for a question that was read already."""
        if context is not None:
            reading = self._with_context(reading, context)
        best: dict[str, Candidate] = {}
        for part in self._parts(question, reading):
            for candidate in self._candidates(part):
                held = best.get(candidate.entry.id)
                if held is None or candidate.confidence > held.confidence:
                    best[candidate.entry.id] = candidate
        ordered = sorted(best.values(), key=lambda c: (-c.confidence, -c.score, c.entry.id))
        return tuple(ordered[:_SHOWN])

    def nearest(self, typed: str, most: int) -> tuple[Entry, ...]:
        """Return up to `most` entries that `typed`, perhaps half a question, is like, best first.

        For suggestions while somebody types: nothing is said about whether any of them answers.
        """
        reading = self._lexicon.read(typed)
        if not reading.terms or not self._faq.entries:
            return ()
        scores = self._view(reading).scores
        order: list[int] = np.argsort(-scores, kind="stable")[:most].tolist()
        return tuple(self._faq.entries[number] for number in order if scores[number] > 0)

    def _with_context(self, reading: Reading, context: str) -> Reading:
        number = self._entry_numbers.get(context)
        own = {term.feature for term in reading.terms}
        if (
            number is None
            or len(reading.words) > _FOLLOW_UP_WORDS
            or any(subject in own for subject in self._subjects)
            or self._marks.names(reading)
        ):
            return reading
        subject = self._subject(number)
        return self._lexicon.read(f"{subject} {' '.join(reading.words)}") if subject else reading

    def _subject(self, number: int) -> str:
        """Return the subject that most wordings of an entry name; empty if none names any."""
        shares = self._index.subjects[number]
        if not shares.any():
            return ""
        return self._name(self._subjects[int(shares.argmax())])

    def _parts(self, question: str, reading: Reading) -> Iterator[Reading]:
        yield reading
        sentences = [
            part
            for sentence in _SENTENCE.findall(question)
            for part in _JOINED.split(sentence)
            if len(part) > _SHORTEST_PART
        ]
        if len(sentences) < _PARTS_TO_SPLIT:
            return
        # Where something is asked, the rest of a long message is the story around it.
        asking = [part for part in sentences if _asks(part)]
        for sentence in (asking or sentences)[-_MOST_PARTS:]:
            part = self._about(self._lexicon.read(sentence), reading)
            if sum(not term.small for term in part.terms) > 1:
                yield part

    def _about(self, part: Reading, whole: Reading) -> Reading:
        """Return `part` as being about what the whole message is about, if it names nothing."""
        named = {term.feature for term in whole.terms}.intersection(self._subjects)
        if len(named) != 1 or any(term.feature in self._subjects for term in part.terms):
            return part
        [subject] = named
        return self._lexicon.read(f"{self._name(subject)} {' '.join(part.words)}")

    def _name(self, subject: str) -> str:
        return self._faq.words.same_meaning[subject.removeprefix("=")][0]

    def _view(self, reading: Reading) -> _View:
        numbers, values = self._weigher.vector(reading)
        scores = self._index.entries.scores(numbers, values)
        chances = np.exp(SCALE * (scores - scores.max())) if len(scores) else scores
        return _View(reading, numbers, values, scores, chances / max(chances.sum(), 1e-9))

    def _candidates(self, reading: Reading) -> Iterator[Candidate]:
        content = [term for term in reading.terms if not term.small]
        if not reading.terms or not self._faq.entries:
            return
        view = self._view(reading)
        whole = self._nearness.spread(view.numbers, view.values)
        asked = self._asked(reading, content)
        order: list[int] = np.argsort(-view.scores, kind="stable")[: _SHOWN + 1].tolist()
        for place, number in enumerate(order[:_SHOWN]):
            rival = float(view.scores[order[1 if place == 0 else 0]]) if len(order) > 1 else 0.0
            blocked = asked.names - self._index.names[number]
            nearest = float(self._nearness.scores(whole, number).max())
            signs = self._signs(view, (number, rival, nearest), asked, blocked)
            yield Candidate(
                entry=self._faq.entries[number],
                score=round(signs.score, 4),
                confidence=confidence(self._weights, signs),
                blocked_by=tuple(sorted(blocked)),
                signs=signs,
                explain=partial(self._because, view, number, content),
            )

    def _asked(self, reading: Reading, content: Sequence[Term]) -> _Asked:
        known = [self._known(term.feature) for term in content]
        total = sum(weight for weight, _, _ in known) or 1.0
        named = {term.feature for term in reading.terms}
        return _Asked(
            known,
            total,
            in_faq=sum(weight for weight, _, either in known if either) / total,
            length=math.log1p(len(content)),
            foreign=sum(not term.plain for term in reading.terms) / len(reading.terms),
            subjects=[place for place, s in enumerate(self._subjects) if s in named],
            names=self._marks.names(reading),
        )

    def _known(self, feature: str) -> _Known:
        found = self._remembered.get(feature)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            asking, telling = self._entries_with(feature)
            found = self._index.rarity.weight(feature), asking, asking | telling
            self._remembered[feature] = found
        return found

    def _entries_with(self, feature: str) -> tuple[_Entries, _Entries]:
        """Return the entries whose wordings, and whose answers, have a feature."""
        number = self._index.rarity.numbers.get(feature)
        if number is None:
            return frozenset(), frozenset()
        asking = self._index.owners[self._index.wordings.having(number)]
        return frozenset(asking.tolist()), frozenset(self._index.answers.having(number).tolist())

    def _signs(
        self,
        view: _View,
        found: tuple[int, float, float],
        asked: _Asked,
        blocked: set[str],
    ) -> Signs:
        number, rival, nearest = found
        score = float(view.scores[number])
        by_wordings = in_all = 0.0
        for weight, asking, either in asked.known:
            if number in either:
                in_all += weight
                if number in asking:
                    by_wordings += weight
        return Signs(
            score=score,
            lead=score - rival,
            chance=float(view.chances[number]),
            nearest=nearest,
            asked=by_wordings / asked.total,
            told=in_all / asked.total,
            in_faq=asked.in_faq,
            length=asked.length,
            apart=self._apart(number, asked),
            foreign=asked.foreign,
            blocked=float(bool(blocked)),
            unspoken=float(bool(blocked - self._index.answer_names[number])),
        )

    def _apart(self, number: int, asked: _Asked) -> float:
        shares, together = self._shares[number]
        if any(shares[subject] > 0 for subject in asked.subjects):
            return 0.0
        return 1.0 if asked.subjects else together

    def _because(self, view: _View, number: int, content: Sequence[Term]) -> Because:
        whole = self._nearness.spread(view.numbers, view.values)
        near = self._nearness.scores(whole, number)
        nearest = self._wordings[self._first[number] + int(near.argmax())]
        counted: dict[str, float] = {}
        for term in content:
            feature = self._index.rarity.numbers.get(term.feature)
            if feature is not None:
                one = np.array([feature], dtype=np.int32)
                value = view.values[view.numbers == feature]
                gain = float(self._index.entries.scores(one, value)[number])
                if gain > 0:
                    counted[term.shown] = gain
        words = sorted(counted, key=lambda word: -counted[word])
        return Because(nearest, tuple(words[:_SHOWN]), view.reading.repairs)


def _asks(part: str) -> bool:
    return part.rstrip().endswith("?") or _BEGINS_ASKING.match(part) is not None
