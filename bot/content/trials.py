"""What a change of the FAQ does to its cases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.changes import CaseChange
from bot.core.evaluation import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.content.load import Placed
    from bot.core.evaluation import Came


def case_changes(
    placed: Sequence[Placed], before: Sequence[Came], after: Sequence[Came]
) -> tuple[CaseChange, ...]:
    """Return every case that comes out differently; `before` may know other cases."""
    was = {(one.case.ask, one.case.after): _told(one) for one in before}
    changes: list[CaseChange] = []
    for one, came in zip(placed, after, strict=True):
        told = was.get((came.case.ask, came.case.after), _told(came))
        if one.set_name != "report" and told != _told(came):
            changes.append(CaseChange(came.case.ask, one.set_name, told, _told(came)))
    return tuple(changes)


def report_change(before: Sequence[Came], after: Sequence[Came]) -> tuple[CaseChange, ...]:
    """Return how many of the report set come out right, if that changes."""
    was, now = _counted(before), _counted(after)
    return () if was == now else (CaseChange("", "report", was, now),)


def _told(came: Came) -> str:
    return f"{came.outcome} {came.entry}" if came.entry else came.outcome


def _counted(came: Sequence[Came]) -> str:
    counts = Counter(one.verdict in {Verdict.RIGHT, Verdict.WITHIN} for one in came)
    return f"{counts[True]} of {len(came)} right"
