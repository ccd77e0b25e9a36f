"""A sandbox with a server and a person, and a way to let a bot live in it for a while."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.sandbox import Channel, GatewayRules, Person, Sandbox, Server
from bot.sandbox.library import point_discord_py_at
from tests.sandbox import openapi
from tests.sandbox.sample_bot import SampleBot
from tests.sandbox.wire import Wire

AT_ONCE = GatewayRules(identify_every=0.0)
"""Bots of the tests come and go faster than Discord lets them."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a running sandbox; what it accepted must fit Discord's description."""
    async with Sandbox(rules=AT_ONCE) as sandbox:
        yield sandbox
    openapi.expect_valid(sandbox.requests)


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """Return a server with the bot in it."""
    return sandbox.add_server("MS support")


@pytest.fixture
def general(server: Server) -> Channel:
    """Return the channel where everybody talks."""
    return server.channel("general")


@pytest.fixture
def anna(sandbox: Sandbox, server: Server) -> Person:
    """Return a member of the server."""
    return sandbox.add_person("anna", server)


@asynccontextmanager
async def living(sandbox: Sandbox, bot: SampleBot) -> AsyncGenerator[SampleBot, None]:
    """Let the bot run while the context lasts. If it ends by itself, so does the test."""
    with point_discord_py_at(sandbox.address):
        async with bot:
            run = asyncio.create_task(bot.start(sandbox.token))
            await _unless_over(run, sandbox.ready(bot.shard_count or 1))
            await _unless_over(run, bot.wait_until_ready())
            yield bot
            await bot.close()
            await run


async def _unless_over(run: asyncio.Task[None], wanted: Coroutine[None, None, object]) -> None:
    """Wait for what is wanted; if the bot ends before, raise what ended it."""
    waiting = asyncio.ensure_future(wanted)
    done, _ = await asyncio.wait({run, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if run in done:
        waiting.cancel()
        run.result()
    await waiting


@pytest.fixture
async def bot(sandbox: Sandbox, server: Server) -> AsyncIterator[SampleBot]:
    """Return a bot that is connected, with its commands registered."""
    assert server
    async with living(sandbox, SampleBot()) as bot:
        yield bot


@pytest.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    """Return plain HTTP to the sandbox."""
    async with aiohttp.ClientSession() as session:
        yield Wire(sandbox, session)
