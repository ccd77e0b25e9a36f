"""Numbers as they come back from Discord: of proposals, changes, roles and channels."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 19
_LARGEST: Final = 2**63 - 1


def number_in(text: str) -> int:
    """Return the number that a text is; 0, which nothing is called, if it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return 0
    number = int(text)
    return number if number <= _LARGEST else 0
