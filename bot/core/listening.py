"""The second net: what danger reads like, learned from examples, for words no phrase foresaw.

A multinomial logistic regression over hashed features: words with their synonyms, pairs of
neighbouring words, character 3- and 4-grams, and which lists and rules of the screening stand in
the message. It is fitted by `msfaq calibrate` on `faq/examples/`; its weights lie in
`faq/calibration/listener.npz`. Unless these make it plain what a message is, what the reader of
`bot.core.encoding` makes of its words in their order is added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, starmap
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from bot.core.faq import Harm

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.core.encoding import Encoder
    from bot.core.features import Floats, Ints, Places
    from bot.core.lexicon import Reading

KINDS: Final = (None, Harm.CRISIS, Harm.URGENT, Harm.ADVICE)
"""What a message can be, in the order of the weights' columns; None is harmless."""

SLOTS: Final = 1 << 17
_MASK: Final = SLOTS - 1
_WORDS: Final = 1.0
_PAIRS: Final = 0.7
_GRAMS: Final = 0.7
_LIST: Final = 0.5
_PAIR_OF_LISTS: Final = 0.25
_RULE: Final = 1.0
_STEPS: Final = 100
_RIDGE: Final = 0.1
_RARE: Final = 4.0
"""A feature whose rarity (IDF) is this counts as it stands; rarer ones learn faster."""
_WORDS_READ: Final = 400
_PLAIN: Final = 0.9
"""From here on, whatever a message is, the encoder is not asked: that hears as much in held-out
examples as asking it always, and spares four of five ordinary questions the time, and half of
the harmful ones."""
_OWN_SHARE: Final = 1.0
"""What the features' totals count beside the encoder's scores; held-out examples are heard best
between 0.7 and 1.4."""
_WINDOW: Final = 40
"""Words of a long message that the encoder reads: those in which most speaks for danger."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How likely a message is each kind of harm (0 to 1), and what it read like."""

    crisis: float
    urgent: float
    advice: float

    @property
    def danger(self) -> float:
        """How likely it is a crisis or an emergency."""
        return self.crisis + self.urgent


def _slot(name: str) -> int:
    return crc32(name.encode()) & _MASK


_ALWAYS: Final = _slot("zalways")


@lru_cache(maxsize=4_096)
def _term_slot(feature: str) -> int:
    return _slot(f"w{feature}")


@lru_cache(maxsize=4_096)
def _stem_slot(stem: str) -> int:
    return _slot(f"s{stem}")


@lru_cache(maxsize=4_096)
def _list_slot(name: str) -> int:
    return _slot(f"l{name}")


@lru_cache(maxsize=4_096)
def _lists_slot(one: str, other: str) -> int:
    return _slot(f"p{one}&{other}")


@lru_cache(maxsize=4_096)
def _before(stem: str) -> tuple[int, int]:
    """Return what begins the names of the pairs in which a stem stands next, or next but one."""
    return crc32(f"n{stem} ".encode()), crc32(f"k{stem} ".encode())


@lru_cache(maxsize=4_096)
def _grams(word: str) -> tuple[int, ...]:
    padded = f"^{word}$"
    cut = (padded[i : i + n] for n in (3, 4) for i in range(len(padded) - n + 1))
    return tuple(_slot(f"g{gram}") for gram in cut)


def _pairs(stems: Sequence[str]) -> set[int]:
    # A long message has more pairs than words, and few are met again. CRC-32 can go on from the
    # known one of how a name begins: that takes a third of the time of making the name.
    begun = [_before(stem) for stem in ("^", *stems)]
    ends = [stem.encode() for stem in (*stems, "$")]
    next_one = {crc32(end, near) & _MASK for end, (near, _) in zip(ends, begun, strict=True)}
    beyond = zip(ends[1:], begun[:-1], strict=True)
    return next_one.union(crc32(end, far) & _MASK for end, (_, far) in beyond)


def features(reading: Reading, marks: Sequence[str], rules: Sequence[str]) -> tuple[Ints, Floats]:
    """Return the slots and values of a message.

    `marks` are the names of the lists that stand in it, `rules` the ids of the rules it sets off.
    """
    stems = reading.stems[:_WORDS_READ]
    words = {_term_slot(term.feature) for term in reading.terms}.union(map(_stem_slot, stems))
    pairs = _pairs(stems)
    grams = set[int]().union(*map(_grams, reading.words[:_WORDS_READ]))
    both = list(starmap(_lists_slot, combinations(sorted(marks), 2)))
    length = _slot(f"z{min(6, len(reading.words) // 10)}")
    parts: tuple[tuple[Collection[int], float], ...] = (
        (words, _WORDS / math.sqrt(len(words) or 1)),
        (pairs, _PAIRS / math.sqrt(len(pairs) or 1)),
        (grams, _GRAMS / math.sqrt(len(grams) or 1)),
        ([_list_slot(name) for name in marks], _LIST),
        ([_list_slot(name) for name in rules], _RULE),
        (both, _PAIR_OF_LISTS),
        ([length], _LIST),
        ([_ALWAYS], 1.0),
    )
    sizes = [len(slots) for slots, _ in parts]
    slots = np.fromiter(chain.from_iterable(slots for slots, _ in parts), np.int32, sum(sizes))
    return slots, np.repeat(np.array([value for _, value in parts], dtype=np.float32), sizes)


