"""A small neural reader: scores a message by its words in their order, in plain numpy.

A few transformer layers, cut out of a sentence encoder and taught on `faq/examples/` by
`training/`; the last one looks at the message as a whole only. It is fixed as far as
`msfaq calibrate` is concerned. Words are read in pieces (WordPiece), so that no word is unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Matrix: TypeAlias = NDArray[np.float32]

BEGIN, END, UNKNOWN = range(3)
"""The pieces that are no letters: every vocabulary begins with them."""
LONGEST: Final = 80
"""Pieces read at most, the first and the last among them."""
_HEAD: Final = 32
"""Width of one attention head."""
_TINY: Final = 1e-6
_MOST: Final = 60.0
_WORDS_REMEMBERED: Final = 20_000


def reader(
    vocabulary: Iterable[str], longest: int | None = LONGEST
) -> Callable[[Sequence[str]], list[int]]:
    """Return what turns folded words into numbers of pieces of `vocabulary`."""
    inner = None if longest is None else longest - 2
    number_of = {piece: number for number, piece in enumerate(vocabulary)}

    @lru_cache(maxsize=_WORDS_REMEMBERED)
    def pieces(word: str) -> tuple[int, ...]:
        found: list[int] = []
        at = 0
        while at < len(word):
            mark = "##" if at and word[at].isalnum() and word[at - 1].isalnum() else ""
            ends = range(len(word), at, -1)
            known = (n for n in ends if mark + word[at:n] in number_of)
            end = next(known, 0)
            if not end:
                return (*found, UNKNOWN)
            found.append(number_of[mark + word[at:end]])
            at = end
        return tuple(found)

    def read(words: Sequence[str]) -> list[int]:
        inside = [piece for word in words for piece in pieces(word)]
        return [BEGIN, *inside[:inner], END]

    return read


@dataclass(frozen=True, slots=True)
class Layer:
    """One transformer layer: the arrays it multiplies with."""

    attend: Matrix
    attend_bias: Matrix
    join: Matrix
    join_bias: Matrix
    widen: Matrix
    widen_bias: Matrix
    narrow: Matrix
    narrow_bias: Matrix
    first_gain: Matrix
    first_bias: Matrix
    second_gain: Matrix
    second_bias: Matrix

    def __call__(self, states: Matrix) -> Matrix:
        """Return the next states of all pieces."""
        count = len(states)
        told = _linear(states, self.attend, self.attend_bias)
        queries, keys, values = told.reshape(count, 3, -1, _HEAD).transpose(1, 2, 0, 3)
        shares, sums = _shares(queries @ keys.transpose(0, 2, 1))
        heard = shares @ values
        heard /= sums
        return self._after(heard.transpose(1, 0, 2).reshape(count, -1), states)

    def first(self, states: Matrix) -> Matrix:
        """Return the next state of the first piece alone, as one row.

        It asks once. So its question is carried back through the keys, and what it hears of the
        states forward through the values, instead of all states through both: half the time.
        """
        width = self.join.shape[0]
        asking = states[:1]
        query = _linear(asking, self.attend[:, :width], self.attend_bias[:width])
        _, keys, values = self.attend.reshape(-1, 3, width // _HEAD, _HEAD).transpose(1, 2, 0, 3)
        asked: Matrix = query.reshape(-1, 1, _HEAD) @ keys.transpose(0, 2, 1)
        # The keys' bias adds the same to all, which changes no share; the shares of the values'
        # bias add up to it.
        shares, sums = _shares(asked[:, 0] @ states.T)
        mixed: Matrix = shares @ states
        mixed /= sums
        heard: Matrix = (mixed[:, None] @ values).reshape(1, width)
        heard += self.attend_bias[2 * width :]
        return self._after(heard, asking)

    def _after(self, heard: Matrix, asking: Matrix) -> Matrix:
        joined = _scaled(
            _linear(heard, self.join, self.join_bias) + asking, self.first_gain, self.first_bias
        )
        wide = _gelu(_linear(joined, self.widen, self.widen_bias))
        after = _linear(wide, self.narrow, self.narrow_bias) + joined
        return _scaled(after, self.second_gain, self.second_bias)


@dataclass(frozen=True, slots=True)
class Encoder:
    """Scores messages. Built from the arrays that `training/` writes."""

    read: Callable[[Sequence[str]], list[int]]
    table: NDArray[np.int8]
    scale: Matrix
    places: Matrix
    layers: tuple[Layer, ...]
    """All read every piece, but for the last: that looks at the message as a whole only."""
    out: Matrix
    out_bias: Matrix

    @classmethod
    def of(cls, vocabulary: Sequence[str], arrays: Mapping[str, NDArray[np.generic]]) -> Encoder:
        """Build an encoder from named arrays.

        Raises:
            KeyError: if an array is missing.
            ValueError: if their shapes do not fit together, or a number is none.

        """
        layers = tuple(
            Layer(**{name: _floats(arrays[f"{n}.{name}"]) for name in Layer.__slots__})
            for n in range(len({name.split(".")[0] for name in arrays if "." in name}))
        )
        table = arrays["table"]
        places = _floats(arrays["places"])
        if table.dtype != np.int8 or table.shape != (len(vocabulary), places.shape[1]):
            raise ValueError("the table does not fit the vocabulary")
        made = cls(
            reader(vocabulary),
            table.astype(np.int8, copy=False),
            _floats(arrays["scale"]),
            places,
            layers,
            _floats(arrays["out"]),
            _floats(arrays["out_bias"]),
        )
        # One reading of the greatest length multiplies every array with its neighbours.
        made.scores_of([BEGIN, *[UNKNOWN] * (LONGEST - 2), END])
        return made

    def scores(self, words: Sequence[str]) -> Matrix:
        """Return how much speaks for each of `listening.KINDS` in a message of these words.

        Of a long message only the beginning is read.
        """
        return self.scores_of(self.read(words))

    def scores_of(self, pieces: Sequence[int]) -> Matrix:
        """Return the same for pieces as `read` gives them."""
        states = self.table[pieces] * self.scale[pieces, None] + self.places[: len(pieces)]
        for layer in self.layers[:-1]:
            states = layer(states)
        whole = self.layers[-1].first(states)
        summary = np.concatenate([states.mean(axis=0), states.max(axis=0), whole[0]])
        return summary @ self.out + self.out_bias


def _floats(array: NDArray[np.generic]) -> Matrix:
    floats = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(floats).all():
        raise ValueError("a number is none")
    return floats


def _linear(states: Matrix, weights: Matrix, bias: Matrix) -> Matrix:
    result: Matrix = states @ weights
    result += bias
    return result


def _shares(totals: Matrix) -> tuple[Matrix, Matrix]:
    """Return what each total counts for, and the sums to divide by: a softmax left undone.

    What the shares are multiplied with comes out smaller than they are: that is divided instead.
    """
    totals *= np.float32(1 / math.sqrt(_HEAD))
    # Finite numbers, at half the price of taking the largest of its row from each: in what was
    # learned no total is beyond 21.
    np.clip(totals, -_MOST, _MOST, out=totals)
    np.exp(totals, out=totals)
    return totals, (totals @ np.ones(totals.shape[-1], dtype=np.float32))[..., None]


def _scaled(states: Matrix, gain: Matrix, bias: Matrix) -> Matrix:
    size = np.sqrt(np.einsum("ij,ij->i", states, states) / states.shape[1] + _TINY)
    states /= size[:, None]
    states *= gain
    states += bias
    return states


def _gelu(states: Matrix) -> Matrix:
    # x * sigmoid(1.5958 (x + 0.0447 x³)): the tanh form of GELU, by the cheaper exponential.
    bent = states * states
    bent *= np.float32(-0.07135481)
    bent -= np.float32(1.5957691)
    bent *= states
    np.clip(bent, -80, 80, out=bent)
    np.exp(bent, out=bent)
    bent += np.float32(1)
    return np.divide(states, bent, out=bent)
