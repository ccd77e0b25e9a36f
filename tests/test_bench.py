"""The parts of `make bench` about storage and changed files, with tiny numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import live, voting
from bench.discord import outage
from bench.discord.driving import Round
from bench.discord.outage import Outage
from bench.live import Measured, Pauses, Saved
from bench.report import Report
from bot.keeping import FILE
from bot.storage.failures import Away
from bot.storage.store import Store
from tests.conftest import ROOT
from tests.storage.postgres import Postgres, binaries
from tests.support import small

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

TINY = outage.Sizes(turns=1, seconds=0.1)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Postgres(programs)
    yield server
    server.remove()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder for one bot, with the index that other tests have built already."""
    cache = ROOT / ".pytest_cache" / "msfaq" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(cache)
    return tmp_path


async def test_a_saved_file_is_timed_until_it_answers(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "to").mkdir()
    measured = await live.measure(tmp_path / "to", 1, small(tmp_path / "from"))
    for [saved] in measured.kinds.values():
        assert saved.seconds > 0
        assert saved.processor > 0
    assert measured.pauses.building > 0
    assert min(measured.memory) > 10


@pytest.mark.parametrize(("seconds", "pause", "passes"), [(0.9, 0.04, True), (1.1, 0.04, False)])
def test_a_change_that_answers_late_fails_the_run(
    seconds: float, pause: float, *, passes: bool
) -> None:
    pauses = Pauses(building=pause, idle=1.0)
    report = Report()
    kinds = {"an answer": [Saved(9.0, 1.0), Saved(seconds, 1.0), Saved(0.1, 1.0)]}
    live.show(report, Measured(kinds, pauses, (1.0, 2.0, 3.0)))
    assert report.passes is passes


def test_a_pause_while_building_fails_the_run() -> None:
    report = Report()
    live.show(report, Measured({}, Pauses(building=0.051), (1.0, 2.0, 3.0)))
    assert not report.passes


async def test_votes_are_counted_on_each_database_at_hand() -> None:
    report = Report()
    await voting.show(report, voting.measure(voting.Sizes(0.05, 100)))
    assert any(line.startswith("  SQLite") for line in report.lines)
    assert any(line.startswith("  PostgreSQL") for line in report.lines)


async def test_a_locked_file_takes_nothing_until_it_is_given_back(tmp_path: Path) -> None:
    file = tmp_path / FILE
    async with Store.open(file, within=0.05) as store:
        database = outage.locked(file)
        await database.take_away()
        with pytest.raises(Away):
            await store.inbox.put("a question", outage.today())
        await database.give_back()
        assert await store.inbox.put("a question", outage.today()) is not None


async def test_a_stopped_server_is_gone_until_it_is_given_back(postgres: Postgres) -> None:
    place = postgres.address(await postgres.make_database())
    async with Store.open(place) as store:
        database = outage.stopped(postgres, place)
        await database.take_away()
        with pytest.raises(Away):
            await store.ready()
        await database.give_back()
        await store.ready()


async def test_every_question_of_an_outage_is_answered_and_counted(data: Path) -> None:
    found = await outage.outage(outage.locked(data / FILE), data, TINY)
    assert len(found.with_it) == 2
    assert len(found.without) == 1
    assert found.asked > sum(len(one.waits) for one in (*found.with_it, *found.without))
    assert found.counted == found.asked


async def test_a_bot_is_asked_while_its_server_is_stopped(data: Path, postgres: Postgres) -> None:
    place = postgres.address(await postgres.make_database())
    database = outage.stopped(postgres, place)
    found = await outage.outage(database, data, TINY, {"DATABASE_URL": place})
    assert found.without[0].waits
    assert found.counted == found.asked


def rounds(*waits: float) -> list[Round]:
    return [Round(1.0, 0.1, 0.1, 0.1, [wait] * 3) for wait in waits]


@pytest.mark.parametrize(("slow", "times", "passes"), [(12.0, 1.2, True), (13.0, 1.3, False)])
async def test_rounds_are_compared_with_those_around_them(
    slow: float, times: float, *, passes: bool
) -> None:
    one = Outage("stopped", rounds(10, 10, 30, 10), rounds(slow, 2 * slow, 40), 9, 9)
    assert one.times(lambda a_round: a_round.waits[0]) == pytest.approx(times)
    report = Report()

    async def found() -> AsyncIterator[Outage]:
        yield one

    await outage.show(report, found())
    assert report.passes is passes
