"""How the bot behaves in each server, as its managers set it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import discord

    from bot.chat.chores import Attic


@dataclass(frozen=True, slots=True)
class House:
    """The rules of one server; as they stand here where nobody set anything."""

    mentions_in: tuple[int, ...] = ()
    """The channels where mentions are answered; everywhere if none is named."""
    open_by_default: bool = False
    """Whether everybody sees the answer to a command unless it is asked for in private."""
    country: str | None = None
    """Whose help lines come first: two letters; None for the order of the FAQ."""
    cooldown: int = 0
    """Seconds before the same answer is given to all in the same channel again."""
    feedback: bool = True
    """Whether answers ask if they were helpful."""
    inbox: bool = True
    """Whether a question without an answer can be sent to the moderators."""

    def answers_in(self, channel: int) -> bool:
        """Whether mentions in this channel are answered."""
        return not self.mentions_in or channel in self.mentions_in


class HouseKeeper(Protocol):
    """Where the rules of each server are kept."""

    async def get(self, server: int) -> House:
        """Return the last known rules, or the usual ones: never late, never an error."""
        ...

    async def set(self, server: int, house: House) -> None:
        """Keep rules.

        Raises:
            KeepingError: if they cannot be kept; then the old ones hold.

        """
        ...


SILENT: Final = House(feedback=False, inbox=False)
"""Where nothing can be kept: nobody is asked for anything."""


class Houses:
    """The rules of every place the bot is used in."""

    def __init__(self, keeper: HouseKeeper | None = None, attic: Attic | None = None) -> None:
        self.keeper = keeper
        self.attic = attic

    async def of(self, server: int | None) -> House:
        """Return the rules of a server, or of direct messages if there is none."""
        if self.keeper is None:
            return SILENT
        return House() if server is None else await self.keeper.get(server)


def server_of(message: discord.Message) -> int | None:
    """Return the server a message was written in; None for direct messages."""
    # The bot keeps no servers in memory, so that a message does not know its own.
    number = getattr(message.channel, "guild_id", None)
    return number if isinstance(number, int) else None
