"""What is wrong with a file, told to the moderator who wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 80
"""Characters of a file's own words that a sentence repeats; a line of 60 KB stays readable."""


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
        """Return `file:line: what is wrong: what to write instead`, in one line."""
        note = "" if self.severity is Severity.ERROR else "(to consider) "
        return " ".join(f"{self.file}:{self.line}: {note}{self.what}: {self.instead}".split())


class ContentError(Exception):
    """The FAQ cannot be used. `problems` holds every reason, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that keep the FAQ from being used."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def shown(text: str) -> str:
    """Return `text` as a sentence may repeat it: in one line, cut after 80 characters."""
    line = " ".join(text[: 4 * _SHOWN].split())
    # A terminal must be told nothing that is not a character: no controls, no halves of emoji.
    line = "".join(one if one.isprintable() else "?" for one in line)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
