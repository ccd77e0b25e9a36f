"""The bot with a database of its own, and looks into both."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from bot.keeping import keeping
from tests.chat.conftest import Bot, served
from tests.chat.editing import conftest as editing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable
    from pathlib import Path

    from bot.keeping import Keeping
    from bot.sandbox import Sandbox, Server
    from bot.storage.store import Store
    from tests.chat.editing.conftest import Office

TODAY: Final = date(2026, 11, 23)
ENOUGH: Final = 30.0


@dataclass
class Kept:
    """What the bot keeps, and the day it believes it is."""

    keeping: Keeping
    file: Path
    bot: Bot
    today: list[date] = field(default_factory=lambda: [TODAY])

    @property
    def store(self) -> Store:
        """The database."""
        return self.keeping.store

    async def votes(self) -> dict[tuple[str, str], int]:
        """Return how often each verdict was given on each entry, once all is written."""
        assert await self.keeping.later.flush(ENOUGH)
        found = await self.store.votes.by_entry(date.min, date.max)
        return {
            (one.entry, verdict.value): count
            for one in found
            for verdict, count in one.counts.items()
        }

    async def outcomes(self) -> dict[str, int]:
        """Return what the questions came to, once all is written."""
        assert await self.keeping.later.flush(ENOUGH)
        found: dict[str, int] = {}
        for day in await self.store.outcomes.by_day(date.min, date.max):
            for name, count in day.counts.items():
                found[name] = found.get(name, 0) + count
        return found

    def bytes_on_disk(self) -> bytes:
        """Return all that stands in the files of the database."""
        return b"".join(one.read_bytes() for one in sorted(self.file.parent.iterdir()))


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true that tells nobody when it becomes so."""
    async with asyncio.timeout(ENOUGH):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@asynccontextmanager
async def keeping_bot(sandbox: Sandbox, file: Path) -> AsyncGenerator[Kept, None]:
    """Serve a bot that keeps what it may keep in `file`."""
    today = [TODAY]
    async with keeping(file, day=lambda: today[0]) as kept, served(sandbox, kept=kept) as bot:
        yield Kept(kept, file, bot, today)


office = editing.office
erin = editing.erin
edda = editing.edda


@pytest.fixture
async def kept_at_home(sandbox: Sandbox, office: Office, tmp_path: Path) -> AsyncIterator[Kept]:
    """Return what the bot keeps that is served with the editors' desk and the small FAQ."""
    file = tmp_path / "data" / "bot.db"
    async with (
        keeping(file, day=lambda: TODAY) as kept,
        served(sandbox, lambda: office.shelf.engine, editing=office.desk, kept=kept) as bot,
    ):
        yield Kept(kept, file, bot)


@pytest.fixture
async def kept(sandbox: Sandbox, server: Server, tmp_path: Path) -> AsyncIterator[Kept]:
    """Return what the served bot keeps."""
    assert server
    async with keeping_bot(sandbox, tmp_path / "data" / "bot.db") as kept:
        yield kept
