"""How many votes a second each database takes: `python -m bench.voting`.

One by one, each written before the next, and as the bot counts them: into memory, and from there
in batches. SQLite is a file on this disk; PostgreSQL is a private one with its usual caution
(every transaction is on the disk before it is told), left out where it is not installed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.report import Report
from bot.storage.counts import Verdict, Vote
from bot.storage.later import MOST, Later
from bot.storage.store import Store
from tests.storage.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_TODAY: Final = date(2026, 11, 23)
_ENTRIES: Final = 60
_AT_ONCE: Final = 16
_FLUSH_WITHIN: Final = 120.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    seconds: float
    """Of voting one by one."""
    votes: int
    """In batches, on a few entries."""


FULL: Final = Sizes(2.0, 200_000)
QUICK: Final = Sizes(0.5, 50_000)


@dataclass(frozen=True, slots=True)
class Voted:
    """Votes per second of one database."""

    name: str
    one_by_one: float
    """Each written, one after the other."""
    at_once: float
    """The same, from sixteen tasks."""
    different: float
    """Counted in memory and written in batches, no two of them the same count."""
    counted: float
    """The same with votes on sixty entries, until all are written."""


async def vote(name: str, place: str | Path, sizes: Sizes) -> Voted:
    """Vote for a while, in each way."""
    async with Store.open(place) as store:
        return Voted(
            name,
            await _one_by_one(store, 1, sizes.seconds),
            await _one_by_one(store, _AT_ONCE, sizes.seconds),
            await _counted(store, MOST, MOST),
            await _counted(store, sizes.votes, _ENTRIES),
        )


async def measure(sizes: Sizes) -> AsyncIterator[Voted]:
    """Yield the figures of each database that is at hand."""
    with tempfile.TemporaryDirectory() as folder:
        yield await vote("SQLite", Path(folder) / "bot.db", sizes)
    programs = binaries()
    if programs is None:
        return
    server = Postgres(programs, careful=True)
    try:
        yield await vote("PostgreSQL", server.address(await server.make_database()), sizes)
    finally:
        server.remove()


async def _one_by_one(store: Store, at_once: int, seconds: float) -> float:
    began, written = time.perf_counter(), 0

    async def one_voter() -> None:
        nonlocal written
        while time.perf_counter() - began < seconds:
            await store.votes.add(_vote(written % _ENTRIES))
            written += 1

    await asyncio.gather(*(one_voter() for _ in range(at_once)))
    return written / (time.perf_counter() - began)


async def _counted(store: Store, votes: int, entries: int) -> float:
    some = [_vote(number) for number in range(entries)]
    began = time.perf_counter()
    async with Later(store.write) as later:
        for number in range(votes):
            later.vote(some[number % entries])
        if not await later.flush(_FLUSH_WITHIN) or later.dropped:
            raise RuntimeError("not every vote was written")
    return votes / (time.perf_counter() - began)


def _vote(number: int) -> Vote:
    return Vote(_TODAY, f"entry-{number}", "5f3a", Verdict.HELPFUL)


async def show(report: Report, measured: AsyncIterator[Voted]) -> None:
    """Show the votes per second of each database."""
    report.say("\nVOTES PER SECOND\n")
    report.say(f"  {'':12}{'written one':>14}{'the same':>14}{'in batches,':>14}{'by and':>14}")
    report.say(f"  {'':12}{'by one':>14}{'by 16 tasks':>14}{'all differ':>14}{'by':>14}")
    async for voted in measured:
        figures = (voted.one_by_one, voted.at_once, voted.different, voted.counted)
        row = "".join(f"{figure:>14,.0f}" for figure in figures)
        report.say(f"  {voted.name:12}{row}")
    if binaries() is None:
        report.say("  PostgreSQL is not installed; left out")


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.voting", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a second of each")
    sizes = QUICK if parser.parse_args(arguments).quick else FULL
    asyncio.run(show(Report(), measure(sizes)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
