"""Settings are never late and never an error; what another process wrote is seen soon."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.storage.failures import Away
from bot.storage.remembered import Remembered
from bot.storage.servers import ServerSettings
from tests.storage.conftest import ENOUGH, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.storage.store import Store

USUAL = ServerSettings()
OWN = ServerSettings(cooldown=7)
OTHER = ServerSettings(cooldown=8)


@dataclass
class Table:
    """A table of settings that can be slow, and can be away."""

    rows: dict[int, ServerSettings] = field(default_factory=dict)
    reads: int = 0
    away: bool = False
    broken: bool = False
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def get(self, number: int) -> ServerSettings:
        """Return a row as it was when it was asked for, or the usual one."""
        self.reads += 1
        row = self.rows.get(number, USUAL)
        await self.open.wait()
        if self.away:
            raise Away("the database is away")
        if self.broken:
            raise RuntimeError("a bug: secret")
        return row

    async def set(self, number: int, settings: ServerSettings) -> None:
        """Write a row."""
        if self.away:
            raise Away("the database is away")
        self.rows[number] = settings


@dataclass
class Watch:
    """A clock that stands still until a test moves it."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """Return the seconds it shows."""
        return self.now


@pytest.fixture
def table() -> Table:
    return Table({1: OWN})


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def settings(table: Table, watch: Watch) -> AsyncIterator[Remembered[ServerSettings]]:
    remembered = Remembered(table.get, table.set, USUAL, clock=watch, patience=ENOUGH)
    async with remembered as settings:
        yield settings


@pytest.fixture
async def hasty(table: Table, watch: Watch) -> AsyncIterator[Remembered[ServerSettings]]:
    remembered = Remembered(table.get, table.set, USUAL, clock=watch, patience=0.001)
    async with remembered as settings:
        yield settings


async def test_a_row_is_read_every_ten_seconds_at_most(
    settings: Remembered[ServerSettings], table: Table, watch: Watch
) -> None:
    assert [await settings.get(1) for _ in range(3)] == [OWN] * 3
    assert await settings.get(2) == USUAL
    assert table.reads == 2
    table.rows[1] = OTHER
    watch.now += 9.9
    assert await settings.get(1) == OWN
    watch.now += 0.1
    assert await settings.get(1) == OTHER
    assert table.reads == 3


async def test_many_who_ask_at_once_cause_one_read(
    settings: Remembered[ServerSettings], table: Table
) -> None:
    assert await asyncio.gather(*(settings.get(1) for _ in range(20))) == [OWN] * 20
    assert table.reads == 1


async def test_what_was_written_here_holds_at_once(
    settings: Remembered[ServerSettings], table: Table
) -> None:
    await settings.get(1)
    await settings.set(1, OTHER)
    assert await settings.get(1) == table.rows[1] == OTHER
    assert table.reads == 1


async def test_a_read_that_began_before_a_write_does_not_undo_it(
    settings: Remembered[ServerSettings], table: Table
) -> None:
    table.open.clear()
    early = asyncio.create_task(settings.get(1))
    await until(lambda: table.reads > 0)
    await settings.set(1, OTHER)
    table.open.set()
    assert await early == OTHER
    assert await settings.get(1) == OTHER


async def test_what_could_not_be_written_does_not_hold(
    settings: Remembered[ServerSettings], table: Table
) -> None:
    await settings.get(1)
    table.away = True
    with pytest.raises(Away):
        await settings.set(1, OTHER)
    assert await settings.get(1) == OWN


async def test_a_server_that_was_forgotten_is_read_anew(
    settings: Remembered[ServerSettings], table: Table
) -> None:
    await settings.get(1)
    del table.rows[1]
    settings.forget(1)
    assert await settings.get(1) == USUAL


async def test_while_the_database_is_away_the_last_known_hold(
    settings: Remembered[ServerSettings],
    table: Table,
    watch: Watch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await settings.get(1)
    table.away = True
    watch.now += 10
    assert [await settings.get(1) for _ in range(5)] == [OWN] * 5
    assert await settings.get(2) == USUAL, "what was never known is the usual"
    assert table.reads == 2, "after a failure nobody asks for some seconds"
    watch.now += 5
    assert await settings.get(1) == OWN
    assert table.reads == 3
    table.away, table.rows[1] = False, OTHER
    watch.now += 5
    assert await settings.get(1) == OTHER
    assert [record.getMessage() for record in caplog.records] == [
        "the last known settings are used: the database is away",
        "settings are read again",
    ]


async def test_a_bug_in_reading_is_no_error_of_who_asks(
    settings: Remembered[ServerSettings],
    table: Table,
    watch: Watch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await settings.get(1)
    table.broken = True
    watch.now += 10
    assert await settings.get(1) == OWN
    assert [record.getMessage() for record in caplog.records] == [
        "the last known settings are used: RuntimeError"
    ]


async def test_nobody_waits_for_a_slow_database_twice(
    hasty: Remembered[ServerSettings], table: Table
) -> None:
    table.open.clear()
    async with asyncio.timeout(ENOUGH):
        assert [await hasty.get(1) for _ in range(3)] == [USUAL] * 3
        assert [await hasty.get(2) for _ in range(3)] == [USUAL] * 3
    assert table.reads == 1


async def test_a_slow_answer_is_used_when_it_comes(
    hasty: Remembered[ServerSettings], table: Table
) -> None:
    table.open.clear()
    assert await hasty.get(1) == USUAL
    table.open.set()
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert await hasty.get(1) == OWN
    assert table.reads == 1


async def test_reads_under_way_end_with_it(table: Table) -> None:
    table.open.clear()
    async with Remembered(table.get, table.set, USUAL, patience=0.001) as settings:
        await settings.get(1)
        assert len(asyncio.all_tasks()) == 2
    assert len(asyncio.all_tasks()) == 1


async def test_it_remembers_a_store(store: Store) -> None:
    async with Remembered(store.servers.get, store.servers.set, USUAL, patience=ENOUGH) as settings:
        assert await settings.get(1) == USUAL
        await settings.set(1, OWN)
        assert await settings.get(1) == OWN == await store.servers.get(1)
