"""Each thing that Discord may have otherwise: what the doctor says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bot.chat.doctor import Finding, Premises
from bot.chat.inviting import NEEDED_WORDS
from bot.sandbox import (
    GatewayRules,
    Install,
    Intents,
    Permission,
    Sandbox,
    ServerError,
)
from bot.sandbox.rest.door import json_response
from tests.chat.clinic import BOTH, LEAST, filled, healthy, ill, look, sound, told_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import web

SetUp: TypeAlias = Callable[[Sandbox], None]

PORTAL = "https://discord.com/developers/applications/{id}"
RUN = "Start “msfaq run” once: it registers them. It can take Discord's apps a minute to show."
ASK_FOR = (
    "Under “Default Install Settings”, “Guild Install”, choose the scopes bot and "
    "applications.commands and the permissions View Channels, Send Messages, Send Messages in "
    f"Threads and Read Message History, at {PORTAL}/installation"
)
OVER_AND_OVER = (
    "Something starts the bot over and over. Look into its log for what ends it, and mend that "
    "first."
)
AGAIN = "Run “msfaq doctor” again in a few minutes."


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a Discord in which all is as it should be."""
    async with healthy() as sandbox:
        yield sandbox


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    """Return a machine on which all is as it should be."""
    return sound(tmp_path)


def app(**settings: object) -> SetUp:
    def set_up(sandbox: Sandbox) -> None:
        for name, value in settings.items():
            assert hasattr(sandbox.application, name)
            setattr(sandbox.application, name, value)

    return set_up


def roles(permission: Permission, *names: str) -> SetUp:
    """Return what adds servers in which the bot's role grants this, and everybody nothing."""

    def set_up(sandbox: Sandbox) -> None:
        for name in names:
            server = sandbox.add_server(name)
            server.everyone.permissions = Permission.NONE
            held = sandbox.add_role(server, "bot", permission)
            server.members[sandbox.bot.id].roles.append(held)

    return set_up


def without_servers(sandbox: Sandbox) -> None:
    for server in tuple(sandbox.world.servers.values()):
        sandbox.remove_bot(server)


def without_commands(sandbox: Sandbox) -> None:
    sandbox.world.commands.clear()


def other_commands(sandbox: Sandbox) -> None:
    """Let Discord have a different /ask, one command too many and one too few."""
    ask, menu = sandbox.world.commands.values()
    sandbox.world.commands = {
        ask.id: replace(ask, body=ask.body.model_copy(update={"nsfw": True})),
        menu.id: replace(menu, body=menu.body.model_copy(update={"name": "Old menu"})),
    }


def started(times: int) -> SetUp:
    def set_up(sandbox: Sandbox) -> None:
        sandbox.gateway.identifies = times

    return set_up


def shards(sandbox: Sandbox) -> None:
    sandbox.gateway.rules = GatewayRules(shards=3)


def refusing(pattern: str) -> SetUp:
    """Return what lets Discord refuse to tell something. A 503 is not tried again."""

    def set_up(sandbox: Sandbox) -> None:
        sandbox.faults.next("GET", pattern, ServerError(503))

    return set_up


def unseen(what: str) -> Finding:
    told = "Discord did not tell (503), so this was not looked at."
    return Finding(what, ok=None, told=told, mend=AGAIN)


def button(told: str, mend: str = ASK_FOR, *, ok: bool | None = None) -> Finding:
    return Finding("Add App button", ok=ok, told=told, mend=mend)


