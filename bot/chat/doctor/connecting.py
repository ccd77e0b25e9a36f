"""Whether Discord lets the bot connect, and what it has registered of the bot's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.doctor.findings import Finding, doubtful, fine, listed, wrong
from bot.chat.syncing import changes, parsed, registered_bodies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import Client

    from bot.chat.syncing import Changes, Command

_STARTS: Final = "Starts"
_SHARDS: Final = "Connections"
_COMMANDS: Final = "Commands"
_FEW: Final = 0.1
"""The share of the day's starts below which something starts the bot over and over."""

_MS_PER_MINUTE: Final = 60_000
_MINUTES_PER_HOUR: Final = 60


async def examine_gateway(client: Client) -> list[Finding]:
    """Return whether the bot may still start today, and how many connections it takes."""
    shards, _, limit = await client.http.get_bot_gateway()
    left, total, again = limit["remaining"], limit["total"], _in(limit["reset_after"])
    return [_starts(left, total, shards, again), _shards(shards)]


def _starts(left: int, total: int, shards: int, again: str) -> Finding:
    told = f"{left} of {total} are left until Discord counts anew {again}."
    mend = (
        "Something starts the bot over and over. Look into its log for what ends it, and mend "
        "that first."
    )
    if left < shards:
        return wrong(_STARTS, f"The bot cannot start: {told}", f"Wait until then. {mend}")
    if left < total * _FEW:
        return doubtful(_STARTS, f"Few are left: {told}", mend)
    return fine(_STARTS, told)


def _shards(shards: int) -> Finding:
    if shards <= 1:
        return fine(_SHARDS, "Discord recommends one; the bot opens it.")
    told = f"Discord recommends {shards} (“shards”); the bot opens them by itself."
    mend = f"If SHARD_COUNT is set, it has to be {shards} or more, over all processes together."
    return doubtful(_SHARDS, told, mend)


def _in(milliseconds: int) -> str:
    minutes = -(-milliseconds // _MS_PER_MINUTE)
    if minutes < 2 * _MINUTES_PER_HOUR:
        return "in a minute" if minutes <= 1 else f"in {minutes} minutes"
    return f"in {minutes / _MINUTES_PER_HOUR:.0f} hours"


async def examine_commands(client: Client, wanted: Sequence[Command]) -> list[Finding]:
    """Return whether members find this version's commands."""
    registered = parsed(await registered_bodies(client))
    found = changes(wanted, registered)
    run = "Start “msfaq run” once: it registers them. It can take Discord's apps a minute to show."
    if not registered:
        return [doubtful(_COMMANDS, "None is registered yet.", run)]
    if found:
        return [doubtful(_COMMANDS, f"They are not those of this version: {_said(found)}.", run)]
    return [fine(_COMMANDS, f"{listed([one.said for one in wanted])} are registered.")]


def _said(found: Changes) -> str:
    parts = (("missing", found.new), ("changed", found.different), ("left over", found.left_over))
    return "; ".join(
        f"{word} {listed([one.said for one in commands])}" for word, commands in parts if commands
    )
