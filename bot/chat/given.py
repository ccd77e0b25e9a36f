"""Which answers stand in which channels, so that none is given twice within minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chat.house import House

LONGEST: Final = 3_600
"""Seconds that a server can set at most."""


class Given:
    """The answers that everybody in a channel saw, for an hour at most: numbers and entry ids."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given = Recent[tuple[float, int]](LONGEST, clock)

    def note(self, place: int, entry: str, message: int | None) -> None:
        """Remember that an entry stands in a channel, in this message."""
        if message is not None:
            self._given.note(hash((place, entry)), (self._clock(), message))

    def already(self, place: int, entry: str | None, house: House) -> int | None:
        """Return the message in which an entry stands that is not to be given again yet."""
        found = self._given.get(hash((place, entry))) if house.cooldown and entry else None
        if found is None or self._clock() - found[0] >= house.cooldown:
            return None
        return found[1]
