"""Pointing discord.py at the sandbox, with two attributes or with none."""

import asyncio
import re
import socket
import ssl
from pathlib import Path

import aiohttp
import discord
import pytest
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult
from discord.gateway import DiscordWebSocket
from discord.http import Route

import bot.sandbox as sandbox_package
from bot.sandbox import Addresses, Sandbox
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.waiting import PATIENCE
from tests.sandbox.conftest import AT_ONCE, steady_clock

NAMES = ("discord.com", "gateway.discord.gg", "cdn.discordapp.com")


@pytest.mark.parametrize(
    "address",
    ["https://discord.com", "http://localhost:1", "http://127.0.0.1.evil.org", "", "ws://[::2]:1"],
)
def test_only_this_machine_is_taken(address: str) -> None:
    with pytest.raises(ValueError, match="this machine only"), point_discord_py_at(address):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_the_library_is_put_back_as_it_was(host: str) -> None:
    before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    with point_discord_py_at(f"http://{host}:5"):
        assert f"http://{host}:5/api/v10" == Route.BASE
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == f"ws://{host}:5/"
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


def test_only_one_module_knows_the_library() -> None:
    package = Path(sandbox_package.__file__).parent
    imports = re.compile(r"^\s*(import|from) discord\b", re.MULTILINE)
    knowing = [path.name for path in package.rglob("*.py") if imports.search(path.read_text())]
    assert knowing == ["library.py"]


class OnlyHere(AbstractResolver):
    """Knows Discord's names and no others; all of them are here."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the sandbox's own address."""
        if host not in NAMES:
            raise OSError(f"{host} is not known here, port {port}")
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Do nothing; there is nothing to close."""


async def test_nothing_of_the_library_needs_to_be_changed() -> None:
    authority = trustme.CA()
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*NAMES).configure_cert(served)  # pyright: ignore[reportUnknownMemberType] - names pyOpenSSL, not used
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)  # pyright: ignore[reportUnknownMemberType] - as above
    addresses = Addresses("wss://gateway.discord.gg/", "https://cdn.discordapp.com")
    async with Sandbox(
        clock=steady_clock(), rules=AT_ONCE, tls=served, addresses=addresses
    ) as sandbox:
        connector = aiohttp.TCPConnector(resolver=OnlyHere(sandbox.port), ssl=trusted)
        intents = discord.Intents(dm_messages=True)
        async with discord.Client(
            intents=intents, connector=connector, guild_ready_timeout=0.02
        ) as client:
            run = asyncio.create_task(client.start(sandbox.token))
            await sandbox.ready()
            await client.wait_until_ready()
            heard = client.wait_for("message", timeout=PATIENCE)
            eva = sandbox.add_person("eva")
            eva.dm("hello over TLS")
            message = await heard
            assert message.content == "hello over TLS"
            await message.channel.send("hello back")
            assert (await eva.inbox.next_message()).text == "hello back"
            await client.close()
            await run
