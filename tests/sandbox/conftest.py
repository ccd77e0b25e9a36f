"""A sandbox with a server and a person, and a way to let a bot live in it for a while."""

import asyncio
import itertools
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from bot.sandbox import Channel, Clock, GatewayRules, Person, Sandbox, Server
from bot.sandbox.library import point_discord_py_at
from tests.sandbox import openapi
from tests.sandbox.sample_bot import SampleBot
from tests.sandbox.wire import Wire

AT_ONCE = GatewayRules(identify_every=0.0)
"""Bots of the tests come and go faster than Discord lets them."""

LONG_PATIENCE: Final = 60.0
"""Seconds until a wait for another process fails: it has to start Python and a library first."""


def steady_clock() -> Clock:
    """Return a clock that moves a millisecond a look: however busy the machine, nobody is late."""
    began, looks = time.time(), itertools.count(1)
    return Clock(lambda: began + next(looks) / 1000)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a running sandbox; what it accepted must fit Discord's description."""
    async with Sandbox(clock=steady_clock(), rules=AT_ONCE) as sandbox:
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


@asynccontextmanager
async def running(script: str, sandbox: Sandbox) -> AsyncGenerator[Process, None]:
    """Let a script beside this file live in the sandbox, in a process that ends with it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        str(Path(__file__).with_name(script)),
        sandbox.address,
        sandbox.token,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


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
