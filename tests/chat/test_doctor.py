"""All that the doctor looks at when all is well; the machine, the servers, and a Discord away."""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.__main__ import main
from bot.chat.doctor import Finding, Premises
from bot.chat.inviting import NEEDED, NEEDED_WORDS, invite_link
from bot.sandbox import (
    Permission,
    Refusal,
    Sandbox,
    Server,
    ServerError,
    SlowAnswer,
    errors,
)
from bot.sandbox.library import point_discord_py_at
from tests.chat.clinic import a_tree, healthy, ill, look, sound, told_of
from tests.support import small

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

OLD_TOKEN = f"{'a' * 24}.bbbbbb.{'c-' * 14}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a Discord in which all is as it should be."""
    async with healthy() as sandbox:
        yield sandbox


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    """Return a machine on which all is as it should be."""
    return sound(tmp_path)


async def test_where_all_is_well_each_thing_is_told(sandbox: Sandbox, premises: Premises) -> None:
    found = await look(sandbox.token, premises)
    assert [(one.ok, one.mend) for one in found] == [(True, "")] * len(found)
    assert {one.what: one.told for one in found} == {
        "FAQ": f"60 entries in {premises.faq_dir}, without a problem.",
        "Data folder": f"{premises.data_dir} can be written.",
        "Token": "Discord accepts it. The bot is MS FAQ.",
        "Who may add it": "Everybody who has the invite link can add the bot to their server.",
        "Code grant": "The invite link works without a web page of your own.",
        "Intents": "No privileged intent is on; the bot needs none.",
        "Interactions address": "None is set, so uses of the commands reach the bot.",
        "Server install": "The bot can be added to servers.",
        "User install": "People can add the bot to their own account.",
        "Add App button": "It asks for what the bot needs, and for nothing more.",
        "Invite link": invite_link(sandbox.application.id),
        "Starts": "1000 of 1000 are left until Discord counts anew in 4 hours.",
        "Connections": "Discord recommends one; the bot opens it.",
        "Commands": "/ask and “Answer from the FAQ” are registered.",
        "Servers": "The bot is in 1 server: MS support.",
        "Permissions": "In each server its roles let the bot do what it needs; a channel may "
        "still forbid.",
        "Home server": "HOME_GUILD_ID is not set, so the FAQ is not edited from Discord.",
        "Commands twice": "No server that was looked into has the commands a second time.",
    }
    assert {one.method for one in sandbox.requests} == {"GET", "PUT"}
    assert len(sandbox.requests.of("PUT", "*")) == 1


def test_shards_that_share_no_database_keep_the_bot_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DATABASE_URL", "FAQ_DIR", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("SHARD_IDS", "2,3"), ("SHARD_COUNT", "4")):
        monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    said = "✗ mend Processes: The bot does not start: SHARD_IDS leaves shards to other processes"
    assert said in out
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot@/faq")
    assert main(["doctor"]) == 1
    assert "Processes" not in capsys.readouterr().out


def test_the_invite_link_asks_for_the_least() -> None:
    assert invite_link(5) == (
        "https://discord.com/oauth2/authorize?client_id=5"
        "&scope=bot+applications.commands&permissions=274877975552"
    )
    assert {name for name, granted in NEEDED if granted} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "read_message_history",
    }
    assert len(NEEDED_WORDS) == NEEDED.value.bit_count() == 4


async def test_many_servers_are_named_in_part(sandbox: Sandbox, premises: Premises) -> None:
    for number in range(201):
        sandbox.add_server(f"s{number}")
    found = await look(sandbox.token, premises)
    told = "The bot is in 200 or more; the first 200 were looked at."
    assert told_of("Servers", found) == [Finding("Servers", ok=True, told=told)]
    for server in [*sandbox.world.servers.values()][:195]:
        sandbox.remove_bot(server)
    for number in range(7):
        sandbox.add_server(f"t{number}").everyone.permissions = Permission.NONE
    [lacking, _] = told_of("Permissions", await look(sandbox.token, premises))
    assert lacking.told.startswith("In t0, t1, t2, t3, t4 and 2 more the bot lacks")


