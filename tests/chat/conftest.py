"""The bot as it is served, in a sandbox with a server and a person."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot import app
from bot.chat.service import serve
from bot.sandbox import Channel, Person, Sandbox, Server
from bot.sandbox.library import point_discord_py_at
from bot.serving import client_maker
from tests.conftest import ROOT
from tests.sandbox import openapi
from tests.sandbox.conftest import AT_ONCE, steady_clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from bot.chat.editing.desk import EditingDesk
    from bot.core.engine import Engine
    from bot.keeping import Keeping


@cache
def shipped_engine() -> Engine:
    """Return the engine of the shipped FAQ, built once a process."""
    return app.engine(ROOT / "faq", ROOT / ".pytest_cache" / "msfaq")


@dataclass
class Watch:
    """A clock that stands still until a test moves it."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """Return the seconds it shows."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move it on."""
        self.now += seconds


@dataclass
class Bot:
    """A bot that is served: its task, and what stops it."""

    run: asyncio.Task[None]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    watch: Watch = field(default_factory=Watch)

    async def leave(self) -> None:
        """Stop it as SIGTERM would, and wait until it has left."""
        self.stop.set()
        await self.run


@asynccontextmanager
async def served(
    sandbox: Sandbox,
    engine: Callable[[], Engine] = shipped_engine,
    editing: EditingDesk | None = None,
    *,
    kept: Keeping | None = None,
) -> AsyncGenerator[Bot, None]:
    """Serve the bot while the context lasts. If it ends by itself, so does the test."""
    stop, watch = asyncio.Event(), Watch()
    with point_discord_py_at(sandbox.address):
        maker = client_maker(engine, editing=editing, kept=kept, clock=watch)
        run = asyncio.create_task(serve(maker, sandbox.token, stop))
        ready = asyncio.ensure_future(sandbox.ready())
        await asyncio.wait({run, ready}, return_when=asyncio.FIRST_COMPLETED)
        if run.done():
            ready.cancel()
            run.result()
        yield Bot(run, stop, watch)
        stop.set()
        await run


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a running sandbox; what it accepted must fit Discord's description."""
    async with Sandbox(clock=steady_clock(), rules=AT_ONCE) as sandbox:
        yield sandbox
    openapi.expect_valid(sandbox.requests)


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """Return a server with the bot in it."""
    return sandbox.add_server("MS support", "general")


@pytest.fixture
def general(server: Server) -> Channel:
    """Return the channel where everybody talks."""
    return server.channel("general")


@pytest.fixture
def anna(sandbox: Sandbox, server: Server) -> Person:
    """Return a member of the server."""
    return sandbox.add_person("anna", server)


@pytest.fixture
async def bot(sandbox: Sandbox, server: Server) -> AsyncIterator[Bot]:
    """Return the bot, connected and with its commands registered."""
    assert server
    async with served(sandbox) as bot:
        yield bot
