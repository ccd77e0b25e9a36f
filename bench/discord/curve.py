"""The picture of the memory over many uses."""

# matplotlib leaves the keyword arguments of its drawing methods without types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ROOM: Final = 1.15


def draw_memory(path: Path, points: Sequence[tuple[int, float]]) -> None:
    """Draw the MB held after so many uses."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(1, 1, 1)
    uses, held = zip(*points, strict=True)
    axes.plot(uses, held, "-", color="tab:blue")
    axes.axvspan(uses[-1] / 2, uses[-1], color="tab:gray", alpha=0.12)
    axes.set_ylim(bottom=0, top=_ROOM * max(held))
    axes.set_xlabel("uses: /ask, presses, suggestions, mentions (gray: where growth is measured)")
    axes.set_ylabel("memory of the bot (MB)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, dpi=130)