async def test_a_servers_name_cannot_move_the_cursor(sandbox: Sandbox, premises: Premises) -> None:
    sandbox.add_server("evil\x1b[2J\nname")
    [found] = told_of("Servers", await look(sandbox.token, premises))
    assert found.told == "The bot is in 2 servers: MS support and evil [2J name."


def home_of(sandbox: Sandbox) -> Server:
    return next(iter(sandbox.world.servers.values()))


async def test_the_home_server_is_one_of_the_bots(sandbox: Sandbox, premises: Premises) -> None:
    at_home = replace(premises, home_guild_id=home_of(sandbox).id)
    [found] = told_of("Home server", await look(sandbox.token, at_home))
    assert found == Finding("Home server", ok=True, told="The FAQ can be edited from MS support.")
    assert not sandbox.requests.of("GET", "/guilds/*")


async def test_a_home_server_beyond_the_first_is_found(
    sandbox: Sandbox, premises: Premises
) -> None:
    *_, last = [sandbox.add_server(f"s{number}") for number in range(201)]
    at_home = replace(premises, home_guild_id=last.id)
    [found] = told_of("Home server", await look(sandbox.token, at_home))
    assert found.told == "The FAQ can be edited from s200."


async def test_a_home_server_without_the_bot_is_told(sandbox: Sandbox, premises: Premises) -> None:
    elsewhere = sandbox.add_server("Elsewhere", with_bot=False)
    for number in (elsewhere.id, 5):
        [found] = ill(await look(sandbox.token, replace(premises, home_guild_id=number)))
        assert found == Finding(
            "Home server",
            ok=False,
            told=f"HOME_GUILD_ID is {number}, and the bot is in no such server.",
            mend="In Discord, switch on Developer Mode under Settings, “Advanced”; then a right "
            "click on the server's name offers “Copy Server ID”. Write that number.",
        )


async def test_a_home_server_that_discord_does_not_tell_of(
    sandbox: Sandbox, premises: Premises
) -> None:
    sandbox.faults.always("GET", "/guilds/*", ServerError(503))
    found = ill(await look(sandbox.token, replace(premises, home_guild_id=5)))
    told = "Discord did not tell (503), so this was not looked at."
    mend = "Run “msfaq doctor” again in a few minutes."
    assert found == [Finding("Home server", ok=None, told=told, mend=mend)]


