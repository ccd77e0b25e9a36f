"""Which entries a question may mean: best first, each with how sure that is and because of what."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bot.core.calibration import Signs, confidence
from bot.core.features import blocks
from bot.core.fitting import SCALE, NameFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.core.faq import Entry, Faq
    from bot.core.features import Floats, Ints
    from bot.core.fitting import Index
    from bot.core.lexicon import Lexicon, Reading, Term

_Entries: TypeAlias = frozenset[int]

_SHOWN: Final = 5
_REMEMBERED: Final = 10_000
"""Words whose entries are kept at hand."""
_MOST_PARTS: Final = 2
_FOLLOW_UP_WORDS: Final = 9
_SHORTEST_PART: Final = 8
_PARTS_TO_SPLIT: Final = 2
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]?")
_ASKS = r"(?:what|how|is|are|do|does|can|where|when|who|why|which|will|would|has|was|did)\b"
_JOINED = re.compile(rf"(?:,|\band\b|\balso\b|\bplus\b|\bbtw\b)+\s*(?={_ASKS})", re.IGNORECASE)
_ASKING = re.compile(rf"\?\s*$|^\s*{_ASKS}", re.IGNORECASE)


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
    named: tuple[int, ...]
    """The places, in `words.yaml`, of the subjects it names."""
    foreign: float
    """Share of its words that are neither the FAQ's nor ordinary English."""


class Matcher:
    """Ranks the entries of one FAQ. Reads nothing, keeps nothing but its index."""

    def __init__(self, faq: Faq, lexicon: Lexicon, index: Index) -> None:
        self._faq = faq
        self._lexicon = lexicon
        self._index = index
        self._weights = faq.calibration.right
        self._marks = NameFinder(faq, lexicon)
        self._remembered: dict[int, tuple[_Entries, _Entries]] = {}
        self._wordings = [wording for entry in faq.entries for wording in entry.wordings()]
        lengths = [1 + len(entry.also_asked) for entry in faq.entries]
        self._first = np.concatenate([[0], np.cumsum(lengths)])
        self._entry_numbers = {entry.id: number for number, entry in enumerate(faq.entries)}
        self._subjects = tuple(f"={name}" for name in faq.words.subjects)

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
        subject = self._subject(self._faq.entries[number])
        return self._lexicon.read(f"{subject} {' '.join(reading.words)}") if subject else reading

    def _subject(self, entry: Entry) -> str:
        asked = [
            {term.feature for term in self._lexicon.plain_reading(wording).terms}
            for wording in entry.wordings()
        ]
        counts = {s: sum(s in features for features in asked) for s in self._subjects}
        subject = max(self._subjects, key=lambda s: counts[s], default="")
        if not subject or not counts[subject]:
            return ""
        return self._name(subject)

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
        asking = [part for part in sentences if _ASKING.search(part)]
        for sentence in (asking or sentences)[-_MOST_PARTS:]:
            part = self._about(self._lexicon.read(sentence), reading)
            if sum(not term.small for term in part.terms) > 1:
                yield part

    def _about(self, part: Reading, whole: Reading) -> Reading:
        """Return `part` as being about what the whole message is about, if it names nothing."""
        named = [s for s in self._subjects if any(term.feature == s for term in whole.terms)]
        if len(named) != 1 or any(term.feature in self._subjects for term in part.terms):
            return part
        return self._lexicon.read(f"{self._name(named[0])} {' '.join(part.words)}")

    def _name(self, subject: str) -> str:
        return self._faq.words.same_meaning[subject.removeprefix("=")][0]

    def _view(self, reading: Reading) -> _View:
        numbers, values = self._index.rarity.vector(blocks(reading))
        scores = self._index.entries.scores(numbers, values)
        chances = np.exp(SCALE * (scores - scores.max())) if len(scores) else scores
        features = {term.feature for term in reading.terms}
        named = tuple(place for place, s in enumerate(self._subjects) if s in features)
        foreign = sum(not term.plain for term in reading.terms) / max(len(reading.terms), 1)
        chances /= max(chances.sum(), 1e-9)
        return _View(reading, numbers, values, scores, chances, named, foreign)

    def _candidates(self, reading: Reading) -> Iterator[Candidate]:
        content = [term for term in reading.terms if not term.small]
        if not reading.terms or not self._faq.entries:
            return
        view = self._view(reading)
        near = self._index.wordings.scores(view.numbers, view.values)
        asked = self._marks.names(reading)
        order = np.argsort(-view.scores, kind="stable")[: _SHOWN + 1]
        known = self._known(content)
        numbers: list[int] = order[:_SHOWN].tolist()
        for place, number in enumerate(numbers):
            rival = view.scores[order[1 if place == 0 else 0]] if len(order) > 1 else 0.0
            blocked = asked - self._index.names[number]
            unspoken = bool(blocked - self._index.answer_names[number])
            signs = self._signs(
                view, near, (number, float(rival)), known, (bool(blocked), unspoken)
            )
            yield Candidate(
                entry=self._faq.entries[number],
                score=round(float(view.scores[number]), 4),
                confidence=confidence(self._weights, signs),
                blocked_by=tuple(sorted(blocked)),
                signs=signs,
                explain=partial(self._because, view, near, number, content),
            )

    def _known(self, content: Sequence[Term]) -> list[tuple[float, _Entries, _Entries]]:
        """Return for each content word its weight, the entries that ask, and ask or tell, of it."""
        rarity = self._index.rarity
        return [(rarity.weight(t.feature), *self._entries_with(t.feature)) for t in content]

    def _entries_with(self, feature: str) -> tuple[_Entries, _Entries]:
        number = self._index.rarity.numbers.get(feature)
        if number is None:
            return frozenset(), frozenset()
        found = self._remembered.get(number)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            asking = frozenset(self._index.owners[self._index.wordings.having(number)].tolist())
            found = asking, asking.union(self._index.answers.having(number).tolist())
            self._remembered[number] = found
        return found

    def _signs(
        self,
        view: _View,
        near: Floats,
        place: tuple[int, float],
        known: Sequence[tuple[float, _Entries, _Entries]],
        barred: tuple[bool, bool],
    ) -> Signs:
        number, rival = place
        total = asked = told = in_faq = 0.0
        for weight, asking, either in known:
            total += weight
            asked += weight if number in asking else 0.0
            told += weight if number in either else 0.0
            in_faq += weight if either else 0.0
        total = total or 1.0
        own = near[self._first[number] : self._first[number + 1]]
        score = float(view.scores[number])
        return Signs(
            score=score,
            lead=score - rival,
            chance=float(view.chances[number]),
            nearest=float(own.max(initial=0.0)),
            asked=asked / total,
            told=told / total,
            in_faq=in_faq / total,
            length=math.log1p(len(known)),
            apart=self._apart(number, view.named),
            foreign=view.foreign,
            blocked=float(barred[0]),
            unspoken=float(barred[1]),
        )

    def _apart(self, number: int, named: Sequence[int]) -> float:
        shares = self._index.subjects[number]
        if any(shares[place] > 0 for place in named):
            return 0.0
        return 1.0 if named else min(1.0, float(shares.sum()))

    def _because(self, view: _View, near: Floats, number: int, content: Sequence[Term]) -> Because:
        own = near[self._first[number] : self._first[number + 1]]
        nearest = self._wordings[int(self._first[number]) + int(own.argmax())]
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
