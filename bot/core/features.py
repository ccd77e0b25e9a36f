"""A reading as weighted features, and the postings that score them against many rows at once.

Three blocks, as measured in the design: words (with synonyms), unordered pairs of content words
up to two apart, and character 3- and 4-grams inside words. Each block is weighted by rarity and
normalised on its own; what the FAQ does not know stays in the length, so that a question full of
unknown words cannot score high.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.lexicon import Reading, Term

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]
Places: TypeAlias = NDArray[np.intp]
Block: TypeAlias = dict[str, float]

BLOCK_WEIGHTS: Final = (1.0, 0.6, 0.5)
UNKNOWN: Final = -1
"""The number of every feature that the FAQ does not know."""
_SMALL_WORD: Final = 0.5
_WORD_INSIDE_SYNONYM: Final = 0.25
_PAIR_REACH: Final = 2
_GRAMS: Final = (3, 4)
_WORDS_KEPT: Final = 4_096
"""Words cut up already that are kept: those of the FAQ and its members, but not every slip."""


@lru_cache(maxsize=_WORDS_KEPT)
def _grams(word: str) -> tuple[str, ...]:
    padded = f"^{word}$"
    return tuple(f"#{padded[i : i + n]}" for n in _GRAMS for i in range(len(padded) - n + 1))


def blocks(reading: Reading) -> tuple[Block, Block, Block]:
    """Return the counts of words, pairs and character n-grams in `reading`.

    Names of the blocks do not overlap: words are bare (`=name` for synonyms, `~stem` for a word
    inside one), pairs hold a space, n-grams begin with `#`.
    """
    grams = Counter(chain.from_iterable(map(_grams, reading.words)))
    gram_counts = dict.fromkeys(grams, 1.0)
    gram_counts.update((g, 1 + math.log(count)) for g, count in grams.items() if count > 1)
    return _words(reading.terms), _pairs(reading.terms), gram_counts


def is_gram(name: str) -> bool:
    """Whether a feature is a character n-gram."""
    return name.startswith("#")


def _words(terms: Sequence[Term]) -> Block:
    names = [term.feature for term in terms]
    found = dict.fromkeys(names, 1.0)
    if len(found) < len(names):
        found = {name: 1 + math.log(count) for name, count in Counter(names).items()}
    inside: Block = {}
    for term in terms:
        if term.small:
            found[term.feature] = _SMALL_WORD
        elif term.feature[:1] == "=":
            for stem in term.stems:
                inside[f"~{stem}"] = _WORD_INSIDE_SYNONYM
    return found | inside


def _pairs(terms: Sequence[Term]) -> Block:
    content = [term.feature for term in terms if not term.small]
    return {
        f"{left} {right}" if left < right else f"{right} {left}": 1.0
        for at, left in enumerate(content)
        for right in content[at + 1 : at + 1 + _PAIR_REACH]
    }


@dataclass(frozen=True, slots=True)
class Rarity:
    """The features the FAQ knows, each with a number and a weight by rarity (IDF)."""

    numbers: Mapping[str, int]
    weights: Sequence[float]
    """By number. Plain floats: one by one, an array's elements are slow to read."""
    unknown: float
    packed: Floats = field(init=False, repr=False, compare=False)
    """The same as an array, and behind them `unknown`: it is what the number UNKNOWN finds."""

    def __post_init__(self) -> None:
        packed = np.array([*self.weights, self.unknown], dtype=np.float32)
        object.__setattr__(self, "packed", packed)

    def weight(self, feature: str) -> float:
        """Return the weight of a feature: the largest for one the FAQ does not know."""
        number = self.numbers.get(feature)
        return self.unknown if number is None else self.weights[number]


