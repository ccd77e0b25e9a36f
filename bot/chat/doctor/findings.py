"""What the doctor found, in sentences for somebody who cannot program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it is, and what to do about it."""

    what: str
    ok: bool | None
    """None for what works, but deserves a look."""
    told: str
    mend: str = ""
    """What to do; empty if there is nothing to do."""


def fine(what: str, told: str) -> Finding:
    """Return that all is well."""
    return Finding(what, ok=True, told=told)


def doubtful(what: str, told: str, mend: str) -> Finding:
    """Return what works, but deserves a look."""
    return Finding(what, ok=None, told=told, mend=mend)


def wrong(what: str, told: str, mend: str) -> Finding:
    """Return what keeps the bot from doing its work."""
    return Finding(what, ok=False, told=told, mend=mend)


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them; of many, the first and how many more."""
    shown = [_harmless(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _harmless(name: str) -> str:
    """Return a name that strangers chose, without what could move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in name).strip()
