"""What is wrong with a file, told to the moderator who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """Whether a problem keeps the FAQ from being used."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: in which file (relative to the FAQ), on which line, and how."""

    file: str
    line: int
    what: str
    instead: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return `file:line: what is wrong: what to write instead`."""
        note = "" if self.severity is Severity.ERROR else "(to consider) "
        return f"{self.file}:{self.line}: {note}{self.what}: {self.instead}"


class ContentError(Exception):
    """The FAQ cannot be used. `problems` holds every reason, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that keep the FAQ from being used."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
