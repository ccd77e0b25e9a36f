"""An engine with a fault in it: a question with a certain word breaks it, in words of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.answering import Answerer
from bot.core.matcher import Matcher

if TYPE_CHECKING:
    from bot.core.answering import Considered, FixedText, Reply
    from bot.core.engine import Engine
    from bot.core.faq import Entry

WORD = "zebra"
"""What breaks it."""


class _Answerer(Answerer):
    def __init__(self, sound: Answerer) -> None:
        self._sound = sound

    def named(self, text: str) -> Entry | None:
        return self._sound.named(text)

    def consider(
        self, question: str, context: str | None = None, *, whole: bool = True
    ) -> Considered:
        _break(question)
        return self._sound.consider(question, context, whole=whole)

    def show(self, entry_id: str) -> Reply | None:
        return self._sound.show(entry_id)

    def page(self, text: FixedText) -> Reply:
        return self._sound.page(text)


class _Matcher(Matcher):
    def __init__(self, sound: Matcher) -> None:
        self._sound = sound

    def nearest(self, typed: str, most: int) -> tuple[Entry, ...]:
        _break(typed)
        return self._sound.nearest(typed, most)


def _break(text: str) -> None:
    if WORD in text:
        raise ValueError(f"nobody foresaw {text!r}")


def breakable(sound: Engine) -> Engine:
    """Return an engine like this one, which breaks at WORD."""
    return replace(sound, answerer=_Answerer(sound.answerer), matcher=_Matcher(sound.matcher))
