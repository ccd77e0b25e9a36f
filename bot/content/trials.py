"""A change of the FAQ, what comes of trying it, and what comes of publishing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.content.problems import errors
from bot.core.evaluation import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.content.load import Placed
    from bot.content.problems import Problem
    from bot.core.engine import Engine
    from bot.core.evaluation import Came


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the FAQ as it should be."""

    file: str
    """Relative to the FAQ's folder, like `entries/ahsct/ahsct-cost.md`."""
    text: str | None
    """None removes the file."""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case whose outcome a change would change.

    Of the report set nothing is told but how many of its questions come out right: there, `ask`
    is empty.
    """

    ask: str
    set_name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What the FAQ would be after a change, with nothing changed yet."""

    problems: tuple[Problem, ...]
    case_changes: tuple[CaseChange, ...]
    engine: Engine | None = field(repr=False)
    """Answers as the bot would after the change; None if the FAQ could not be read."""

    @property
    def is_fit(self) -> bool:
        """Whether it may be published; what is left in `problems` is then only to consider."""
        return self.engine is not None and not errors(self.problems)


@dataclass(frozen=True, slots=True)
class Published:
    """The change stands in the folder. `problems` holds what the check would have considered."""

    problems: tuple[Problem, ...]
    version: str
    """Of the whole folder, see `LiveFaq.version`."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed a file since the editor began; nothing was written."""

    file: str
    text: str | None
    """What stands there now; None if there is no such file (any more)."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The change cannot be published; nothing was written."""

    problems: tuple[Problem, ...]


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
