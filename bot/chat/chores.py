"""What is done once a day: what is kept no longer is deleted, and what servers left behind.

Discord tells a bot that it was removed from a server only for an intent that costs fourteen times
the memory a server. So the bot asks, once a day, which servers it is in.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Protocol

import aiohttp
import discord

from bot.chat.failures import kind
from bot.chat.feedback.parts import KeepingError

if TYPE_CHECKING:
    from collections.abc import Collection

_log = logging.getLogger(__name__)

EVERY: Final = 24 * 3_600.0


class Attic(Protocol):
    """What is kept. Every method raises KeepingError if it cannot be done now."""

    async def tidy(self) -> None:
        """Delete what is kept no longer."""
        ...

    async def servers(self) -> Collection[int]:
        """Return the servers about which something is kept."""
        ...

    async def forget(self, server: int) -> None:
        """Delete what is kept about a server."""
        ...


async def daily(client: discord.Client, attic: Attic) -> None:
    """Do the chores now, and then once a day, for as long as this is not cancelled."""
    while True:
        try:
            await _once(client, attic)
        except (KeepingError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.warning("the daily chores could not be done: %s", kind(error))
        await asyncio.sleep(EVERY)


async def _once(client: discord.Client, attic: Attic) -> None:
    await attic.tidy()
    # Read before Discord is asked: a server that comes meanwhile is not taken for one that left.
    kept = await attic.servers()
    if not kept:
        return
    present = {one.id async for one in client.fetch_guilds(limit=None, with_counts=False)}
    for server in kept:
        if server not in present:
            await attic.forget(server)
            _log.info("server %d: the bot is no longer in it, and what was kept is deleted", server)