@dataclass(frozen=True, slots=True)
class Learned:
    """What the listener learned: weights of SLOTS x 4, and the encoder they were set beside."""

    weights: Floats
    encoder: Encoder | None


class Listener:
    """Tells how likely a message is harmful, by what it learned, or by nothing."""

    def __init__(self, learned: Learned | None) -> None:
        self._learned = learned

    @property
    def learned(self) -> Learned | None:
        """What it was built from."""
        return self._learned

    @property
    def has_learned(self) -> bool:
        """Whether it has weights at all; without them phrases stand alone."""
        return self._learned is not None

    def hear(self, slots: Ints, values: Floats, reading: Reading) -> Heard:
        """Return how likely a message with these features is each kind of harm."""
        learned = self._learned
        if learned is None:
            return Heard(0.0, 0.0, 0.0)
        totals = values @ _told(learned.weights, slots)
        return heard(totals, lambda: _scores(learned, reading))


def heard(totals: Floats, scores: Callable[[], Floats | None]) -> Heard:
    """Return what the features' totals come to; in doubt, together with the encoder's `scores`."""
    likely = _shares(totals)
    if likely.max() < _PLAIN:
        more = scores()
        likely = likely if more is None else _shares(_OWN_SHARE * totals + more)
    return Heard(float(likely[1]), float(likely[2]), float(likely[3]))


def _scores(learned: Learned, reading: Reading) -> Floats | None:
    encoder = learned.encoder
    return None if encoder is None else encoder.scores(gravest(learned.weights, reading))


def gravest(weights: Floats, reading: Reading) -> tuple[str, ...]:
    """Return the words of a message, or of a long one the stretch that speaks most for danger."""
    words = reading.words[:_WORDS_READ]
    if len(words) <= _WINDOW:
        return words
    told = _told(weights, [_stem_slot(stem) for stem in reading.stems[:_WORDS_READ]])
    sums = np.concatenate([[0], np.cumsum(told[:, 1] + told[:, 2] - 2 * told[:, 0])])
    at = int(np.argmax(sums[_WINDOW:] - sums[:-_WINDOW]))
    return words[at : at + _WINDOW]


def _told(weights: Floats, slots: Ints | Sequence[int]) -> Floats:
    # `take` gathers rows several times faster than an index in brackets.
    return weights.take(slots, axis=0).astype(np.float32)


def _shares(totals: Floats) -> Floats:
    shares = np.exp(totals - totals.max())
    return shares / shares.sum()


def fit(rows: Sequence[tuple[Ints, Floats]], kinds: Sequence[Harm | None]) -> Floats:
    """Return the weights (SLOTS x 4) that best tell the kinds apart; deterministic.

    Accelerated gradient descent (Nesterov) on the multinomial likelihood with a small ridge.
    """
    counts = np.array([len(slots) for slots, _ in rows])
    slots, places = np.unique(np.concatenate([slots for slots, _ in rows]), return_inverse=True)
    rarity = np.log((len(rows) + 1) / (np.bincount(places) + 0.5)).astype(np.float32) / _RARE
    values = (np.concatenate([values for _, values in rows]) * rarity[places]).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    owners = np.repeat(np.arange(len(rows)), counts)
    order = np.argsort(places, kind="stable")
    firsts = np.searchsorted(places[order], np.arange(len(slots)))
    wanted = np.eye(len(KINDS), dtype=np.float32)[:, [KINDS.index(kind) for kind in kinds]]
    back = (owners[order], values[order], firsts)
    # A kind at a time: numpy gathers and sums single rows several times faster than tables.
    weights = np.zeros((len(KINDS), len(slots)), dtype=np.float32)
    ahead = weights
    step = 2.0 / _curvature(places, values, starts, back)
    for turn in range(_STEPS):
        totals = np.stack([np.add.reduceat(row[places] * values, starts) for row in ahead])
        likely = np.exp(totals - totals.max(axis=0))
        likely /= likely.sum(axis=0)
        slope = np.stack([_gathered(row, back) for row in likely - wanted]) + _RIDGE * ahead
        before = weights
        weights = ahead - step * slope
        ahead = weights + turn / (turn + 3) * (weights - before)
    result = np.zeros((SLOTS, len(KINDS)), dtype=np.float32)
    # Rarity only steers what is learned: it ends up in the weights, and costs nothing later.
    result[slots] = (weights * rarity).T
    return result


def _gathered(of_rows: Floats, back: tuple[Places, Floats, Places]) -> Floats:
    """Return for each slot the sum of its values, each times what its row has in `of_rows`."""
    owners, values, firsts = back
    return np.add.reduceat(of_rows[owners] * values, firsts)


def _curvature(
    places: Places, values: Floats, starts: Places, back: tuple[Places, Floats, Places]
) -> float:
    """Return the largest eigenvalue of the rows' Gram matrix, by power iteration."""
    vector = np.ones(len(back[2]), dtype=np.float32)
    largest = 1.0
    for _ in range(20):
        image = np.add.reduceat(vector[places] * values, starts)
        vector = _gathered(image, back)
        largest = float(np.linalg.norm(vector))
        vector /= largest
    return largest