class Weigher:
    """Turns a reading into a vector: the features the FAQ knows in it, and how much each counts.

    What it gives is what `Collector.weighed` gives for the `blocks` of the reading, but for the
    order. The n-grams of a word, which are most of its features, are numbered once and kept.
    """

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._numbers_of_grams = lru_cache(maxsize=_WORDS_KEPT)(partial(_numbered, rarity.numbers))

    def vector(self, reading: Reading) -> tuple[Ints, Floats]:
        """Return the known features of `reading` and their values; the blocks are normalised."""
        words, pairs = _words(reading.terms), _pairs(reading.terms)
        named = [self._rarity.numbers.get(name, UNKNOWN) for name in chain(words, pairs)]
        grams, counts = self._grams_in(reading.words)
        numbers = np.concatenate([np.array(named, dtype=np.int32), grams])
        values = np.concatenate([[*words.values(), *pairs.values()], 1 + np.log(counts)])
        values = values.astype(np.float32) * self._rarity.packed[numbers]
        start = 0
        sizes = len(words), len(pairs), len(grams)
        for size, share in zip(sizes, BLOCK_WEIGHTS, strict=True):
            block = values[start : start + size]
            block *= share / (math.sqrt(float(block @ block)) or 1.0)
            start += size
        known = numbers != UNKNOWN
        return numbers[known], values[known]

    def _grams_in(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the numbers of the n-grams in `words`, and how often each is there."""
        found = np.frombuffer(bytearray().join(map(self._numbers_of_grams, words)), dtype=np.int32)
        # Several times faster than numpy's `unique`, and than counting in a dictionary.
        found.sort()
        begins = np.ones(len(found) + 1, dtype=np.bool_)
        np.not_equal(found[1:], found[:-1], out=begins[1:-1])
        ends = np.flatnonzero(begins).astype(np.int32)
        return np.maximum(found[ends[:-1]], UNKNOWN), ends[1:] - ends[:-1]


def _numbered(numbers: Mapping[str, int], word: str) -> bytes:
    """Return the packed numbers of the n-grams in `word`; unknown ones are all below UNKNOWN."""
    # An unknown one is told from others by a hash, so that it can be counted like them.
    grams = ((gram, UNKNOWN - 1 - (crc32(gram.encode()) >> 2)) for gram in _grams(word))
    return np.array([numbers.get(*gram) for gram in grams], dtype=np.int32).tobytes()


@dataclass(frozen=True, slots=True)
class Rows:
    """For each row the features it has, and how strongly: a sparse matrix by row."""

    starts: Ints
    """Where each row begins, and behind the last one where it ends."""
    numbers: Ints
    values: Floats

    @classmethod
    def of(cls, vectors: Sequence[tuple[Ints, Floats]]) -> Rows:
        """Put the vectors of all rows behind each other."""
        sizes = np.array([len(numbers) for numbers, _ in vectors], dtype=np.int32)
        numbers = np.concatenate([np.zeros(0, np.int32), *(n for n, _ in vectors)])
        values = np.concatenate([np.zeros(0, np.float32), *(v for _, v in vectors)])
        return cls(_starts(sizes), numbers, values)

    def part(self, first: int, behind: int) -> tuple[Ints, Floats]:
        """Return the features of the rows from `first` to before `behind`, one after another."""
        where = slice(self.starts[first], self.starts[behind])
        return self.numbers[where], self.values[where]

    def only(self, kept: NDArray[np.bool_]) -> Rows:
        """Return the same with those features alone for which `kept` is true."""
        here = kept[self.numbers]
        before = np.concatenate([np.zeros(1, np.int32), np.cumsum(here, dtype=np.int32)])
        return Rows(before[self.starts], self.numbers[here], self.values[here])


class Nearness:
    """Scores the rows of one group, where `Postings` would score all rows at once."""

    def __init__(self, postings: Postings, groups: Sequence[int]) -> None:
        """Take the rows in groups of these sizes, in their order."""
        # Every row begins with a nothing, since `reduceat` cannot sum a row that is empty.
        rows = np.concatenate([np.arange(postings.size, dtype=np.int32), postings.rows])
        features = np.arange(len(postings.starts) - 1, dtype=np.int32)
        numbers = np.repeat(features, np.diff(postings.starts))
        numbers = np.concatenate([np.zeros(postings.size, np.int32), numbers])
        values = np.concatenate([np.zeros(postings.size, np.float32), postings.values])
        order = np.argsort(rows, kind="stable")
        ordered = Rows(_starts(np.bincount(rows).astype(np.int32)), numbers[order], values[order])
        behind: list[int] = np.cumsum(groups, dtype=np.int32).tolist()
        self._size = len(features)
        self._groups: list[tuple[Ints, Floats, Places]] = []
        for size, end in zip(groups, behind, strict=True):
            starts = ordered.starts[end - size : end] - ordered.starts[end - size]
            self._groups.append((*ordered.part(end - size, end), starts.astype(np.intp)))

    def spread(self, numbers: Ints, values: Floats) -> Floats:
        """Return a vector with a place for every feature, as `scores` looks at it."""
        whole = np.zeros(self._size, dtype=np.float32)
        whole[numbers] = values
        return whole

    def scores(self, whole: Floats, group: int) -> Floats:
        """Return the dot product of `whole` with every row of a group."""
        numbers, values, starts = self._groups[group]
        products = whole.take(numbers)
        products *= values
        return np.add.reduceat(products, starts)


def _starts(sizes: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)])


@dataclass(frozen=True, slots=True)
class Weights:
    """For each feature how strongly it speaks for or against every row: a full matrix."""

    values: Floats
    """Features x rows."""

    @property
    def size(self) -> int:
        """How many rows there are."""
        return self.values.shape[1]

    def scores(self, numbers: Ints, values: Floats) -> Floats:
        """Return the dot product of a vector with every row."""
        return values @ self.values.take(numbers, axis=0)


@dataclass(frozen=True, slots=True)
class Postings:
    """For each feature the rows that have it, and how strongly: a sparse matrix by column."""

    starts: Ints
    rows: Ints
    values: Floats
    size: int
    """How many rows there are."""

    @classmethod
    def of(cls, rows: Rows, features: int) -> Postings:
        """Collect all rows by feature."""
        size = len(rows.starts) - 1
        owners = np.repeat(np.arange(size, dtype=np.int32), np.diff(rows.starts))
        order = np.argsort(rows.numbers, kind="stable")
        counts = np.bincount(rows.numbers, minlength=features).astype(np.int32)
        return cls(_starts(counts), owners[order], rows.values[order], size)

    def having(self, feature: int) -> Ints:
        """Return the rows that have this feature."""
        return self.rows[self.starts[feature] : self.starts[feature + 1]]

    def scores(self, numbers: Ints, values: Floats) -> Floats:
        """Return the dot product of a vector with every row."""
        starts = self.starts[numbers]
        lengths = self.starts[numbers + 1] - starts
        total = int(lengths.sum())
        if not total:
            return np.zeros(self.size, dtype=np.float32)
        ends = np.cumsum(lengths)
        places = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - lengths), lengths)
        weights = self.values[places] * np.repeat(values, lengths)
        return np.bincount(self.rows[places], weights, self.size).astype(np.float32)