async def copy_to(server: Server, token: str) -> None:
    """Register the commands a second time, as a version of long ago would have."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        tree = a_tree(client)
        tree.copy_global_to(guild=server)  # pyright: ignore[reportArgumentType] - all it needs is the id
        await tree.sync(guild=server)  # pyright: ignore[reportArgumentType] - as above


async def test_commands_of_one_server_alone_are_told_and_removed(
    sandbox: Sandbox, premises: Premises
) -> None:
    servers = [home_of(sandbox), *(sandbox.add_server(f"s{number}") for number in range(6))]
    for server in (servers[0], servers[6]):
        await copy_to(server, sandbox.token)
    [found] = ill(await look(sandbox.token, premises))
    assert found == Finding(
        "Commands twice",
        ok=False,
        told="In MS support commands are registered a second time, for that server alone. Members "
        "see them twice, or find some that no longer work.",
        mend="Run “msfaq doctor --tidy”: it removes them there. The bot's own commands stay.",
    )
    # The home server is looked into wherever it stands in the list.
    at_home = replace(premises, home_guild_id=servers[6].id)
    [found] = ill(await look(sandbox.token, at_home))
    assert found.told.startswith("In s5 and MS support commands")
    [found] = told_of("Commands twice", await look(sandbox.token, at_home, tidy=True))
    told = "Commands that were registered for s5 and MS support alone were removed."
    assert found == Finding("Commands twice", ok=True, told=told)
    assert not ill(await look(sandbox.token, at_home))
    assert len(sandbox.world.commands) == 2


async def test_a_server_without_commands_has_none_twice(
    sandbox: Sandbox, premises: Premises
) -> None:
    sandbox.faults.always("GET", "/applications/*/guilds/*", Refusal(errors.missing_access()))
    assert not ill(await look(sandbox.token, premises))


UNREACHABLE = "Discord cannot be reached from this machine: "
REACH = (
    "Look whether this machine is connected to the internet, whether a firewall or proxy keeps it "
    "from https://discord.com, and whether Discord itself works: https://discordstatus.com"
)


async def test_an_unreachable_discord_is_told(premises: Premises) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with point_discord_py_at(f"http://127.0.0.1:{port}"):
        [found] = ill(await look(OLD_TOKEN, premises))
    assert (found.what, found.ok, found.mend) == ("Discord", False, REACH)
    assert found.told.startswith(UNREACHABLE)
    assert f"127.0.0.1:{port}" in found.told


@pytest.mark.parametrize("path", ["/users/@me", "/users/@me/guilds"])
async def test_a_discord_that_does_not_answer_is_told(
    sandbox: Sandbox, premises: Premises, path: str
) -> None:
    gate = asyncio.Event()
    sandbox.faults.next("GET", path, SlowAnswer(gate))
    found = await look(sandbox.token, premises, patience=0.5)
    gate.set()
    told = f"{UNREACHABLE}no answer within 0.5 seconds."
    assert ill(found) == [Finding("Discord", ok=False, told=told, mend=REACH)]
    # What was known before is told all the same.
    assert bool(told_of("Commands", found)) is (path != "/users/@me")


@pytest.mark.parametrize(
    ("status", "told", "mend"),
    [
        (
            503,
            "Discord is in trouble itself (503).",
            "Wait, and look at https://discordstatus.com",
        ),
        (
            429,
            "Discord takes nothing from this machine for the time being (429).",
            "Wait an hour. If the bot is running, stop it: it may be what asks too often.",
        ),
        (
            418,
            "Discord gave an answer that the bot does not understand (418).",
            "Try again later; if it stays, tell the bot's developers.",
        ),
    ],
)
async def test_a_discord_that_refuses_to_talk_is_told(
    sandbox: Sandbox, premises: Premises, status: int, told: str, mend: str
) -> None:
    sandbox.faults.next("GET", "/users/@me", ServerError(status))
    found = ill(await look(sandbox.token, premises))
    assert found == [Finding("Discord", ok=False, told=told, mend=mend)]


async def test_the_machine_is_looked_at(premises: Premises, tmp_path: Path) -> None:
    folder = premises.faq_dir
    missing = tmp_path / "nothing"
    problem = "entries/a.md:3: too long"
    cases = {
        f"There is no folder {missing}.": replace(premises, faq_dir=missing),
        f"The FAQ in {folder} has 1 problem; the first: {problem}": replace(
            premises, problems=(problem,)
        ),
        f"The FAQ in {folder} has 2 problems; the first: {problem}": replace(
            premises, problems=(problem, "other")
        ),
        f"The FAQ in {folder} has no entries.": replace(premises, entries=0),
    }
    mends = [
        "Set FAQ_DIR to the folder of the FAQ, or start msfaq in the folder above it.",
        *["Run “msfaq check”: it lists every problem, each with its file and line."] * 2,
        "Set FAQ_DIR to the folder that holds the FAQ's “entries”.",
    ]
    for (told, case), mend in zip(cases.items(), mends, strict=True):
        found = (await look(None, case))[0]
        assert found == Finding("FAQ", ok=False, told=told, mend=mend)


async def test_a_folder_that_cannot_be_written_is_told(premises: Premises, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = (await look(None, replace(premises, data_dir=file / "data")))[1]
    assert found == Finding(
        "Data folder",
        ok=False,
        told=f"Nothing can be written in {file / 'data'}: Not a directory.",
        mend="Set DATA_DIR to a folder that the bot may write.",
    )


async def test_the_token_is_in_no_log_and_the_terminal_stays_quiet(
    sandbox: Sandbox,
    premises: Premises,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    sandbox.application.interactions_url = "https://example.org/"
    with caplog.at_level(logging.DEBUG):
        await look(sandbox.token, premises)
    assert caplog.records
    assert sandbox.token not in caplog.text
    assert capfd.readouterr().err == ""
