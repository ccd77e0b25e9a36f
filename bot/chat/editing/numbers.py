"""Numbers of proposals and changes, as they come back from Discord."""

from __future__ import annotations

_DIGITS = 18


def number_in(text: str) -> int:
    """Return the number that a text is; 0, which nothing is called, if it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