ILL: dict[str, tuple[SetUp, Finding]] = {
    "private": (
        app(public=False),
        Finding(
            "Who may add it",
            ok=None,
            told="Only you can add the bot to a server.",
            mend="Leave it as it is; or, if other communities shall add it themselves, switch on "
            f"“Public Bot” at {PORTAL}/bot",
        ),
    ),
    "code grant": (
        app(needs_code_grant=True),
        Finding(
            "Code grant",
            ok=False,
            told="“Requires OAuth2 Code Grant” is on, so the invite link fails.",
            mend=f"Switch it off at {PORTAL}/bot",
        ),
    ),
    "one intent": (
        app(granted=Intents.MESSAGE_CONTENT),
        Finding(
            "Intents",
            ok=None,
            told="“Message Content Intent” is on. The bot needs none of them, and members' data "
            "is safest where it is not sent.",
            mend=f"Switch off all three under “Privileged Gateway Intents” at {PORTAL}/bot",
        ),
    ),
    "all intents": (
        app(granted=Intents.MESSAGE_CONTENT | Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES),
        Finding(
            "Intents",
            ok=None,
            told="“Presence Intent”, “Server Members Intent” and “Message Content Intent” are on. "
            "The bot needs none of them, and members' data is safest where it is not sent.",
            mend=f"Switch off all three under “Privileged Gateway Intents” at {PORTAL}/bot",
        ),
    ),
    "interactions address": (
        app(interactions_url="https://example.org/"),
        Finding(
            "Interactions address",
            ok=False,
            told="An “Interactions Endpoint URL” is set, so Discord sends every use of a command "
            "and every press of a button there, and none to the bot.",
            mend=f"Empty that field, and save, at {PORTAL}/information",
        ),
    ),
    "no servers may add it": (
        app(in_servers=None),
        Finding(
            "Server install",
            ok=False,
            told="The bot cannot be added to any server.",
            mend=f"Tick “Guild Install” under “Installation Contexts” at {PORTAL}/installation",
        ),
    ),
    "nobody may add it": (
        app(on_accounts=None),
        Finding(
            "User install",
            ok=None,
            told="People cannot add the bot to their own account, to use it where it is not.",
            mend=f"Tick “User Install” under “Installation Contexts” at {PORTAL}/installation",
        ),
    ),
    "installs unknown": (
        app(in_servers=None, on_accounts=None),
        Finding(
            "Server install",
            ok=None,
            told="Discord does not say whether the bot can be added to servers and to accounts.",
            mend="Look whether “Guild Install” and “User Install” are ticked under “Installation "
            f"Contexts” at {PORTAL}/installation",
        ),
    ),
    "button asks nothing": (
        app(in_servers=Install()),
        button(
            "The button on the bot's profile asks for nothing.",
            f"Use the invite link below instead; or: {ASK_FOR}",
        ),
    ),
    "button without bot": (
        app(in_servers=Install(("applications.commands",), LEAST)),
        button("Who adds the bot with it gets no working bot: it lacks the scope bot.", ok=False),
    ),
    "button without commands": (
        app(in_servers=Install(("bot",), LEAST)),
        button(
            "Who adds the bot with it gets no working bot: it lacks the scope "
            "applications.commands.",
            ok=False,
        ),
    ),
    "button without permissions": (
        app(in_servers=Install(BOTH, LEAST & ~Permission.SEND_IN_THREADS)),
        button("It does not ask for “Send Messages in Threads”.", ok=False),
    ),
    "button for everything": (
        app(in_servers=Install(BOTH, Permission.ADMINISTRATOR)),
        button("It asks for “Administrator”, which lets the bot do everything in a server."),
    ),
    "button for more": (
        app(in_servers=Install(BOTH, LEAST | Permission.MANAGE_ROLES | Permission.EMBED_LINKS)),
        button("It asks for more than the bot needs: “Embed Links” and “Manage Roles”."),
    ),
    "button leads elsewhere": (
        app(install_url="https://example.org/add"),
        button(
            "The button leads to an address of your own, which cannot be judged here.",
            f"Choose “Discord Provided Link” as the install link at {PORTAL}/installation",
        ),
    ),
    "account without commands": (
        app(on_accounts=Install(("bot",))),
        button(
            "Who adds the bot to their own account with it gets no commands.",
            "Under “Default Install Settings”, “User Install”, choose the scope "
            f"applications.commands, at {PORTAL}/installation",
            ok=False,
        ),
    ),
    "started often": (
        started(901),
        Finding(
            "Starts",
            ok=None,
            told="Few are left: 99 of 1000 are left until Discord counts anew in 4 hours.",
            mend=OVER_AND_OVER,
        ),
    ),
    "started too often": (
        started(1000),
        Finding(
            "Starts",
            ok=False,
            told="The bot cannot start: 0 of 1000 are left until Discord counts anew in 4 hours.",
            mend=f"Wait until then. {OVER_AND_OVER}",
        ),
    ),
    "shards": (
        shards,
        Finding(
            "Connections",
            ok=None,
            told="Discord recommends 3 (“shards”); the bot opens them by itself.",
            mend="If SHARD_COUNT is set, it has to be 3 or more, over all processes together.",
        ),
    ),
    "no commands": (
        without_commands,
        Finding("Commands", ok=None, told="None is registered yet.", mend=RUN),
    ),
    "other commands": (
        other_commands,
        Finding(
            "Commands",
            ok=None,
            told="They are not those of this version: missing “Answer from the FAQ”; changed "
            "/ask; left over “Old menu”.",
            mend=RUN,
        ),
    ),
    "no server": (
        without_servers,
        Finding(
            "Servers",
            ok=None,
            told="The bot is in no server yet.",
            mend="Open this link and choose your server: {link}",
        ),
    ),
    "administrator": (
        roles(Permission.ADMINISTRATOR, "Power"),
        Finding(
            "Administrator",
            ok=None,
            told="In Power the bot may do everything. It does not need that.",
            mend="In Server Settings, “Roles”, switch “Administrator” off in the bot's role.",
        ),
    ),
    "few permissions": (
        roles(LEAST & ~Permission.VIEW_CHANNEL & ~Permission.SEND_MESSAGES, "one", "two"),
        Finding(
            "Permissions",
            ok=False,
            told="In one and two the bot lacks “View Channels” and “Send Messages”, so it cannot "
            "answer everywhere there.",
            mend="A manager of the server gives the bot's role what it lacks, in Server Settings, "
            "“Roles”; or opens this link again and confirms: {link}",
        ),
    ),
    "gateway not told": (refusing("/gateway/bot"), unseen("Starts")),
    "commands not told": (refusing("/applications/*/commands"), unseen("Commands")),
    "servers not told": (refusing("/users/@me/guilds"), unseen("Servers")),
    "copies not told": (refusing("/applications/*/guilds/*/commands"), unseen("Commands twice")),
}


