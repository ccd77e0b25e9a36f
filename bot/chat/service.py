"""Keeping the bot connected: what ends the library's client does not end the service."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

import discord

from bot.chat.failures import kind, places

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.chat.client import FaqClient

    Pause: TypeAlias = Callable[[asyncio.Event, float], Awaitable[None]]

_log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 120.0
"""Seconds: with fewer than 1,000 tries a day Discord's limit of identifies is never met."""
_LONG_ENOUGH: Final = 600.0
"""Seconds of service after which a break is a new one, not the last one again."""
_FINISH_WITHIN: Final = 5.0

_FATAL: Final = {
    4004: "Discord did not take the token: make a new one under Bot, Reset Token, on the "
    "developers' page, and set DISCORD_TOKEN",
    4010: "SHARD_IDS names a shard that does not exist: each must be below SHARD_COUNT",
    4011: "the bot is in too many servers for so few shards: remove SHARD_COUNT",
    4012: "Discord no longer speaks this version of its gateway: install a newer version",
    4013: "Discord does not know an intent of this version: install a newer version",
    4014: "Discord refused an intent this bot does not ask for: install a newer version",
}


class ServiceError(Exception):
    """The bot cannot be served at all; the text says why and how to mend it."""


async def pause_until(stop: asyncio.Event, seconds: float) -> None:
    """Return after so many seconds, or as soon as `stop` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def serve(
    make_client: Callable[[], FaqClient],
    token: str,
    stop: asyncio.Event,
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Pause = pause_until,
) -> None:
    """Serve until `stop` is set; then finish the answers in flight and return.

    A client that ends is followed by a new one, after a pause that doubles from 1 s to 2 min.

    Raises:
        ServiceError: if no new client would help: the token is wrong, say.

    """
    seconds = _FIRST_PAUSE
    while not stop.is_set():
        began = clock()
        await _serve_once(make_client(), token, stop)
        if stop.is_set():
            return
        if clock() - began > _LONG_ENOUGH:
            seconds = _FIRST_PAUSE
        _log.warning("trying again in %.0f s", seconds)
        await pause(stop, seconds)
        seconds = min(2 * seconds, _LONGEST_PAUSE)


async def _serve_once(client: FaqClient, token: str, stop: asyncio.Event) -> None:
    async with client:
        running = asyncio.create_task(client.start(token))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await client.finish(_FINISH_WITHIN)
            # A library that still tries to connect would go on for ever.
            running.cancel()
        stopping.cancel()
        await asyncio.wait({running})
    error = None if running.cancelled() else running.exception()
    if error is not None and not stop.is_set():
        _judge(error)


def _judge(error: BaseException) -> None:
    """Raise what no new client would mend; log the rest."""
    if isinstance(error, discord.LoginFailure):
        raise ServiceError(_FATAL[4004]) from error
    if isinstance(error, discord.PrivilegedIntentsRequired):
        raise ServiceError(_FATAL[4014]) from error
    if isinstance(error, discord.ConnectionClosed) and error.code in _FATAL:
        raise ServiceError(_FATAL[error.code]) from error
    _log.warning("the connection to Discord ended: %s\n%s", kind(error), places(error))
