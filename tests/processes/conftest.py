"""A bot of four shards in two processes, which share a PostgreSQL and the folder of a small FAQ."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from bot.keeping import keeping
from bot.sandbox import Clock, GatewayRules, Permission, Sandbox
from bot.sandbox.snowflakes import shard_of
from bot.sandbox.waiting import Changes
from tests.conftest import ROOT
from tests.sandbox import openapi
from tests.sandbox.conftest import LONG_PATIENCE
from tests.storage.conftest import postgres
from tests.support import small

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from bot.keeping import Keeping
    from bot.sandbox import Channel, Person, Server
    from tests.storage.postgres import Postgres

__all__ = ["postgres"]

SHARDS: Final = 4
_SLOWER: Final = 4
"""How many times slower the sandbox's clock goes: the three seconds that Discord waits for an
answer are long, on a busy machine, and what it wants between two shards stays five real ones."""


def _slow_clock() -> Clock:
    began, then = time.time(), time.monotonic()
    return Clock(lambda: began + (time.monotonic() - then) / _SLOWER)


@dataclass
class BotProcess:
    """`msfaq run` in a process of its own."""

    process: Process
    log: list[str] = field(default_factory=list[str])
    _changes: Changes = field(default_factory=Changes)

    async def read(self) -> None:
        """Read its log until it ends."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log.append(line.decode().rstrip())
            self._changes.notify()

    async def logged(self, words: str) -> None:
        """Wait until a line of its log holds `words`."""
        await self._changes.until(
            lambda: any(words in line for line in self.log) or None,
            what=f"{words!r} in {self.log}",
            within=LONG_PATIENCE,
        )

    async def ended(self) -> int:
        """Return its exit status, once it has ended."""
        return await asyncio.wait_for(self.process.wait(), LONG_PATIENCE)


@dataclass
class Town:
    """The servers, one on each shard; what the bot's processes share; and a third process: ours."""

    sandbox: Sandbox
    servers: dict[int, Server]
    faq: Path
    address: str
    kept: Keeping
    erin: Person
    """An editor, and manager of the home server, which is on shard 0."""
    people: int = 0

    def general(self, shard: int) -> Channel:
        """Return the channel of the server on a shard."""
        return self.servers[shard].channel("general")

    def member(self, shard: int) -> Person:
        """Return somebody new in the server on a shard."""
        self.people += 1
        return self.sandbox.add_person(f"member {self.people}", self.servers[shard])

    async def until_served(self, *shards: int) -> None:
        """Wait until each of these shards is connected."""
        gateway = self.sandbox.gateway
        await gateway.changes.until(
            lambda: set(shards) <= {one.shard for one in gateway.live} or None,
            what=f"shards {shards}; there are {[one.shard for one in gateway.live]}",
            within=LONG_PATIENCE,
        )

    async def votes(self) -> int:
        """Return how many votes are written."""
        found = await self.kept.store.votes.by_entry(date.min, date.max)
        return sum(sum(one.counts.values()) for one in found)

    @asynccontextmanager
    async def process(self, shards: str, folder: Path) -> AsyncGenerator[BotProcess, None]:
        """Run the bot for some shards; what is left of it at the end is killed."""
        environment = {
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.sandbox.token,
            "FAQ_DIR": str(self.faq),
            "DATA_DIR": str(folder / shards),
            "DATABASE_URL": self.address,
            "HOME_GUILD_ID": str(self.servers[0].id),
            "SHARD_IDS": shards,
            "SHARD_COUNT": str(SHARDS),
        }
        script = str(ROOT / "tests" / "chat" / "run_here.py")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", script, "run", self.sandbox.address),
            cwd=folder,
            env=environment,
            stderr=PIPE,
        )
        bot = BotProcess(process)
        reading = asyncio.create_task(bot.read())
        try:
            yield bot
        finally:
            if process.returncode is None:
                process.kill()
            await reading
            await process.wait()


@pytest.fixture
async def town(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Town]:
    """Return where no process of the bot runs yet."""
    address = postgres.address(await postgres.make_database())
    rules = GatewayRules(shards=SHARDS, max_concurrency=1, identify_every=5 / _SLOWER)
    async with Sandbox(clock=_slow_clock(), rules=rules) as sandbox, keeping(address) as kept:
        servers = [sandbox.add_server(f"server {number}", "general") for number in range(SHARDS)]
        by_shard = {shard_of(one.id, SHARDS): one for one in servers}
        erin = sandbox.add_person("erin", *servers)
        for server in servers:
            role = sandbox.add_role(server, "Managers", Permission.MANAGE_SERVER)
            server.members[erin.user.id].roles.append(role)
        yield Town(sandbox, by_shard, small(tmp_path), address, kept, erin)
    openapi.expect_valid(sandbox.requests)