@pytest.mark.parametrize("case", ILL)
async def test_each_ill_is_told_with_what_to_do(
    sandbox: Sandbox, premises: Premises, case: str
) -> None:
    set_up, expected = ILL[case]
    set_up(sandbox)
    assert ill(await look(sandbox.token, premises)) == [filled(expected, sandbox)]


@pytest.mark.parametrize("permission", LEAST)
async def test_each_permission_is_missed(
    sandbox: Sandbox, premises: Premises, permission: Permission
) -> None:
    roles(LEAST & ~permission, "Few")(sandbox)
    roles(LEAST, "Enough")(sandbox)
    found = told_of("Permissions", await look(sandbox.token, premises))
    assert [one.ok for one in found] == [False, True]
    [word] = [words for words in NEEDED_WORDS.values() if f"“{words}”" in found[0].told]
    assert found[0].told.startswith(f"In Few the bot lacks “{word}”, so")
    assert found[1].told == "All are there in MS support and Enough."


@pytest.mark.parametrize(
    ("milliseconds", "again"),
    [
        (1, "in a minute"),
        (60_001, "in 2 minutes"),
        (7_140_000, "in 119 minutes"),
        (7_200_000, "in 2 hours"),
        (86_000_000, "in 24 hours"),
    ],
)
async def test_a_time_is_told_as_people_tell_it(
    sandbox: Sandbox, premises: Premises, milliseconds: int, again: str
) -> None:
    limit = {"total": 9, "remaining": 9, "reset_after": milliseconds, "max_concurrency": 1}

    async def answer(_: web.Request, __: object) -> web.StreamResponse:
        return json_response({"url": "ws://127.0.0.1/", "shards": 1, "session_start_limit": limit})

    sandbox.faults.next("GET", "/gateway/bot", answer)
    [found] = told_of("Starts", await look(sandbox.token, premises))
    assert found.told == f"9 of 9 are left until Discord counts anew {again}."
