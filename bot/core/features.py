"""A reading as weighted features, and the postings that score them against many rows at once.

Three blocks, as measured in the design: words (with synonyms), unordered pairs of content words
up to two apart, and character 3- and 4-grams inside words. Each block is weighted by rarity and
normalised on its own; what the FAQ does not know stays in the length, so that a question full of
unknown words cannot score high.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.lexicon import Reading

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]
Block: TypeAlias = dict[str, float]

_BLOCK_WEIGHTS: Final = (1.0, 0.6, 0.5)
_SMALL_WORD: Final = 0.5
_WORD_INSIDE_SYNONYM: Final = 0.25
_PAIR_REACH: Final = 2
_GRAMS: Final = (3, 4)


@lru_cache(maxsize=50_000)
def _grams(word: str) -> tuple[str, ...]:
    padded = f"^{word}$"
    return tuple(padded[i : i + n] for n in _GRAMS for i in range(len(padded) - n + 1))


def blocks(reading: Reading) -> tuple[Block, Block, Block]:
    """Return the counts of words, pairs and character n-grams in `reading`.

    Names of the blocks do not overlap: words are bare (`=name` for synonyms, `~stem` for a word
    inside one), pairs hold a space, n-grams begin with `#`.
    """
    single: Counter[str] = Counter()
    inside: Block = {}
    small: set[str] = set()
    for term in reading.terms:
        single[term.feature] += 1
        if term.small:
            small.add(term.feature)
        if term.feature.startswith("="):
            inside.update((f"~{stem}", _WORD_INSIDE_SYNONYM) for stem in term.stems)
    counted: Block = {
        name: _SMALL_WORD if name in small else 1 + math.log(count)
        for name, count in single.items()
    }
    counted.update(inside)
    grams: Counter[str] = Counter()
    for word in reading.words:
        grams.update(_grams(word))
    return (
        counted,
        dict.fromkeys(_pairs([t.feature for t in reading.terms if not t.small]), 1.0),
        {f"#{gram}": 1 + math.log(count) for gram, count in grams.items()},
    )


def is_gram(name: str) -> bool:
    """Whether a feature is a character n-gram."""
    return name.startswith("#")


def _pairs(content: Sequence[str]) -> Iterable[str]:
    for i, left in enumerate(content):
        for right in content[i + 1 : i + 1 + _PAIR_REACH]:
            yield f"{left} {right}" if left < right else f"{right} {left}"


@dataclass(frozen=True, slots=True)
class Rarity:
    """The features the FAQ knows, each with a number and a weight by rarity (IDF)."""

    numbers: Mapping[str, int]
    weights: Sequence[float]
    """By number. Plain floats: one by one, an array's elements are slow to read."""
    unknown: float

    @classmethod
    def of(
        cls, rows: Iterable[tuple[Block, Block, Block]], count: int, also: Iterable[str] = ()
    ) -> Rarity:
        """Weigh the features of `count` rows by how few of the rows have them.

        Features of `also` are known too, as rare as can be.
        """
        seen: Counter[str] = Counter()
        for row in rows:
            for block in row:
                seen.update(block.keys())
        seen.update(dict.fromkeys(also, 0))
        numbers = {name: number for number, name in enumerate(seen)}
        frequency = np.fromiter(seen.values(), dtype=np.float32, count=len(seen))
        weights = np.log((count + 1) / (frequency + 0.5)).tolist()
        return cls(numbers, weights, math.log((count + 1) / 0.5))

    def weight(self, feature: str) -> float:
        """Return the weight of a feature: the largest for one the FAQ does not know."""
        number = self.numbers.get(feature)
        return self.unknown if number is None else self.weights[number]

    def vector(self, row: tuple[Block, Block, Block]) -> tuple[Ints, Floats]:
        """Return the known features of `row` and their values; the three blocks are normalised."""
        found: list[int] = []
        values: list[float] = []
        number_of, weights, unknown = self.numbers.get, self.weights, self.unknown
        for block, share in zip(row, _BLOCK_WEIGHTS, strict=True):
            squares = 0.0
            start = len(values)
            for name, count in block.items():
                number = number_of(name)
                if number is None:
                    squares += (count * unknown) ** 2
                    continue
                value = count * weights[number]
                squares += value * value
                found.append(number)
                values.append(value)
            scale = share / math.sqrt(squares) if squares else 0.0
            values[start:] = [value * scale for value in values[start:]]
        return np.array(found, dtype=np.int32), np.array(values, dtype=np.float32)


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
        return values @ self.values[numbers]


@dataclass(frozen=True, slots=True)
class Postings:
    """For each feature the rows that have it, and how strongly: a sparse matrix by column."""

    starts: Ints
    rows: Ints
    values: Floats
    size: int
    """How many rows there are."""

    @classmethod
    def of(cls, vectors: Sequence[tuple[Ints, Floats]], features: int) -> Postings:
        """Collect the vectors of all rows by feature."""
        lengths = np.array([len(numbers) for numbers, _ in vectors], dtype=np.int32)
        rows = np.repeat(np.arange(len(vectors), dtype=np.int32), lengths)
        numbers = np.concatenate([n for n, _ in vectors]) if vectors else np.zeros(0, np.int32)
        values = np.concatenate([v for _, v in vectors]) if vectors else np.zeros(0, np.float32)
        order = np.argsort(numbers, kind="stable")
        counts = np.bincount(numbers, minlength=features)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        return cls(starts, rows[order], values[order], len(vectors))

    def without(self, dropped: NDArray[np.bool_]) -> Postings:
        """Return the same without the features for which `dropped` is true."""
        counts = np.diff(self.starts)
        kept = np.repeat(~dropped, counts)
        starts = np.concatenate([[0], np.cumsum(np.where(dropped, 0, counts))]).astype(np.int32)
        return Postings(starts, self.rows[kept], self.values[kept], self.size)

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
