"""When something breaks: a number for the member, and for the operator the number and the place.

An exception's own words may quote what a member wrote. They are therefore left out of the log:
its type and the lines of code it passed through are what a programmer needs.
"""

from __future__ import annotations

import logging
import secrets
import traceback

_log = logging.getLogger(__name__)


def note_failure(where: str, number: int, error: BaseException) -> str:
    """Log a failure at `where` (a way in) with Discord's `number`; return its own, six digits."""
    incident = secrets.token_hex(3)
    _log.error("failure %s: %s %d: %s\n%s", incident, where, number, kind(error), places(error))
    return incident


def kind(error: BaseException) -> str:
    """Return what an exception is, without its words: its type, and a status or number if any."""
    parts = [type(error).__name__]
    parts += [
        f"{name} {value}"
        for name in ("status", "code", "errno")
        if isinstance(value := getattr(error, name, None), int)
    ]
    return ", ".join(parts)


def places(error: BaseException) -> str:
    """Return the lines of code an exception passed through, and those of what caused it."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(f"{kind(cause)}, from:")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)
