"""The small language in which moderators write what danger sounds like.

    can not ... (breathe|swallow)      up to four words may stand where the dots are
    {someone} took {number} pills      a name in braces is one of the words of that list
    [really] high fever                what stands in brackets may be missing
    {fever} & {transplant}             both, in any order, within some 30 words
    ^ does hsct                        only at the beginning of the message
    thoughts $                         only at the end of the message

Words are compared by their stems, after short forms were opened and spelling was repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final, TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

_PART = re.compile(r"\{[^{}]*\}|\([^()]*\)|\[[^\[\]]*\]|\.\.\.|\^|\$|[^\s{}()\[\]]+")
_GAP: Final = 4
_REACH: Final = 30
"""Words within which all parts of a phrase with & must stand."""
_MOST_PLACES: Final = 8
_NAMES_TOLD: Final = 3
_HEAD: Final = 2
"""Stems that runs are looked up by: of those that begin with "my", few go on with "wife"."""
Stems: TypeAlias = tuple[str, ...]
Stemmer: TypeAlias = Callable[[str], Stems]


class PhraseError(Exception):
    """A phrase cannot be read: what is wrong, what to write, and where it stands."""

    def __init__(self, what: str, instead: str, place: tuple[str | int, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead
        self.place = place


class Said:
    """A message as phrases look for it: its stems, and where each stands, as bits of a number.

    One integer holds a place for each word, so that whether the parts of a phrase can follow one
    another at all is a few shifts; only a phrase that can is then searched for its place.
    """

    def __init__(self, stems: Sequence[str]) -> None:
        self.stems = tuple(stems)
        self.end = 1 << len(self.stems)
        self._begin: dict[Stems, int] = {}
        for place, stem in enumerate(self.stems):
            self._begin[stem,] = self._begin.get((stem,), 0) | 1 << place
        for place, pair in enumerate(pairwise(self.stems)):
            self._begin[pair] = self._begin.get(pair, 0) | 1 << place
        self.heads = frozenset(self._begin)
        """What the runs that stand here can begin with; see `head`."""
        self._runs: dict[_Choice, tuple[tuple[int, int], ...]] = {}

    def has(self, run: Stems) -> bool:
        """Return whether `run` stands somewhere."""
        return run in self.heads or (len(run) > _HEAD and self._begun(run) > 0)

    def after(self, choice: _Choice, places: int) -> int:
        """Return where a message goes on after `choice`, begun at one of `places`."""
        found = places if choice.optional else 0
        for length, starts in self._starts(choice):
            found |= (starts & places) << length
        return found

    def _starts(self, choice: _Choice) -> tuple[tuple[int, int], ...]:
        starts = self._runs.get(choice)
        if starts is None:
            by_length: dict[int, int] = {}
            for first in self.heads & choice.heads:
                for run in choice.by_head[first]:
                    bits = self._begin[run] if run == first else self._begun(run)
                    if bits:
                        by_length[len(run)] = by_length.get(len(run), 0) | bits
            starts = self._runs[choice] = tuple(by_length.items())
        return starts

    def _begun(self, run: Stems) -> int:
        """Return the places where `run` begins."""
        starts = self._begin.get(head(run), 0)
        for place, stem in enumerate(run[_HEAD:], start=_HEAD):
            starts &= self._begin.get((stem,), 0) >> place
        return starts


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """One of several runs of stems; may be missing if `optional`."""

    runs: Mapping[str, tuple[Stems, ...]]
    """First stem → the runs that begin with it, the longest first."""
    by_head: Mapping[Stems, tuple[Stems, ...]]
    """The same by `head`."""
    heads: frozenset[Stems]
    optional: bool

    def ends(self, stems: Stems, at: int) -> Iterator[int]:
        if at < len(stems):
            for run in self.runs.get(stems[at], ()):
                if stems[at : at + len(run)] == run:
                    yield at + len(run)
        if self.optional:
            yield at


@dataclass(frozen=True, slots=True)
class _Sequence:
    """Parts in their order; None is a gap of up to four words."""

    parts: tuple[_Choice | None, ...]
    at_start: bool
    at_end: bool

    def can_stand(self, said: Said) -> bool:
        """Return whether the parts follow one another somewhere."""
        places = 1 if self.at_start else 2 * said.end - 1
        for part in self.parts:
            if part is None:
                for _ in range(_GAP):
                    places |= places << 1
                places &= 2 * said.end - 1
            else:
                places = said.after(part, places)
            if not places:
                return False
        return not self.at_end or bool(places & said.end)

    def places(self, stems: Stems) -> Iterator[tuple[int, int]]:
        first = self.parts[0]
        starts: Iterable[int] = range(min(1, len(stems)) if self.at_start else len(stems))
        if first is not None and not first.optional:
            runs = first.runs
            starts = [at for at in starts if stems[at] in runs]
        # What failed once from a place fails again: without it, gaps would be tried
        # exponentially often.
        failed: set[tuple[int, int]] = set()
        for start in starts:
            end = self._match(stems, start, 0, failed)
            if end is not None and end > start:
                yield start, end

    def _match(self, stems: Stems, at: int, part: int, failed: set[tuple[int, int]]) -> int | None:
        if part == len(self.parts):
            return at if not self.at_end or at == len(stems) else None
        if (at, part) in failed:
            return None
        choice = self.parts[part]
        if choice is None:
            tries: Iterator[int] = iter(range(at, min(at + _GAP, len(stems)) + 1))
        else:
            tries = choice.ends(stems, at)
        for end in tries:
            matched = self._match(stems, end, part + 1, failed)
            if matched is not None:
                return matched
        failed.add((at, part))
        return None

    def needs(self) -> Iterator[_Choice]:
        """Yield the parts that must stand in a text for it to match at all."""
        for part in self.parts:
            if part is not None and not part.optional:
                yield part


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, ready to be looked for."""

    text: str
    sequences: tuple[_Sequence, ...]
    needs: tuple[_Choice, ...]

    def find(self, said: Said) -> tuple[int, int] | None:
        """Return where the phrase stands in a message (from, to), or None."""
        if not all(sequence.can_stand(said) for sequence in self.sequences):
            return None
        stems = said.stems
        spans = [next(self.sequences[0].places(stems), None)]
        if len(self.sequences) > 1:
            spans = list(islice(self.sequences[0].places(stems), _MOST_PLACES))
        for sequence in self.sequences[1:]:
            found = list(islice(sequence.places(stems), _MOST_PLACES))
            joined = (_joined(span, place) for span in spans if span for place in found)
            spans = [span for span in joined if span[1] - span[0] <= _REACH][:_MOST_PLACES]
        return spans[0] if spans else None


