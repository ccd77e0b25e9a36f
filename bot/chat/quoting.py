"""A member's own words, shown back to them alone, and read from there when they press a button.

So nothing has to remember what was asked: the message that only the member sees holds it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEFORE: Final = "**Your words:** "
_FORMATS: Final = re.compile(r"([^\w\s]|_)")
_ESCAPED: Final = re.compile(r"\\(.)")


def quoted(words: str) -> ui.TextDisplay[Any]:
    """Return words as they were typed: nothing in them formats, links or mentions."""
    return ui.TextDisplay(_BEFORE + _FORMATS.sub(r"\\\1", words))


def words_in(message: discord.Message | None) -> str | None:
    """Return the words that a message quotes; None if it quotes none."""
    for text in _texts(message.components if message else ()):
        if text.startswith(_BEFORE):
            return _ESCAPED.sub(r"\1", text.removeprefix(_BEFORE))
    return None


def _texts(components: Iterable[object]) -> Iterable[str]:
    for one in components:
        if isinstance(one, discord.TextDisplay):
            yield one.content
        elif isinstance(one, discord.Container):
            yield from _texts(one.children)
