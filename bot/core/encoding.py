"""A small neural reader: scores a message by its words in their order, in plain numpy.

Two transformer layers, cut out of a sentence encoder and taught on `faq/examples/` by
`training/`; the second layer looks at the message as a whole only. It is fixed as far as
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

    def __call__(self, states: Matrix, *, first_only: bool = False) -> Matrix:
        """Return the next states of all pieces, or of the first alone."""
        width = self.join.shape[0]
        asking = states[:1] if first_only else states
        queries = _heads(_linear(asking, self.attend[:, :width], self.attend_bias[:width]))
        told = _linear(states, self.attend[:, width:], self.attend_bias[width:])
        keys, values = _heads(told[:, :width]), _heads(told[:, width:])
        queries *= np.float32(1 / math.sqrt(_HEAD))
        shares = _softmax(queries @ keys.transpose(0, 2, 1))
        heard = (shares @ values).transpose(1, 0, 2).reshape(len(asking), width)
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
    layers: tuple[Layer, Layer]
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
            for n in range(2)
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
            (layers[0], layers[1]),
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
        first = self.layers[0](states)
        whole = self.layers[1](first, first_only=True)
        summary = np.concatenate([first.mean(axis=0), first.max(axis=0), whole[0]])
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


def _heads(states: Matrix) -> Matrix:
    return states.reshape(len(states), -1, _HEAD).transpose(1, 0, 2)


def _softmax(totals: Matrix) -> Matrix:
    totals -= totals.max(axis=-1, keepdims=True)
    np.exp(totals, out=totals)
    totals /= totals.sum(axis=-1, keepdims=True)
    return totals


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
