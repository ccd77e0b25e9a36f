"""From what speaks for a candidate to how likely it is right, fitted on cases.

A logistic model over a handful of signs. `fit` is run by `msfaq calibrate` on the tuning cases
alone; its numbers are stored in `faq/calibration.yaml` with the hash of the FAQ they belong to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_RIDGE: Final = 0.5
_ITERATIONS: Final = 30
_SETTLED: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for one candidate. All but `length` lie in about 0 to 1."""

    score: float
    """Likeness to the entry as a whole."""
    lead: float
    """How far it is ahead of the best other entry; negative if it is behind."""
    chance: float
    """Its share among all entries (softmax)."""
    nearest: float
    """Likeness to the nearest single wording of the entry."""
    asked: float
    """Share of the question's content, by rarity, that the entry's wordings use."""
    told: float
    """The same for the wordings and the answer."""
    in_faq: float
    """The same for the whole FAQ."""
    length: float
    """log(1 + content words)."""
    apart: float
    """Share of the entry's wordings that name a subject while the question names none of them."""
    foreign: float
    """Share of the question's words that are neither the FAQ's nor ordinary English."""
    blocked: float = 0.0
    """1 if the question names what the entry's wordings do not speak of."""
    unspoken: float = 0.0
    """1 if the entry's answer does not speak of it either."""

    def row(self) -> tuple[float, ...]:
        """Return the inputs of the logistic model, the constant last."""
        return (
            self.score,
            self.lead,
            self.chance,
            self.nearest,
            self.asked,
            self.told,
            self.in_faq,
            self.length,
            self.apart,
            self.foreign,
            self.blocked,
            self.unspoken,
            self.apart * self.chance,
            1.0,
        )


SIGNS: Final = 14
"""How many weights a calibration has."""


def confidence(weights: Sequence[float], signs: Signs) -> float:
    """Return how likely a candidate with these signs is right, 0 to 1."""
    total = sum(map(mul, weights, signs.row()))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def fit(rows: Sequence[Signs], right: Sequence[bool]) -> tuple[float, ...]:
    """Return the logistic weights that best tell right candidates from wrong ones.

    Newton's method with a small ridge on all weights but the constant; deterministic.
    """
    x = np.array([row.row() for row in rows], dtype=np.float64)
    y = np.array(right, dtype=np.float64)
    penalty = np.full(x.shape[1], _RIDGE)
    penalty[-1] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(_ITERATIONS):
        likely = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (likely - y) + penalty * weights
        curve = (x * (likely * (1 - likely))[:, None]).T @ x + np.diag(penalty + 1e-6)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if float(np.abs(step).max()) < _SETTLED:
            break
    return tuple(round(float(weight), 6) for weight in weights)
