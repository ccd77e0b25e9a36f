"""The figures as a picture. Needs matplotlib, which is an extra: import this where it is drawn."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

from bot.chat.feedback.figures import FEW, drawn, most, questions, shown, unanswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.feedback.figures import Figures

_INCHES: Final = (8.0, 11.0)
_DOTS: Final = 110
_ALL: Final = "#3b6ea5"
_MISSING: Final = "#d9b44a"
_HATCH: Final = "///"
"""So that the two are told apart without colours."""


def draw(figures: Figures) -> bytes:
    """Return a PNG: questions by day, the entries most asked, those most often unhelpful."""
    figure = Figure(figsize=_INCHES, dpi=_DOTS, layout="constrained")
    days, asked, unhelpful = figure.subplots(3, 1)
    _by_day(days, figures)
    _entries(asked, "Entries most asked", figures.asked, _ALL, "")
    _entries(unhelpful, "Most often called unhelpful", figures.unhelpful, _MISSING, _HATCH)
    picture = BytesIO()
    figure.savefig(picture, format="png")  # pyright: ignore[reportUnknownMemberType]
    return picture.getvalue()


def _by_day(axes: Any, figures: Figures) -> None:  # noqa: ANN401
    counts = dict(figures.days)
    length = (figures.last - figures.first).days + 1
    days = [figures.first + timedelta(days=number) for number in range(length)]
    came = [drawn(questions(counts.get(day, {}))) for day in days]
    missing = [drawn(unanswered(counts.get(day, {}))) for day in days]
    axes.bar(days, came, color=_ALL, label="questions")
    axes.bar(days, missing, width=0.5, color=_MISSING, hatch=_HATCH, label="without an answer")
    axes.set_title(f"Questions by day (1 to {FEW - 1} are drawn as {FEW - 1})")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.tick_params(axis="x", rotation=30)
    axes.legend()


def _entries(axes: Any, title: str, counts: Mapping[str, int], colour: str, hatch: str) -> None:  # noqa: ANN401
    found = most(counts)[::-1]
    bars = axes.barh([name for name, _ in found], [drawn(n) for _, n in found], color=colour)
    for bar in bars:
        bar.set_hatch(hatch)
    axes.bar_label(bars, [shown(count) for _, count in found], padding=3)
    axes.set_title(title if found else f"{title}: none")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.margins(x=0.12)
