"""How many: votes on entries, and what questions came to. Numbers by day, never a person."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import BigInteger, cast, delete, func, select

from bot.storage.tables import outcomes, votes, writers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Column
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.storage.database import Database


KEPT: Final = timedelta(days=400)
"""A year, so that a month can be held against the same one of the year before, and a month more to
do so. Beyond that the FAQ has changed too much for old votes to say anything of it."""
_ENTRY: Final = re.compile(r"[\w-]{1,100}")
_VERSION: Final = re.compile(r"[\w-]{1,64}")
_NAME: Final = re.compile(r"[a-z_ ]{1,32}")


def _expect(shape: re.Pattern[str], text: str) -> None:
    # A count that a table cannot hold would stand in the way of all that are written with it.
    if not shape.fullmatch(text):
        raise ValueError(f"not to be counted: {text!r}")


class Verdict(StrEnum):
    """What a member says of an answer."""

    HELPFUL = "helpful"
    NOT_MY_QUESTION = "not_my_question"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Vote:
    """One verdict on one version of an entry; `version` is a short hash of its text."""

    day: date
    entry: str
    version: str
    verdict: Verdict

    def __post_init__(self) -> None:
        _expect(_ENTRY, self.entry)
        _expect(_VERSION, self.version)


@dataclass(frozen=True, slots=True)
class Came:
    """What one question came to, and the entry that was shown, if one was."""

    day: date
    outcome: str
    entry: str | None = None

    def __post_init__(self) -> None:
        _expect(_NAME, self.outcome)
        if self.entry is not None:
            _expect(_ENTRY, self.entry)


Counted: TypeAlias = Vote | Came


@dataclass(frozen=True, slots=True)
class Batch:
    """Counts to be added together. A writer's batch with the same number is added only once."""

    writer: str
    number: int
    day: date
    """When it was made; what was not heard of for long is forgotten."""
    added: Mapping[Counted, int]


@dataclass(frozen=True, slots=True)
class EntryVotes:
    """What members said of one version of an entry."""

    entry: str
    version: str
    counts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class Day:
    """What the questions of one day came to."""

    day: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EntryOutcomes:
    """What came of the questions for which one entry was shown."""

    entry: str
    counts: Mapping[str, int]


class Votes:
    """What members found of answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, vote: Vote) -> None:
        """Count one vote."""
        await _add(self._database, {vote: 1})

    async def change(self, old: Vote, new: Vote) -> None:
        """Count `new` in place of `old`."""
        if old != new:
            await _add(self._database, {old: -1, new: 1})

    async def by_entry(self, first: date, last: date) -> tuple[EntryVotes, ...]:
        """Return what was said between two days, both included, by entry and version."""
        found: dict[tuple[str, str], dict[Verdict, int]] = defaultdict(dict)
        columns = (votes.c.entry, votes.c.version, votes.c.verdict)
        for entry, version, verdict, count in await _totals(self._database, columns, first, last):
            found[entry, version][Verdict(verdict)] = count
        return tuple(EntryVotes(*of, counts) for of, counts in found.items())

    async def by_day(self, first: date, last: date) -> tuple[Day, ...]:
        """Return what was said between two days, both included, on each day with a vote."""
        columns = (votes.c.day, votes.c.verdict)
        return _days(await _totals(self._database, columns, first, last))


class Outcomes:
    """What questions came to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, came: Came) -> None:
        """Count one question."""
        await _add(self._database, {came: 1})

    async def by_entry(self, first: date, last: date) -> tuple[EntryOutcomes, ...]:
        """Return what was counted between two days, both included, by the entry shown."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        columns = (outcomes.c.entry, outcomes.c.outcome)
        for entry, outcome, count in await _totals(self._database, columns, first, last):
            found[entry][outcome] = count
        return tuple(EntryOutcomes(entry, counts) for entry, counts in found.items() if entry)

    async def by_day(self, first: date, last: date) -> tuple[Day, ...]:
        """Return what was counted between two days, both included, on each day with a question."""
        columns = (outcomes.c.day, outcomes.c.outcome)
        return _days(await _totals(self._database, columns, first, last))


async def write(database: Database, batch: Batch) -> None:
    """Add a batch; one that was added before, whoever was told so, is not added again."""
    async with database.writing() as connection:
        mine = select(writers.c.batch).where(writers.c.writer == batch.writer)
        last = (await connection.execute(mine)).scalar()
        if last is not None and last >= batch.number:
            return
        row = {"batch": batch.number, "day": batch.day}
        insert = database.upsert(writers).values(writer=batch.writer, **row)
        await connection.execute(
            insert.on_conflict_do_update(index_elements=[writers.c.writer], set_=row)
        )
        await _add_within(connection, database, batch.added)


async def purge(database: Database, older_than: date) -> None:
    """Delete the votes and outcomes of the days before `older_than`."""
    async with database.writing() as connection:
        for table in (votes, outcomes):
            await connection.execute(delete(table).where(table.c.day < older_than))


async def forget_writers(database: Database, before: date) -> None:
    """Forget the processes that have not written since `before`."""
    async with database.writing() as connection:
        await connection.execute(delete(writers).where(writers.c.day < before))


async def _add(database: Database, added: Mapping[Counted, int]) -> None:
    async with database.writing() as connection:
        await _add_within(connection, database, added)


async def _add_within(
    connection: AsyncConnection, database: Database, added: Mapping[Counted, int]
) -> None:
    for table, kind in ((votes, Vote), (outcomes, Came)):
        rows = [_row(one, count) for one, count in added.items() if type(one) is kind]
        if rows:
            insert = database.upsert(table)
            more = insert.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={"count": table.c.count + insert.excluded["count"]},
            )
            # In one order everywhere: two processes never wait for each other.
            await connection.execute(more, sorted(rows, key=lambda row: tuple(row.values())))


def _row(counted: Counted, count: int) -> dict[str, Any]:
    match counted:
        case Vote(day, entry, version, verdict):
            of = {"entry": entry, "version": version, "verdict": verdict.value}
            return {"day": day, **of, "count": count}
        case Came(day, outcome, entry):
            return {"day": day, "outcome": outcome, "entry": entry or "", "count": count}


async def _totals(
    database: Database, columns: Sequence[Column[Any]], first: date, last: date
) -> Sequence[tuple[Any, ...]]:
    """Return each combination of `columns` that was counted, and last how often, in order."""
    table = columns[0].table
    # A vote that was changed is taken away even where the first one was lost with a process.
    total = func.sum(table.c.count)
    counted = (
        select(*columns, cast(total, BigInteger))
        .where(table.c.day.between(first, last))
        .group_by(*columns)
        .having(total > 0)
        .order_by(*columns)
    )
    async with database.reading() as connection:
        return [tuple(row) for row in await connection.execute(counted)]


def _days(rows: Sequence[tuple[Any, ...]]) -> tuple[Day, ...]:
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, name, count in rows:
        found[day][name] = count
    return tuple(Day(day, counts) for day, counts in found.items())
