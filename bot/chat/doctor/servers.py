"""What the bot may do in each of its servers, and what is registered there that should not be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discord import Forbidden, HTTPException, Permissions

from bot.chat.doctor.application import missing_words
from bot.chat.doctor.findings import Finding, doubtful, fine, listed, wrong
from bot.chat.inviting import invite_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from discord import Client

_SERVERS: Final = "Servers"
_PERMISSIONS: Final = "Permissions"
_ADMINISTRATOR: Final = "Administrator"
_HOME: Final = "Home server"
_TWICE: Final = "Commands twice"
_MOST: Final = 200
"""As many servers as Discord lists at once."""

_NO_SUCH: Final = frozenset({400, 403, 404})
"""What Discord answers when asked for a server that is none of the bot's."""

_LOOKED_INTO: Final = 5
"""In how many servers, besides the home server, left-over commands are looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the bot's servers, and what the bot's roles allow it there."""

    id: int
    name: str
    permissions: Permissions


async def places(client: Client) -> list[Place]:
    """Return the bot's servers, at most the first 200; the client is logged in."""
    found = await client.http.get_guilds(_MOST, with_counts=False)
    return [
        Place(int(one["id"]), one["name"], Permissions(int(one.get("permissions", 0))))
        for one in found
    ]


def examine_servers(found: Sequence[Place], application_id: int) -> list[Finding]:
    """Return where the bot is, and where it may do too little or too much."""
    link = invite_link(application_id)
    if not found:
        told = "The bot is in no server yet."
        return [doubtful(_SERVERS, told, f"Open this link and choose your server: {link}")]
    return [_count(found), *_too_little(found, link), *_too_much(found)]


def _count(found: Sequence[Place]) -> Finding:
    if len(found) >= _MOST:
        return fine(_SERVERS, f"The bot is in {_MOST} or more; the first {_MOST} were looked at.")
    count = "1 server" if len(found) == 1 else f"{len(found)} servers"
    return fine(_SERVERS, f"The bot is in {count}: {listed([one.name for one in found])}.")


def _too_little(found: Iterable[Place], link: str) -> list[Finding]:
    by_lack: dict[tuple[str, ...], list[str]] = {}
    for one in found:
        lack = () if one.permissions.administrator else tuple(missing_words(one.permissions))
        by_lack.setdefault(lack, []).append(one.name)
    fit = by_lack.pop((), [])
    if not by_lack:
        told = "In each server its roles let the bot do what it needs; a channel may still forbid."
        return [fine(_PERMISSIONS, told)]
    return [
        wrong(
            _PERMISSIONS,
            f"In {listed(names)} the bot lacks {listed([f'“{word}”' for word in lack])}, so it "
            "cannot answer everywhere there.",
            "A manager of the server gives the bot's role what it lacks, in Server Settings, "
            f"“Roles”; or opens this link again and confirms: {link}",
        )
        for lack, names in by_lack.items()
    ] + ([fine(_PERMISSIONS, f"All are there in {listed(fit)}.")] if fit else [])


def _too_much(found: Iterable[Place]) -> list[Finding]:
    names = [one.name for one in found if one.permissions.administrator]
    if not names:
        return []
    return [
        doubtful(
            _ADMINISTRATOR,
            f"In {listed(names)} the bot may do everything. It does not need that.",
            "In Server Settings, “Roles”, switch “Administrator” off in the bot's role.",
        )
    ]


async def examine_home(client: Client, found: Iterable[Place], home: int | None) -> list[Finding]:
    """Return whether the home server is one of the bot's."""
    if home is None:
        return [fine(_HOME, "HOME_GUILD_ID is not set, so the FAQ is not edited from Discord.")]
    name = next((one.name for one in found if one.id == home), None)
    try:
        # The server may be beyond the first 200.
        name = name or (await client.http.get_guild(home, with_counts=False))["name"]
    except HTTPException as error:
        if error.status not in _NO_SUCH:
            raise
        return [
            wrong(
                _HOME,
                f"HOME_GUILD_ID is {home}, and the bot is in no such server.",
                "In Discord, switch on Developer Mode under Settings, “Advanced”; then a right "
                "click on the server's name offers “Copy Server ID”. Write that number.",
            )
        ]
    return [fine(_HOME, f"The FAQ can be edited from {listed([name])}.")]


async def examine_copies(
    client: Client, application_id: int, found: Sequence[Place], *, tidy: bool
) -> list[Finding]:
    """Return where commands are registered for one server alone, which shows them twice.

    With `tidy` they are removed there.
    """
    held = [one for one in found if await _holds_own(client, application_id, one)]
    if not held:
        return [fine(_TWICE, "No server that was looked into has the commands a second time.")]
    names = listed([one.name for one in held])
    if tidy:
        for one in held:
            await client.http.bulk_upsert_guild_commands(application_id, one.id, [])
        return [fine(_TWICE, f"Commands that were registered for {names} alone were removed.")]
    return [
        wrong(
            _TWICE,
            f"In {names} commands are registered a second time, for that server alone. Members see "
            "them twice, or find some that no longer work.",
            "Run “msfaq doctor --tidy”: it removes them there. The bot's own commands stay.",
        )
    ]


def some_with(home: int | None, found: Sequence[Place]) -> list[Place]:
    """Return the home server, as far as it is one of these, and five others."""
    others = [one for one in found if one.id != home]
    return [*(one for one in found if one.id == home), *others[:_LOOKED_INTO]]


async def _holds_own(client: Client, application_id: int, place: Place) -> bool:
    try:
        return bool(await client.http.get_guild_commands(application_id, place.id))
    except Forbidden:
        # A server that let in the bot without its commands has none of its own either.
        return False
