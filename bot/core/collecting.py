"""All wordings of an FAQ as one sparse matrix, collected one at a time.

The features of 100,000 wordings as Python objects take more than a gigabyte; as numbers in two
arrays they take 60 MB, and are weighed all at once.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core.features import BLOCK_WEIGHTS, Floats, Ints, Rarity, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.features import Block

_PACKED_FROM: Final = 100_000
"""Numbers held as Python objects before they are packed."""


class Collector:
    """Numbers features as they come, and remembers which row had which."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._sizes: list[int] = []
        # Python's numbers as they come, and those before them packed: 4 bytes each, not 32.
        self._found: list[int] = []
        self._counts: list[float] = []
        self._packed_found = array("i")
        self._packed_counts = array("f")

    def add(self, row: tuple[Block, Block, Block]) -> None:
        """Remember the three blocks of one more row."""
        for block in row:
            self._found += map(self._numbers.__getitem__, block)
            self._counts += block.values()
            self._sizes.append(len(block))
        if len(self._found) > _PACKED_FROM:
            self._pack()

    def _pack(self) -> None:
        # By way of numpy: an array of Python's own takes a list in one number at a time.
        self._packed_found.frombytes(np.array(self._found, dtype=np.int32).tobytes())
        self._packed_counts.frombytes(np.array(self._counts, dtype=np.float32).tobytes())
        self._found.clear()
        self._counts.clear()

    def know(self, features: Iterable[str]) -> Ints:
        """Return the numbers of `features`, ascending; new ones count as known, in no row."""
        return np.array(sorted({self._numbers[name] for name in features}), dtype=np.int32)

    def weighed(self) -> tuple[Rarity, Rows]:
        """Return the weight of each feature by rarity, and the rows as `Rarity.vector` has them.

        Uses the collector up: its counts become the values of the rows.
        """
        self._pack()
        numbers = np.frombuffer(self._packed_found, dtype=np.int32)
        values = np.frombuffer(self._packed_counts, dtype=np.float32)
        sizes = np.array(self._sizes, dtype=np.int32)
        rows = len(sizes) // len(BLOCK_WEIGHTS)
        frequency = np.bincount(numbers, minlength=len(self._numbers)).astype(np.float32)
        weights = np.log((rows + 1) / (frequency + 0.5)).astype(np.float32)
        values *= weights[numbers]
        _normalise(values, sizes)
        behind = np.cumsum(sizes.reshape(-1, len(BLOCK_WEIGHTS)).sum(axis=1), dtype=np.int32)
        starts = np.concatenate([np.zeros(1, np.int32), behind])
        rarity = Rarity(dict(self._numbers), weights.tolist(), math.log((rows + 1) / 0.5))
        return rarity, Rows(starts, numbers, values)


def _normalise(values: Floats, sizes: Ints) -> None:
    """Give each block, in place, the length that is its share of a row's."""
    filled = sizes > 0
    shares = np.resize(np.array(BLOCK_WEIGHTS, dtype=np.float32), len(sizes))[filled]
    starts = (np.cumsum(sizes) - sizes)[filled]
    if len(starts):
        squares = np.add.reduceat(values * values, starts)
        values *= np.repeat(shares / np.sqrt(np.maximum(squares, 1e-12)), sizes[filled])
