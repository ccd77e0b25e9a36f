"""The whole examination: this machine, the token, then everything Discord tells of the bot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import ClientError
from discord import Client, DiscordException, HTTPException, Intents, LoginFailure

from bot.chat.doctor.application import examine_application
from bot.chat.doctor.connecting import examine_commands, examine_gateway
from bot.chat.doctor.findings import Finding, doubtful, fine, listed, wrong
from bot.chat.doctor.premises import Premises, examine_premises
from bot.chat.doctor.servers import (
    examine_copies,
    examine_home,
    examine_servers,
    places,
    some_with,
)
from bot.chat.doctor.tokens import NEW_TOKEN, WHAT, read_token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from bot.chat.syncing import Command

PATIENCE: Final = 60.0
"""Seconds after which Discord counts as out of reach."""

_DISCORD: Final = "Discord"
_TOO_MANY: Final = 429
_IN_TROUBLE: Final = 500
_STATUS_PAGE: Final = "https://discordstatus.com"


async def examine(
    token: str | None,
    commands: Sequence[Command],
    premises: Premises,
    *,
    tidy: bool = False,
    patience: float = PATIENCE,
) -> list[Finding]:
    """Return everything there is to say, good and bad; no finding holds the token.

    `commands` is what this version registers (`syncing.wanted_commands`). Nothing is changed, but
    with `tidy` commands that are registered for single servers are removed.
    """
    found = examine_premises(premises)
    bare, badly_written = read_token(token)
    found += badly_written
    if bare is None:
        return found
    try:
        async with asyncio.timeout(patience), Client(intents=Intents.none()) as client:
            await client.login(bare)
            await _online(client, commands, premises.home_guild_id, found, tidy=tidy)
    except LoginFailure:
        told = "Discord does not accept the token. It was mistyped, or replaced by a newer one."
        found.append(wrong(WHAT, told, NEW_TOKEN))
    except DiscordException as error:
        found.append(_refused(error))
    except (OSError, ClientError) as error:  # a TimeoutError is an OSError
        found.append(_unreachable(error, patience))
    return found


async def _online(
    client: Client,
    commands: Sequence[Command],
    home: int | None,
    found: list[Finding],
    *,
    tidy: bool,
) -> None:
    """Add what there is to say of a client that is logged in, as soon as it is known."""
    app = client.application or await client.application_info()
    found.append(fine(WHAT, f"Discord accepts it. The bot is {listed([app.name])}."))
    found += examine_application(app)
    found += await _answered("Starts", examine_gateway(client))
    found += await _answered("Commands", examine_commands(client, commands))
    try:
        known = await places(client)
    except DiscordException as error:
        found.append(_unanswered("Servers", error))
        return
    found += examine_servers(known, app.id)
    found += await _answered("Home server", examine_home(client, known, home))
    looked = some_with(home, known)
    found += await _answered("Commands twice", examine_copies(client, app.id, looked, tidy=tidy))


async def _answered(what: str, asked: Awaitable[list[Finding]]) -> list[Finding]:
    """Return what was found, or that Discord did not say; the rest is looked at all the same."""
    try:
        return await asked
    except DiscordException as error:
        return [_unanswered(what, error)]


def _unanswered(what: str, error: DiscordException) -> Finding:
    told = f"Discord did not tell ({_status(error)}), so this was not looked at."
    return doubtful(what, told, "Run “msfaq doctor” again in a few minutes.")


def _refused(error: DiscordException) -> Finding:
    """Return why Discord does not talk with this machine at all."""
    status = error.status if isinstance(error, HTTPException) else 0
    if status == _TOO_MANY:
        told = "Discord takes nothing from this machine for the time being (429)."
        mend = "Wait an hour. If the bot is running, stop it: it may be what asks too often."
        return wrong(_DISCORD, told, mend)
    if status >= _IN_TROUBLE:
        told = f"Discord is in trouble itself ({status})."
        return wrong(_DISCORD, told, f"Wait, and look at {_STATUS_PAGE}")
    told = f"Discord gave an answer that the bot does not understand ({_status(error)})."
    return wrong(_DISCORD, told, "Try again later; if it stays, tell the bot's developers.")


def _status(error: DiscordException) -> str:
    # The library has a wrapper of its own for what goes wrong about the gateway.
    cause = error if isinstance(error, HTTPException) else error.__cause__
    return str(cause.status) if isinstance(cause, HTTPException) else type(error).__name__


def _unreachable(error: Exception, patience: float) -> Finding:
    late = isinstance(error, TimeoutError)
    told = f"no answer within {patience:g} seconds" if late else str(error)
    return wrong(
        _DISCORD,
        f"Discord cannot be reached from this machine: {told}.",
        "Look whether this machine is connected to the internet, whether a firewall or proxy "
        f"keeps it from https://discord.com, and whether Discord itself works: {_STATUS_PAGE}",
    )