class PhraseIndex:
    """Many phrases, of which a text needs only the few that could match to be searched."""

    def __init__(self, phrases: Iterable[tuple[Phrase, int]]) -> None:
        """Index phrases, each with a number that `find` gives back."""
        self._by_head: dict[Stems, list[tuple[int, int, Phrase, int]]] = {}
        self._bits: dict[Stems, int] = {}
        bit_of: dict[_Choice, int] = {}
        for place, (phrase, number) in enumerate(phrases):
            needs = 0
            for need in phrase.needs:
                needs |= bit_of.setdefault(need, 1 << len(bit_of))
            for first in min((need.heads for need in phrase.needs), key=len):
                self._by_head.setdefault(first, []).append((place, needs, phrase, number))
        for need, bit in bit_of.items():
            for first in need.heads:
                self._bits[first] = self._bits.get(first, 0) | bit
        self._heads = frozenset(self._bits)

    def find(self, said: Said) -> dict[int, tuple[int, int]]:
        """Return for each number of a phrase found in a message where its first phrase stands."""
        # One bit for each thing a phrase may need: of a long message's hundred phrases whose
        # shortest need is there, some fifteen have all they need, and only those are searched.
        there = 0
        heads = said.heads & self._heads
        for first in heads:
            there |= self._bits[first]
        possible = {
            place: (phrase, number)
            for first in heads
            for place, needs, phrase, number in self._by_head.get(first, ())
            if needs & there == needs
        }
        found: dict[int, tuple[int, int]] = {}
        for place in sorted(possible):
            phrase, number = possible[place]
            if number not in found:
                where = phrase.find(said)
                if where is not None:
                    found[number] = where
        return found


