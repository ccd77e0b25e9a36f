"""How likely a harm must be to raise the alarm: what hears most and stays quiet enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

GRID: Final = tuple(round(0.02 * step, 2) for step in range(1, 50))
"""The thresholds that are tried."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How likely a harm each text is, where a phrase tells of it, and what is allowed."""

    likely: NDArray[np.float64]
    phrased: NDArray[np.bool_]
    wanted: NDArray[np.bool_]
    """The texts that are to raise the alarm."""
    quiet: Sequence[tuple[NDArray[np.bool_], float]]
    """Groups of texts, and the share of each that may raise it falsely."""

    def best(self) -> tuple[float, float]:
        """Return the thresholds without and with a phrase that hear most; the strictest if none."""
        heard = {
            pair: float(self._alarmed(*pair)[self.wanted].mean())
            for pair in ((at, lower) for at in GRID for lower in GRID if lower <= at)
            if self._is_quiet(*pair)
        }
        return max(heard, key=lambda pair: (heard[pair], pair), default=(GRID[-1], GRID[-1]))

    def _alarmed(self, at: float, with_phrase: float) -> NDArray[np.bool_]:
        return (self.likely >= at) | (self.phrased & (self.likely >= with_phrase))

    def _is_quiet(self, at: float, with_phrase: float) -> bool:
        alarmed = self._alarmed(at, with_phrase)
        return all(alarmed[group].sum() <= most * group.sum() for group, most in self.quiet)
