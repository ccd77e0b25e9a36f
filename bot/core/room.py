"""How much of a text a message has room for, counted as Discord counts: addresses too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.faq import MESSAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.faq import Source, Wording

TOPIC_LIMIT: Final = 400
"""Entries of one topic that the menus of one message hold: 16 of 25 each."""
SOURCES_PAGE: Final = 1_800
"""Characters of a page of the list of all sources."""

_RESERVED_FOR_HEADINGS: Final = 240
"""Characters of headings and labels, and of the line that leads from an answer to its question."""
_AROUND_A_SOURCE: Final = 12
"""Characters that make a link and a line of a list of it."""
_AROUND_A_TITLE: Final = 8
"""The same for its title in front."""


def room_for_answer(sources: Sequence[Source], wording: Wording, evidence: str, title: str) -> int:
    """Return how many characters a text may have beside what every reply must carry.

    Each source counts by its line, without its title.
    """
    kinds = (wording.source_kinds.get(source.kind, "") for source in sources)
    lines = sum(
        len(source.line) + len(source.link) + len(kind) + _AROUND_A_SOURCE
        for source, kind in zip(sources, kinds, strict=True)
    )
    fixed = lines + len(wording.disclaimer) + len(evidence) + len(title)
    return MESSAGE_LIMIT - _RESERVED_FOR_HEADINGS - fixed


def room_in_list(source: Source, kind: str) -> int:
    """Return how many characters a page of the list of sources has left beside one; may be < 0."""
    parts = (source.title, source.line, source.link, kind)
    return SOURCES_PAGE - sum(map(len, parts)) - _AROUND_A_SOURCE - _AROUND_A_TITLE
