"""Changing the FAQ: what is to be written, what would come of it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.engine import Engine


class Fault(Protocol):
    """One thing to mend. As text it is `file:line: what is wrong: what to write instead`."""

    @property
    def file(self) -> str:
        """The file it stands in, relative to the FAQ."""
        ...

    @property
    def line(self) -> int:
        """The line of that file."""
        ...

    @property
    def what(self) -> str:
        """What is wrong, in words that stay the same when the line moves."""
        ...

    @property
    def severity(self) -> str:
        """`error` if it keeps the FAQ from being used, else `warning`."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """One file as it shall be."""

    file: str
    """Relative to the FAQ, like `entries/ahsct/ahsct-cost.md`."""
    text: str | None
    """None removes the file."""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case that a change gives another outcome.

    Of the report set nothing is told but how many of its questions come out right: there, `ask`
    is empty.
    """

    ask: str
    set_name: str
    before: str
    """The name of the outcome, and the entry if one is shown."""
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come of changes. Nothing was written."""

    problems: tuple[Fault, ...]
    case_changes: tuple[CaseChange, ...]
    engine: Engine | None = field(repr=False)
    """What would answer; None if the FAQ could not be used."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The problems that have to be mended before it can be published."""
        return faults_of(self.problems)

    @property
    def hints(self) -> tuple[Fault, ...]:
        """The problems that are only to be considered."""
        return hints_of(self.problems)

    @property
    def is_fit(self) -> bool:
        """Whether it may be published."""
        return self.engine is not None and not self.faults


@dataclass(frozen=True, slots=True)
class Published:
    """The changes are written, and questions are answered from them."""

    version: str
    """Of the whole folder, see `bot.content.live.LiveFaq.version`."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file is no longer what the editor began from. Nothing was written."""

    file: str
    text: str | None
    """What stands there now; None if it was removed."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The FAQ could not be used with these changes. Nothing was written."""

    problems: tuple[Fault, ...]


Outcome: TypeAlias = Published | Conflict | Unfit


def faults_of(problems: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the problems that keep the FAQ from being used."""
    return tuple(one for one in problems if one.severity == "error")


def hints_of(problems: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the problems that are only to be considered."""
    return tuple(one for one in problems if one.severity != "error")
