"""Processes that serve one bot identify one after the other, and none waits for a database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.chat.feedback.parts import KeepingError
from bot.chat.gate import IdentifyGate, Turns
from bot.keeping import keeping
from tests.chat.conftest import Watch
from tests.storage.conftest import place, postgres
from tests.storage.line import Line

if TYPE_CHECKING:
    from tests.storage.conftest import Place
    from tests.storage.postgres import Postgres

__all__ = ["place", "postgres"]

PAUSE = 5.5


@dataclass
class Table:
    """Turns that processes share, by the clock of all of them; it takes a while to answer."""

    watch: Watch
    takes: list[float] = field(default_factory=list[float])
    """Seconds that each answer takes; none once there are no more."""
    last: dict[int, tuple[str, float]] = field(default_factory=dict[int, tuple[str, float]])
    away: bool = False

    async def take(self, key: int, holder: str, every: float) -> float:
        """Take a turn, or return how long to wait."""
        if self.away:
            raise KeepingError("the database is away")
        by, at = self.last.get(key, (holder, 0.0))
        if by != holder and self.watch.now < at + every:
            return at + every - self.watch.now
        self.last[key] = (holder, self.watch.now)
        self.watch.advance(self.takes.pop(0) if self.takes else 0)
        return 0.0


class Crowd:
    """So many processes that somebody else is always faster."""

    async def take(self, key: int, holder: str, every: float) -> float:
        """Return how long to wait."""
        del key, holder
        return every


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def table(watch: Watch) -> Table:
    return Table(watch)


def a_process(watch: Watch, turns: Turns) -> IdentifyGate:
    async def sleep(seconds: float) -> None:
        watch.advance(seconds)

    return IdentifyGate(watch, sleep=sleep, turns=turns)


async def waited(watch: Watch, *waits: tuple[IdentifyGate, int]) -> list[float]:
    """Return when each shard may identify, in the seconds since the first."""
    began, when = watch.now, list[float]()
    for gate, shard in waits:
        await gate.wait(shard)
        when.append(round(watch.now - began, 3))
    return when


async def test_shards_of_two_processes_wait_for_each_other(watch: Watch, table: Table) -> None:
    one, two = a_process(watch, table), a_process(watch, table)
    order = (one, 0), (two, 2), (one, 1), (two, 3)
    assert await waited(watch, *order) == [0, PAUSE, 2 * PAUSE, 3 * PAUSE]


async def test_only_shards_of_one_group_wait(watch: Watch, table: Table) -> None:
    one, two = a_process(watch, table), a_process(watch, table)
    for gate in (one, two):
        gate.allow(2)
    order = (one, 0), (two, 3), (one, 1), (two, 2)
    assert await waited(watch, *order) == [0, 0, PAUSE, PAUSE]


async def test_who_had_a_turn_lets_the_others_go_first(watch: Watch, table: Table) -> None:
    one = a_process(watch, table)
    assert await waited(watch, (one, 0), (one, 1)) == [0, PAUSE + 0.25]


async def test_a_turn_that_took_long_to_hear_of_is_taken_anew(watch: Watch, table: Table) -> None:
    one, two = a_process(watch, table), a_process(watch, table)
    table.takes = [0.3, 1.9, 0.2]
    # The last turn began at 2.2, and was heard of 0.2 s later.
    assert await waited(watch, (one, 0), (two, 1)) == [2.4, 2.2 + PAUSE]


async def test_without_the_database_each_goes_by_its_own_clock(
    watch: Watch, table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    one, two = a_process(watch, table), a_process(watch, table)
    table.away = True
    assert await waited(watch, (one, 0), (two, 2)) == [0, 0]
    assert await waited(watch, (one, 1)) == [PAUSE + 0.25]
    said = "shards connect without asking the other processes: the database is away"
    assert [record.getMessage() for record in caplog.records] == [said, said]  # one each
    table.away = False
    assert await waited(watch, (two, 3), (one, 0)) == [0, PAUSE + 0.25]


async def test_nobody_waits_for_ever_for_a_turn(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    [seconds] = await waited(watch, (a_process(watch, Crowd()), 0))
    assert 45 <= seconds < 55, "less than the minute after which the library would give up"
    assert "there was no turn for 45 s" in caplog.text


async def test_a_database_that_hangs_is_not_waited_for(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    name = await postgres.make_database()
    async with Line(postgres.socket) as line:
        address = f"postgresql://bot@127.0.0.1:{line.port}/{name}?sslmode=disable"
        async with keeping(address) as kept:
            assert kept.turns is not None
            gate = IdentifyGate(asyncio.get_running_loop().time, turns=kept.turns)
            await gate.wait(0)
            assert not caplog.records
            line.hold()
            gate.allow(2)
            async with asyncio.timeout(30):
                await gate.wait(1)
            assert "without asking the other processes: the database" in caplog.text
            line.let_go()


async def test_a_file_has_no_turns(place: Place) -> None:
    async with keeping(place) as kept:
        assert (kept.turns is None) is isinstance(place, Path)
