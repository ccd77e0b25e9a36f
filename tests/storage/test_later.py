"""Counting never waits; what cannot be written is kept, tried again, and at last dropped."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.storage.counts import Came, Verdict, Vote
from bot.storage.failures import Away, StorageError
from bot.storage.later import Later
from tests.storage.conftest import ENOUGH, SOON, TODAY, until

if TYPE_CHECKING:
    from bot.storage.counts import Batch, Counted

HELPFUL = Vote(TODAY, "what-is-ahsct", "5f3a", Verdict.HELPFUL)
UNCLEAR = Vote(TODAY, "what-is-ahsct", "5f3a", Verdict.UNCLEAR)


def came(number: int) -> Came:
    return Came(TODAY, "answered", f"entry-{number}")


async def turns_of_the_loop() -> None:
    """Let whatever need not wait be done."""
    for _ in range(100):
        await asyncio.sleep(0)


@dataclass
class Tables:
    """Where counts go: adds what it is given, unless it is told to fail."""

    fails: Exception | None = None
    loses_the_answer: bool = False
    open: asyncio.Event = field(default_factory=asyncio.Event)
    totals: Counter[Counted] = field(default_factory=Counter)
    tried: list[Batch] = field(default_factory=list)
    tried_often: asyncio.Event = field(default_factory=asyncio.Event)
    _last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open.set()

    async def write(self, batch: Batch) -> None:
        """Add a batch, as `Store.write` does."""
        self.tried.append(batch)
        if len(self.tried) >= 3:
            self.tried_often.set()
        await self.open.wait()
        if self.fails is not None:
            raise self.fails
        if self._last.get(batch.writer, 0) < batch.number:
            self._last[batch.writer] = batch.number
            self.totals.update(batch.added)
        if self.loses_the_answer:
            self.loses_the_answer = False
            raise Away("the answer got lost")


@pytest.fixture
def tables() -> Tables:
    return Tables()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


async def test_the_same_counts_are_written_together(tables: Tables) -> None:
    async with Later(tables.write, every=SOON) as later:
        for _ in range(1_000):
            later.vote(HELPFUL)
            later.came(Came(TODAY, "declined"))
        assert later.kept == 2
        assert await later.flush(ENOUGH)
        assert later.kept == 0
    assert tables.totals == {HELPFUL: 1_000, Came(TODAY, "declined"): 1_000}
    assert len(tables.tried) == 1


async def test_a_vote_that_was_changed_before_it_was_written_is_one_vote(tables: Tables) -> None:
    async with Later(tables.write) as later:
        later.vote(HELPFUL)
        later.change_vote(HELPFUL, HELPFUL)
        later.change_vote(HELPFUL, UNCLEAR)
    assert tables.tried[0].added == {UNCLEAR: 1}


async def test_counts_that_cancel_out_are_not_written(tables: Tables) -> None:
    async with Later(tables.write) as later:
        later.change_vote(HELPFUL, UNCLEAR)
        later.change_vote(UNCLEAR, HELPFUL)
        assert await later.flush(ENOUGH)
    assert tables.tried == []


async def test_counts_are_written_without_anybody_asking_for_it(tables: Tables) -> None:
    async with Later(tables.write, every=SOON, seldom=SOON) as later:
        for number in range(3):
            later.came(came(number))
            await until(lambda: not later.kept)
    assert len(tables.tried) == 3


async def test_what_questions_came_to_waits_for_a_vote(tables: Tables) -> None:
    async with Later(tables.write, every=0, seldom=ENOUGH) as later:
        later.came(came(1))
        await turns_of_the_loop()
        assert tables.tried == []
        later.vote(HELPFUL)
        await until(lambda: not later.kept)
        assert tables.totals == {HELPFUL: 1, came(1): 1}
        later.came(came(2))
        await turns_of_the_loop()
        assert later.kept == 1


async def test_many_counts_are_written_in_batches(tables: Tables) -> None:
    async with Later(tables.write) as later:
        for number in range(1_201):
            later.came(came(number))
    assert [len(batch.added) for batch in tables.tried] == [500, 500, 201]
    assert [batch.number for batch in tables.tried] == [1, 2, 3]


async def test_counting_goes_on_while_the_database_is_slow(tables: Tables) -> None:
    tables.open.clear()
    async with Later(tables.write, every=SOON) as later:
        later.vote(HELPFUL)
        assert not await later.flush(0.01)
        later.vote(HELPFUL)
        assert later.kept == 2
        tables.open.set()
        assert await later.flush(ENOUGH)
    assert tables.totals == {HELPFUL: 2}


async def test_what_failed_is_tried_again_as_it_was(
    tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tables.fails = Away("the database is locked")
    async with Later(tables.write, every=SOON) as later:
        later.vote(HELPFUL)
        async with asyncio.timeout(ENOUGH):
            await tables.tried_often.wait()
        later.vote(HELPFUL)
        assert later.trouble == "the database is locked"
        tables.fails = None
        assert await later.flush(ENOUGH)
        assert later.trouble is None
    assert tables.tried[0] is tables.tried[2]
    assert tables.totals == {HELPFUL: 2}
    assert lines(caplog) == [
        "counts wait in memory: the database is locked",
        "counts are written again; 0 were dropped",
    ]


async def test_a_batch_whose_answer_got_lost_is_added_once(tables: Tables) -> None:
    tables.loses_the_answer = True
    async with Later(tables.write, every=SOON) as later:
        later.vote(HELPFUL)
        assert await later.flush(ENOUGH)
    assert len(tables.tried) == 2
    assert tables.totals == {HELPFUL: 1}


async def test_pauses_grow_while_the_database_is_away(tables: Tables) -> None:
    tables.fails = Away("gone")
    loop = asyncio.get_running_loop()
    at: list[float] = []

    async def write(batch: Batch) -> None:
        at.append(loop.time())
        await tables.write(batch)

    async with Later(write, every=0.02, longest_pause=0.08, last_word=0) as later:
        later.vote(HELPFUL)
        await until(lambda: len(at) >= 5)
    pauses = [after - before for before, after in pairwise(at)]
    for pause, least in zip(pauses, (0.04, 0.08, 0.08, 0.08), strict=False):
        assert pause >= least * 0.99


async def test_beyond_the_bound_new_counts_are_dropped_with_one_line(
    tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tables.fails = Away("gone")
    async with Later(tables.write, every=SOON, most=10) as later:
        for number in range(15):
            later.came(came(number))
        later.change_vote(HELPFUL, UNCLEAR)
        later.came(came(0))
        assert later.kept == 10
        assert later.dropped == 6
        async with asyncio.timeout(ENOUGH):
            await tables.tried_often.wait()
        tables.fails = None
        assert await later.flush(ENOUGH)
        later.came(came(11))
    kept = {came(number): 1 for number in range(10)}
    assert tables.totals == kept | {came(0): 2, came(11): 1}
    assert lines(caplog) == [
        "10 different counts wait to be written: more are dropped",
        "counts wait in memory: gone",
        "counts are written again; 6 were dropped",
    ]


async def test_at_the_end_what_is_left_is_written(tables: Tables) -> None:
    async with Later(tables.write, every=ENOUGH) as later:
        later.vote(HELPFUL)
    assert tables.totals == {HELPFUL: 1}


async def test_the_end_does_not_wait_longer_than_it_was_told(
    tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    tables.open.clear()
    async with asyncio.timeout(ENOUGH):
        async with Later(tables.write, every=SOON, last_word=0.01) as later:
            later.vote(HELPFUL)
            later.vote(UNCLEAR)
    assert lines(caplog) == ["2 different counts were lost: no time"]
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "counts"]


@pytest.mark.parametrize("error", [StorageError("read-only"), RuntimeError("a bug: secret")])
async def test_nothing_ends_the_counting(
    tables: Tables, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    tables.fails = error
    async with Later(tables.write, every=SOON) as later:
        later.vote(HELPFUL)
        async with asyncio.timeout(ENOUGH):
            await tables.tried_often.wait()
        tables.fails = None
    assert tables.totals == {HELPFUL: 1}
    assert "secret" not in caplog.text
