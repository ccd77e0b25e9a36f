"""What was made of the texts of one FAQ, for building it again after a small change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.faq import Words
    from bot.core.features import Floats, Ints, Rows
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


@dataclass(frozen=True, slots=True)
class Sharpened:
    """All wordings of the last FAQ, and what was made of them together."""

    rows: Rows
    owners: Ints
    shares: Floats
    """See `bot.core.fitting`: what an entry's weights are made of, its wordings alone decide."""

    def are(self, rows: Rows, owners: Ints) -> bool:
        """Whether these are the very same wordings, of the same entries."""
        return all(
            np.array_equal(one, other)
            for one, other in (
                (self.owners, owners),
                (self.rows.starts, rows.starts),
                (self.rows.numbers, rows.numbers),
                (self.rows.values, rows.values),
            )
        )


class Remembered:
    """What was made of texts with the same `words.yaml`, on which all of it rests."""

    def __init__(self) -> None:
        self._language: Words | None = None
        self.words: Made[list[str]] = Made()
        self.read: Made[ReadText] = Made()
        self.sharpened: Sharpened | None = None

    def begin(self, language: Words) -> None:
        """Begin with the next FAQ, which has this `words.yaml`."""
        anew = self._language != language
        self._language = language
        self.words.begin(anew=anew)
        self.read.begin(anew=anew)
