"""How many votes a second each database takes: `python -m bench.voting`.

One by one, each written before the next, and as the bot counts them: into memory, and from there
in batches. SQLite is a file on this disk; PostgreSQL is a private one with its usual caution
(every transaction is on the disk before it is told), left out where it is not installed.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.storage.counts import Verdict, Vote
from bot.storage.later import MOST, Later
from bot.storage.store import Store
from tests.storage.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_TODAY: Final = date(2026, 11, 23)
_FOR: Final = 2.0
"""Seconds of voting one by one."""
_ENTRIES: Final = 60
_AT_ONCE: Final = 16
_FLUSH_WITHIN: Final = 120.0


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


async def vote(name: str, place: str | Path) -> Voted:
    """Vote for a while, in each way."""
    async with Store.open(place) as store:
        return Voted(
            name,
            await _one_by_one(store, 1),
            await _one_by_one(store, _AT_ONCE),
            await _counted(store, MOST, MOST),
            await _counted(store, 200_000, _ENTRIES),
        )


async def measure() -> AsyncIterator[Voted]:
    """Yield the figures of each database that is at hand."""
    with tempfile.TemporaryDirectory() as folder:
        yield await vote("SQLite", Path(folder) / "bot.db")
    programs = binaries()
    if programs is None:
        return
    server = Postgres(programs, careful=True)
    try:
        yield await vote("PostgreSQL", server.address(await server.make_database()))
    finally:
        server.remove()


async def _one_by_one(store: Store, at_once: int) -> float:
    began, written = time.perf_counter(), 0

    async def one_voter() -> None:
        nonlocal written
        while time.perf_counter() - began < _FOR:
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


async def _main() -> None:
    sys.stdout.write("VOTES PER SECOND\n\n")
    sys.stdout.write(
        f"  {'':12}{'written one':>14}{'the same':>14}{'in batches,':>14}{'by and':>14}\n"
    )
    sys.stdout.write(f"  {'':12}{'by one':>14}{'by 16 tasks':>14}{'all differ':>14}{'by':>14}\n")
    async for voted in measure():
        figures = (voted.one_by_one, voted.at_once, voted.different, voted.counted)
        row = "".join(f"{figure:>14,.0f}" for figure in figures)
        sys.stdout.write(f"  {voted.name:12}{row}\n")
    if binaries() is None:
        sys.stdout.write("  PostgreSQL is not installed; left out\n")


if __name__ == "__main__":
    asyncio.run(_main())
