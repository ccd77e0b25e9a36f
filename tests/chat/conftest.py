"""The bot as it is served, in a sandbox with a server and a person."""

from __future__ import annotations

import asyncio
import io
import logging
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot import app
from bot.chat.gate import IdentifyGate
from bot.chat.service import serve
from bot.logs import set_up_logging
from bot.sandbox import Channel, Person, Sandbox, Server
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.waiting import PATIENCE
from bot.serving import client_maker
from bot.settings import Settings
from tests.conftest import ROOT
from tests.sandbox import openapi
from tests.sandbox.conftest import AT_ONCE, steady_clock, wire

__all__ = ["wire"]

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator

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

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    watch: Watch = field(default_factory=Watch)
    pauses: list[float] = field(default_factory=list[float])
    """How long it wanted to wait before each new client; nobody waits here."""

    async def pause(self, stop: asyncio.Event, seconds: float) -> None:
        """Note the pause instead of making it."""
        assert not stop.is_set()
        self.pauses.append(seconds)

    run: asyncio.Task[None] = field(init=False)

    def begin(
        self,
        token: str,
        engine: Callable[[], Engine],
        gate: IdentifyGate | None = None,
        *,
        editing: EditingDesk | None = None,
        kept: Keeping | None = None,
    ) -> None:
        """Start serving; shards need not wait for their turn unless a `gate` says so."""
        gate = gate or IdentifyGate(time.monotonic, every=0.0)
        maker = client_maker(engine, editing=editing, kept=kept, clock=self.watch, gate=gate)
        serving = serve(maker, token, self.stop, clock=self.watch, pause=self.pause)
        self.run = asyncio.create_task(serving)

    async def leave(self) -> None:
        """Stop it as SIGTERM would, and wait until it has left."""
        self.stop.set()
        await asyncio.wait_for(self.run, PATIENCE)


@asynccontextmanager
async def served(
    sandbox: Sandbox,
    engine: Callable[[], Engine] = shipped_engine,
    *,
    editing: EditingDesk | None = None,
    kept: Keeping | None = None,
    shards: int = 1,
    gate: IdentifyGate | None = None,
) -> AsyncGenerator[Bot, None]:
    """Serve the bot while the context lasts. If it ends by itself, so does the test."""
    bot = Bot()
    with point_discord_py_at(sandbox.address):
        bot.begin(sandbox.token, engine, gate, editing=editing, kept=kept)
        ready = asyncio.ensure_future(sandbox.ready(shards))
        await asyncio.wait({bot.run, ready}, return_when=asyncio.FIRST_COMPLETED)
        if bot.run.done():
            ready.cancel()
            bot.run.result()
        await ready
        yield bot
        await bot.leave()


@contextmanager
def logging_as(settings: Settings) -> Generator[Callable[[], str]]:
    """Log as the bot does when it is served; hand out what returns the log."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    set_up_logging(settings)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)  # pyright: ignore[reportUnknownMemberType] - of any stream
    try:
        yield stream.getvalue
    finally:
        root.handlers[:], level, own_level = before
        root.setLevel(level)
        own.setLevel(own_level)


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """Return what returns the log, which is as detailed as an operator can have it."""
    with logging_as(Settings(log_level="DEBUG")) as told:
        yield told


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
