"""A PostgreSQL that stops, hangs, loses an answer or does not let the bot in: a real one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.storage.address import Address
from bot.storage.counts import Batch, Came, Day, Verdict, Vote
from bot.storage.database import Database
from bot.storage.failures import Away, StorageError
from bot.storage.later import Later
from bot.storage.remembered import Remembered
from bot.storage.servers import ServerSettings
from bot.storage.store import Store
from bot.storage.tables import outcomes
from tests.storage.conftest import ENOUGH, SOON, TODAY, until, until_told
from tests.storage.line import Line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.storage.postgres import Postgres

HELPFUL = Vote(TODAY, "what-is-ahsct", "5f3a", Verdict.HELPFUL)
OWN = ServerSettings(cooldown=5)


@pytest.fixture
async def name(postgres: Postgres) -> str:
    return await postgres.make_database()


@pytest.fixture
async def line(postgres: Postgres) -> AsyncIterator[Line]:
    async with Line(postgres.socket) as line:
        yield line


def over(line: Line, name: str) -> str:
    return f"postgresql://bot@127.0.0.1:{line.port}/{name}?sslmode=disable"


async def count(later: Later, number: int) -> None:
    """Count a question every so often, as when members ask."""
    for _ in range(number):
        later.came(Came(TODAY, "answered", "what-is-ahsct"))
        later.vote(HELPFUL)
        await asyncio.sleep(0.001)


async def test_no_vote_is_lost_when_the_server_is_restarted_under_load(
    postgres: Postgres, name: str
) -> None:
    async with (
        Store.open(postgres.address(name)) as store,
        Later(store.write, every=SOON) as later,
    ):
        asking = asyncio.create_task(count(later, 400))
        await until(lambda: later.written > 0)
        await asyncio.to_thread(postgres.stop)
        try:
            later.vote(HELPFUL)
            await until(lambda: later.trouble is not None)
            with pytest.raises(Away):
                await store.inbox.put("a question", TODAY)
        finally:
            await asyncio.to_thread(postgres.start)
        await asking
        assert await later.flush(ENOUGH)
        assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 401}),)
        assert await store.outcomes.by_day(TODAY, TODAY) == (Day(TODAY, {"answered": 400}),)


async def test_a_server_that_is_down_at_the_start_is_used_later(
    postgres: Postgres, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    postgres.stop()
    try:
        opening = Store.open(postgres.address(name))
        store = await opening.__aenter__()
        with pytest.raises(Away):
            await store.ready()
    finally:
        postgres.start()
    await store.votes.add(HELPFUL)
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 1}),)
    await opening.__aexit__(None, None, None)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"the database {name} on {postgres.folder} cannot be")
    assert record.getMessage().endswith("; it is tried again at each use")


async def test_a_server_that_hangs_holds_up_nobody(name: str, line: Line) -> None:
    async with (
        Store.open(over(line, name), within=0.3) as store,
        Remembered(
            store.servers.get, store.servers.set, ServerSettings(), patience=0.05
        ) as settings,
        Later(store.write, every=SOON, longest_pause=0.1) as later,
    ):
        await settings.set(1, OWN)
        line.hold()
        later.vote(HELPFUL)
        async with asyncio.timeout(ENOUGH):
            assert await settings.get(2) == ServerSettings()
            assert await settings.get(1) == OWN
            with pytest.raises(Away, match="did not answer in time"):
                await store.inbox.put("a question", TODAY)
        await until(lambda: later.trouble is not None)
        line.let_go()
        assert await later.flush(ENOUGH)
        assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 1}),)


async def test_an_answer_that_gets_lost_does_not_count_a_vote_twice(name: str, line: Line) -> None:
    async with Store.open(over(line, name)) as store, Later(store.write, every=SOON) as later:
        for number in range(3):
            line.lose_the_answer_to(b"COMMIT")
            later.vote(HELPFUL)
            async with asyncio.timeout(ENOUGH):
                await line.lost.wait()
            assert await later.flush(ENOUGH)
            totals = await store.votes.by_day(TODAY, TODAY)
            assert totals == (Day(TODAY, {"helpful": number + 1}),)


async def test_a_broken_connection_is_replaced(name: str, line: Line) -> None:
    async with Store.open(over(line, name)) as store:
        for _ in range(3):
            await store.servers.set(1, OWN)
            line.cut()
            assert await store.servers.get(1) == OWN


async def test_processes_that_write_the_same_counts_never_wait_for_each_other(
    postgres: Postgres, name: str
) -> None:
    cames = [Came(TODAY, "answered", f"entry-{number}") for number in range(9)]
    async with Database(Address.of(postgres.address(name)), within=ENOUGH) as database:
        store = Store(database)
        for came in cames:
            await store.outcomes.add(came)
        async with database.writing() as another:
            # Both get as far as the row in the middle, which is taken.
            await another.execute(
                select(outcomes).where(outcomes.c.entry == "entry-4").with_for_update()
            )
            writes = [
                asyncio.create_task(store.write(Batch(writer, 1, TODAY, dict.fromkeys(order, 1))))
                for writer, order in (("one", cames), ("another", cames[::-1]))
            ]

            async def both_wait() -> bool:
                return await postgres.waiting() == len(writes)

            await until_told(both_wait)
        await asyncio.gather(*writes)
        assert await store.outcomes.by_day(TODAY, TODAY) == (Day(TODAY, {"answered": 27}),)


async def refused(address: str) -> str:
    """Return why a store cannot be opened, in one sentence without a password."""
    with pytest.raises(StorageError) as told:
        async with Store.open(address):
            pass
    assert not isinstance(told.value, Away)
    assert "\n" not in str(told.value)
    assert "hunter2" not in str(told.value)
    return str(told.value)


async def test_a_wrong_password_is_one_sentence(postgres: Postgres, name: str) -> None:
    await postgres.run("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN PASSWORD 'right'")
    sentence = await refused(postgres.address(name, "guest:hunter2"))
    assert "does not let the bot in: look at user name and password in DATABASE_URL" in sentence


async def test_a_database_that_is_not_there_is_one_sentence(postgres: Postgres) -> None:
    assert "does not exist: make it with createdb" in await refused(postgres.address("nowhere"))


async def test_a_user_who_may_not_make_tables_is_told_so(postgres: Postgres, name: str) -> None:
    await postgres.run("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN")
    await postgres.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=name)
    sentence = await refused(postgres.address(name, "reader"))
    assert "grant it the right to make tables" in sentence
