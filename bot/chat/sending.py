"""Getting an answer through: one more try after a broken connection, and what is nobody's fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import aiohttp
import discord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_BROKEN: Final = (
    aiohttp.ClientConnectionError,
    aiohttp.ClientPayloadError,
    ConnectionError,
    TimeoutError,
)
_TOO_LATE: Final = frozenset({10015, 10062, 50027})
"""Unknown webhook, unknown interaction, invalid token: three seconds or 15 minutes are over."""
_ALREADY: Final = 40060
"""The interaction was answered: the first try had arrived."""
_UNKNOWN_MESSAGE: Final = 10008
_FORM: Final = 50035


async def once_more(send: Callable[[], Awaitable[T]]) -> T | None:
    """Send; if the connection breaks, send once more. None if an earlier try had arrived.

    discord.py tries again only after errors with the numbers of macOS and Windows (54, 10054);
    on Linux a reset (104) would lose the answer. After a 502 it does, though Discord may have
    taken the first try.
    """
    try:
        try:
            return await send()
        except _BROKEN:
            return await send()
    except discord.HTTPException as error:
        if error.code == _ALREADY:
            return None
        raise


def is_too_late(error: Exception) -> bool:
    """Whether Discord no longer waits for this answer; nobody can be told anything then."""
    return isinstance(error, discord.HTTPException) and error.code in _TOO_LATE


def is_deleted(error: Exception) -> bool:
    """Whether the message that was to be replied to is gone."""
    if not isinstance(error, discord.HTTPException):
        return False
    return error.code == _UNKNOWN_MESSAGE or (
        error.code == _FORM and "message_reference" in error.text
    )
