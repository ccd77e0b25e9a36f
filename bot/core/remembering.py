"""What was made of the texts of one FAQ, for building it again after a small change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.faq import Words
    from bot.core.fitting import ReadText

T = TypeVar("T")


class Made(Generic[T]):
    """Text → what was made of it, as long as two FAQs running have that text."""

    def __init__(self) -> None:
        self._before: dict[str, T] = {}
        self._now: dict[str, T] = {}

    def of(self, text: str, make: Callable[[str], T]) -> T:
        """Return what was made of `text`, or what `make` makes of it."""
        found = self._before.get(text)
        made = self._now[text] = make(text) if found is None else found
        return made

    def begin(self, *, anew: bool) -> None:
        """Begin with the next FAQ, `anew` if what was made of texts rests on what has changed."""
        self._before, self._now = ({} if anew else self._now), {}


class Remembered:
    """What was made of texts with the same `words.yaml`, on which all of it rests."""

    def __init__(self) -> None:
        self._language: Words | None = None
        self.words: Made[list[str]] = Made()
        self.read: Made[ReadText] = Made()

    def begin(self, language: Words) -> None:
        """Begin with the next FAQ, which has this `words.yaml`."""
        anew = self._language != language
        self._language = language
        self.words.begin(anew=anew)
        self.read.begin(anew=anew)
