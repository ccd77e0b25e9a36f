"""How long `/ask` takes while the database is away: `python -m bench.discord.outage`.

Rounds in turns: with the database, without, with it again. Each round without it is compared with
the two around it, so that whatever else the machine does strikes both alike.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.discord.driving import crowd, read_questions
from bench.discord.processes import OURS
from bench.report import Report
from bot.keeping import FILE, today
from bot.storage.store import Store
from tests.storage.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from bench.discord.driving import Round

_MOST_TIMES: Final = 1.2
_WRITTEN_WITHIN: Final = 60.0
"""Seconds: after an outage the bot tries again after pauses that double, thirty at most."""
_LOOK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    turns: int
    seconds: float
    """How long a round lasts."""


FULL: Final = Sizes(8, 1.5)
QUICK: Final = Sizes(3, 0.7)


@dataclass(frozen=True, slots=True)
class Breakable:
    """A database that can be taken away, and given back as it was."""

    name: str
    """What is done to it, for the tables."""
    place: str | Path
    take_away: Callable[[], Awaitable[None]]
    give_back: Callable[[], Awaitable[None]]


def stopped(server: Postgres, place: str) -> Breakable:
    """Return a PostgreSQL that is stopped, which breaks every connection, and started again."""
    return Breakable(
        "PostgreSQL stopped",
        place,
        lambda: asyncio.to_thread(server.stop),
        lambda: asyncio.to_thread(server.start),
    )


def locked(file: Path) -> Breakable:
    """Return a file of SQLite that another program locks, as a backup would that never ends."""
    lock = _Lock(file)
    return Breakable(
        "SQLite locked",
        file,
        lambda: asyncio.to_thread(lock.take),
        lambda: asyncio.to_thread(lock.release),
    )


class _Lock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: list[sqlite3.Connection] = []

    def take(self) -> None:
        # Taken and released in different threads, one after the other.
        other = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._held.append(other)
        other.execute("BEGIN EXCLUSIVE")

    def release(self) -> None:
        self._held.pop().close()


@dataclass(frozen=True, slots=True)
class Outage:
    """The rounds with a database and without it, in turns: one more with it than without."""

    name: str
    with_it: Sequence[Round]
    without: Sequence[Round]
    asked: int
    counted: int
    """How many of the questions stand in the database at the end."""

    def times(self, figure: Callable[[Round], float]) -> float:
        """Return the median of how many times the figure is what it is in the rounds around."""
        around = [(figure(before) + figure(after)) / 2 for before, after in pairwise(self.with_it)]
        return statistics.median(
            figure(one) / usual for one, usual in zip(self.without, around, strict=True)
        )


async def outage(
    database: Breakable, data: Path, sizes: Sizes, settings: Mapping[str, str] | None = None
) -> Outage:
    """Ask a bot in a process of its own, while its database comes and goes."""
    asked = 0

    async def a_round() -> Round:
        nonlocal asked
        done = await ours.closed(1, sizes.seconds)
        asked += len(done.waits)
        return done

    async with crowd(OURS, data, read_questions(), settings) as ours:
        # The first round only warms up.
        await a_round()
        with_it = [await a_round()]
        without: list[Round] = []
        for _ in range(sizes.turns):
            await database.take_away()
            without.append(await a_round())
            await database.give_back()
            await _counted(database.place, asked)
            with_it.append(await a_round())
    counted = await _counted(database.place, asked)
    return Outage(database.name, with_it, without, asked, counted)


async def _counted(place: str | Path, asked: int) -> int:
    """Return how many questions were counted, once that is all of them or the bot had its time."""
    day = today()
    async with Store.open(place) as store:
        try:
            async with asyncio.timeout(_WRITTEN_WITHIN):
                while True:
                    days = await store.outcomes.by_day(day, today())
                    counted = sum(sum(one.counts.values()) for one in days)
                    if counted >= asked:
                        return counted
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            days = await store.outcomes.by_day(day, today())
            return sum(sum(one.counts.values()) for one in days)


async def measure(sizes: Sizes) -> AsyncIterator[Outage]:
    """Yield the outage of each database that is at hand."""
    with tempfile.TemporaryDirectory() as folder:
        yield await outage(locked(Path(folder) / FILE), Path(folder), sizes)
    programs = binaries()
    if programs is None:
        return
    server = await asyncio.to_thread(Postgres, programs, careful=True)
    try:
        place = server.address(await server.make_database())
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DATABASE_URL": place}
            yield await outage(stopped(server, place), Path(folder), sizes, settings)
    finally:
        await asyncio.to_thread(server.remove)


async def show(report: Report, outages: AsyncIterator[Outage]) -> None:
    """Show how long answers took, with the database and without, and whether that is kept."""
    report.say("\nTHE DATABASE AWAY: `/ask`, one after the other, medians of rounds in turns\n")
    report.say(f"  {'':24}{'p50 ms':>10}{'p99 ms':>10}{'CPU ms':>10}")
    async for one in outages:
        _show_rounds(report, "as usual", one.with_it)
        _show_rounds(report, one.name, one.without)
        cells = "".join(f"{one.times(figure):>10.2f}" for figure in _FIGURES)
        report.say(f"  {'times as usual':24}{cells}")
        report.say(f"  {one.counted:,} of {one.asked:,} questions were counted in the end")
        report.floor(f"p50, {one.name}, against usual", one.times(_p50), _MOST_TIMES, "times")
    if binaries() is None:
        report.say("  PostgreSQL is not installed; left out")


def _show_rounds(report: Report, name: str, rounds: Sequence[Round]) -> None:
    cells = (f"{statistics.median(map(figure, rounds)):>10.2f}" for figure in _FIGURES)
    report.say(f"  {name:24}{''.join(cells)}")


def _p50(one: Round) -> float:
    return one.percentile(50)


_FIGURES: Final[tuple[Callable[[Round], float], ...]] = (
    _p50,
    lambda one: one.percentile(99),
    lambda one: one.processor_ms,
)


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 1 if a floor was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.discord.outage", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three short rounds without each")
    sizes = QUICK if parser.parse_args(arguments).quick else FULL
    report = Report()
    asyncio.run(show(report, measure(sizes)))
    return 0 if report.passes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
