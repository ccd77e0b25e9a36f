"""Whose help lines come first in a list: a country's own, with every other line still there."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

_DASH: Final = "- "


def home_first(text: str, country: str) -> str:
    """Return a text in whose lists the lines that name `country` come first; no line is lost."""
    sorted_: list[str] = []
    for is_list, group in groupby(text.split("\n"), _is_in_a_list):
        lines = list(group)
        # A stable sort: all else stays in the order a moderator gave it.
        sorted_ += sorted(lines, key=lambda line: not _named(line, country)) if is_list else lines
    return "\n".join(sorted_)


def names(text: str, country: str) -> bool:
    """Whether a line of a list in a text names a country."""
    return any(_is_in_a_list(line) and _named(line, country) for line in text.split("\n"))


def _is_in_a_list(line: str) -> bool:
    return line.startswith(_DASH)


def _named(line: str, country: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(country)}(?!\w)", line) is not None
