"""The two pictures: what growth costs, and whether the confidence can be believed."""

# matplotlib leaves the keyword arguments of its drawing methods without types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from bench.growing import Grown
    from bot.core.evaluation import Bin

FLOOR_WORDINGS: Final = 100_000
FLOOR_MS: Final = 15.0
FLOOR_BUILD_S: Final = 15.0
FLOOR_MB: Final = 400.0
_OURS: Final = "tab:blue"
_FLOOR: Final = "tab:red"


def draw_growth(
    path: Path, grown: Sequence[Grown], others: Mapping[str, Sequence[tuple[int, float]]]
) -> None:
    """Draw time, build and memory by number of wordings; `others` are (wordings, ms)."""
    figure = Figure(figsize=(13, 5), layout="constrained")
    FigureCanvasAgg(figure)
    time, build, memory = (figure.add_subplot(1, 3, place) for place in (1, 2, 3))
    sizes = [one.wordings for one in grown]
    _panel(time, "Time per question (ms)", FLOOR_MS)
    time.plot(sizes, [one.median_ms for one in grown], "o-", color=_OURS, label="ours, median")
    time.plot(sizes, [one.p99_ms for one in grown], "o:", color=_OURS, label="ours, p99")
    for (name, points), colour in zip(others.items(), ("tab:gray", "tab:olive"), strict=False):
        wordings, milliseconds = zip(*points, strict=True)
        time.plot(wordings, milliseconds, "s--", color=colour, label=f"{name}, median")
    _panel(build, "Build (s)", FLOOR_BUILD_S)
    build.plot(sizes, [one.build_s for one in grown], "o-", color=_OURS, label="ours")
    _panel(memory, "Peak memory of the process (MB)", FLOOR_MB)
    memory.plot(sizes, [one.peak_mb for one in grown], "o-", color=_OURS, label="ours")
    memory.set_ylim(bottom=0, top=1.15 * max(FLOOR_MB, *(one.peak_mb for one in grown)))
    for axes in (time, build):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    time.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    figure.suptitle(f"From {sizes[0]:,} to {sizes[-1]:,} wordings, one core")
    figure.savefig(path, dpi=130)


def _panel(axes: Axes, title: str, floor: float) -> None:
    axes.set_title(title, fontsize=11)
    axes.set_xscale("log")
    axes.set_xlabel("wordings")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.axhline(floor, color=_FLOOR, linestyle="-.")
    place = (0.02, floor)
    axes.annotate(
        f"floor for {FLOOR_WORDINGS:,} wordings: {floor:g}",
        place,
        xycoords=("axes fraction", "data"),
        xytext=(0, -12),
        textcoords="offset points",
        color=_FLOOR,
        fontsize=8,
    )


def draw_reliability(path: Path, bins: Sequence[Bin]) -> None:
    """Draw how often the first candidate was right against how sure the bot was of it."""
    filled = [one for one in bins if one.right.total]
    sure = [one.sure for one in filled]
    right = [one.right.value for one in filled]
    below = [max(0.0, one.right.value - one.right.interval[0]) for one in filled]
    above = [max(0.0, one.right.interval[1] - one.right.value) for one in filled]
    figure = Figure(figsize=(6, 5.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(1, 1, 1)
    axes.plot([0, 1], [0, 1], "--", color="tab:gray", label="as sure as right")
    axes.errorbar(sure, right, [below, above], fmt="o-", color=_OURS, capsize=4, label="measured")
    for one in filled:
        axes.annotate(
            f"n = {one.right.total}",
            (one.sure, one.right.interval[0]),
            xytext=(0, -12),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    axes.set(xlim=(-0.05, 1.05), ylim=(-0.08, 1.05))
    axes.set_xlabel("confidence of the first candidate (mean of the band)")
    axes.set_ylabel("share that was right, with 95 % interval")
    axes.set_title("Report set: questions to answer and to decline", fontsize=11)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="upper left")
    figure.savefig(path, dpi=130)
