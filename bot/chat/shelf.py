"""Cards that are the same each time they are shown, made once for each FAQ."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from bot.chat.cards import Card
    from bot.core.engine import Engine


class Shelf:
    """Holds the cards of one FAQ, the present one.

    A key names what the card shows, never what was asked, so that there are only so many.
    """

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._cards: dict[Hashable, Card] = {}

    def card(self, engine: Engine, key: Hashable, make: Callable[[], Card]) -> Card:
        """Return the card that was made for `key` from this FAQ, or the one that `make` makes."""
        if engine is not self._engine:
            self._engine, self._cards = engine, {}
        found = self._cards.get(key)
        if found is None:
            found = self._cards[key] = make()
        return found

    def __len__(self) -> int:
        """Return how many cards are held."""
        return len(self._cards)
