"""What was counted, in words and numbers of which none below five is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

FEW: Final = 5
"""A smaller number may tell of a single member, so that only "<5" is shown."""
MOST: Final = 10
"""Entries in a list."""
NONE_OF_THESE: Final = "none_of_these"
"""What is counted when no choice was meant: a question that stayed without an answer after all."""
_UNANSWERED: Final = ("declined", NONE_OF_THESE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted between two days."""

    first: date
    last: date
    days: Sequence[tuple[date, Mapping[str, int]]]
    """Each day with a question, and what the questions came to."""
    asked: Mapping[str, int]
    """Entry → how often it was the answer."""
    unhelpful: Mapping[str, int]
    """Entry → how often it was called unhelpful, for whatever reason."""
    helpful: Mapping[str, int]


class Counted(Protocol):
    """Where figures come from."""

    async def figures(self, first: date, last: date) -> Figures:
        """Return what was counted between two days, both included.

        Raises:
            KeepingError: if it cannot be read now.

        """
        ...


def shown(count: int) -> str:
    """Return a count as it may be shown."""
    return "<5" if 0 < count < FEW else f"{count:,}"


def drawn(count: int) -> int:
    """Return a count as it may be drawn: all below five look the same."""
    return FEW - 1 if 0 < count < FEW else count


def questions(counts: Mapping[str, int]) -> int:
    """Return how many questions came; none of these is no question of its own."""
    return sum(count for name, count in counts.items() if name != NONE_OF_THESE)


def unanswered(counts: Mapping[str, int]) -> int:
    """Return how many questions found no answer."""
    return sum(counts.get(name, 0) for name in _UNANSWERED)


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the entries counted most; among those below five, their order tells nothing."""
    return sorted(counts.items(), key=lambda one: (-drawn(one[1]), one[0]))[:MOST]


def by_day(figures: Figures) -> list[str]:
    """Return a line for each day with a question."""
    return [f"{day.isoformat()}: {_outcomes(counts)}" for day, counts in figures.days]


def in_all(figures: Figures) -> list[str]:
    """Return what came of all questions, and how many found no answer."""
    total: Counter[str] = Counter()
    for _, counts in figures.days:
        total.update(counts)
    lines = [f"{name.replace('_', ' ')}: {shown(count)}" for name, count in sorted(total.items())]
    missing, of = unanswered(total), questions(total)
    if of >= FEW and (missing == 0 or missing >= FEW):
        lines.append(f"without an answer: {missing / of:.0%}")
    elif of:
        lines.append("without an answer: too few to tell a share")
    return lines


def asked_most(figures: Figures) -> list[str]:
    """Return a line for each of the entries most asked."""
    return [f"{entry}: {shown(count)}" for entry, count in most(figures.asked)]


def unhelpful_most(figures: Figures) -> list[str]:
    """Return a line for each of the entries most often called unhelpful."""
    return [
        f"{entry}: {shown(count)} not helpful, {shown(figures.helpful.get(entry, 0))} helpful"
        for entry, count in most(figures.unhelpful)
    ]


def _outcomes(counts: Mapping[str, int]) -> str:
    parts = (f"{name.replace('_', ' ')} {shown(count)}" for name, count in sorted(counts.items()))
    return ", ".join(parts)