def head(run: Stems) -> Stems:
    """Return what of a run of stems is looked up: its first two, or its only one."""
    return run[:_HEAD]


def _joined(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def vocabulary(text: str) -> str:
    """Return the plain words of a phrase, without its signs and names of lists."""
    return re.sub(r"\{[^{}]*\}|[()\[\]|^$&]|\.\.\.", " ", text)


def parse(text: str, lists: Mapping[str, Sequence[Stems]], stem: Stemmer) -> Phrase:
    """Read a phrase. `lists` are the named lists, already stemmed; `stem` stems a few words.

    Raises:
        PhraseError: for an unknown list, an unclosed bracket, or a phrase without words.

    """
    sequences = tuple(_sequence(part, lists, stem) for part in text.split("&"))
    needs = tuple(need for sequence in sequences for need in sequence.needs())
    if not needs:
        raise PhraseError(f"the phrase “{text}” has no word that must be there", "add one")
    return Phrase(text, sequences, needs)


def _sequence(text: str, lists: Mapping[str, Sequence[Stems]], stem: Stemmer) -> _Sequence:
    parts: list[_Choice | None] = []
    at_start = at_end = False
    rest = text.strip()
    if _PART.sub("", rest).strip():
        raise PhraseError(f"a bracket is not closed in “{text.strip()}”", "close it")
    for piece in _PART.findall(rest):
        if piece == "^":
            at_start = True
        elif piece == "$":
            at_end = True
        elif piece == "...":
            parts.append(None)
        elif piece.startswith("{"):
            parts.append(_choice(tuple(_listed(piece, lists)), optional=False))
        elif piece.startswith(("(", "[")):
            runs = [run for word in piece[1:-1].split("|") for run in _runs(word, lists, stem)]
            parts.append(_choice(tuple(runs), optional=piece.startswith("[")))
        else:
            parts.extend(_choice(((one,),), optional=False) for one in stem(piece))
    if not parts or all(part is None for part in parts):
        raise PhraseError(f"“{text.strip()}” holds no words", "write the words to look for")
    return _Sequence(tuple(parts), at_start, at_end)


def _runs(word: str, lists: Mapping[str, Sequence[Stems]], stem: Stemmer) -> Sequence[Stems]:
    word = word.strip()
    return _listed(word, lists) if word.startswith("{") else [stem(word)]


def _listed(piece: str, lists: Mapping[str, Sequence[Stems]]) -> Sequence[Stems]:
    name = piece[1:-1].strip()
    if name not in lists:
        near = process.extract(name, sorted(lists), scorer=OSA.distance, limit=_NAMES_TOLD)
        told = " or ".join(f"`{known}`" for known, *_ in near)
        instead = f"correct the name, to {told} perhaps, or add a list of that name"
        raise PhraseError(f"there is no list `{name}`", instead if near else "add the list")
    return lists[name]


@lru_cache(maxsize=10_000)
def _choice(runs: tuple[Stems, ...], *, optional: bool) -> _Choice:
    # The same words make the same choice, whose places in a message are then found once.
    by_first: dict[str, list[Stems]] = {}
    by_head: dict[Stems, list[Stems]] = {}
    for run in sorted(set(runs), key=len, reverse=True):
        if run:
            by_first.setdefault(run[0], []).append(run)
            by_head.setdefault(head(run), []).append(run)
    if not by_first:
        raise PhraseError("a pair of brackets holds no words", "write words between them")
    return _Choice(
        {first: tuple(found) for first, found in by_first.items()},
        {first: tuple(found) for first, found in by_head.items()},
        frozenset(by_head),
        optional,
    )
