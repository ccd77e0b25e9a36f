"""Turns that processes take one after the other, by PostgreSQL's clock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.storage.address import Address
from bot.storage.database import Database
from bot.storage.store import Store
from bot.storage.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.storage.postgres import Postgres

LONG = 1_000.0


@pytest.fixture
async def address(postgres: Postgres) -> str:
    return postgres.address(await postgres.make_database())


@pytest.fixture
async def turns(address: str) -> AsyncIterator[Turns]:
    async with Database(Address.of(address)) as database:
        yield Turns(database)


async def test_another_waits_until_the_time_is_over(turns: Turns) -> None:
    assert await turns.take(0, "one", LONG) == 0
    left = await turns.take(0, "two", LONG)
    assert LONG / 2 < left <= LONG
    assert 0 < await turns.take(0, "two", LONG) <= left
    assert await turns.take(0, "two", 0.0) == 0


async def test_each_kind_has_turns_of_its_own(turns: Turns) -> None:
    assert [await turns.take(key, f"of {key}", LONG) for key in range(3)] == [0, 0, 0]


async def test_a_holder_may_begin_anew(turns: Turns) -> None:
    assert await turns.take(0, "one", LONG) == 0
    assert await turns.take(0, "one", LONG) == 0


async def test_of_many_who_ask_at_once_one_has_it(address: str) -> None:
    async with Store.open(address) as one, Store.open(address) as two:
        for key in range(5):
            asked = [
                (one, two)[number % 2].turns.take(key, f"of {number}", LONG) for number in range(8)
            ]
            left = await asyncio.gather(*asked)
            assert [seconds > 0 for seconds in sorted(left)] == [False] + [True] * 7


async def test_a_turn_far_ahead_holds_up_nobody(
    turns: Turns, postgres: Postgres, address: str
) -> None:
    assert await turns.take(0, "one", 5.0) == 0
    name = address.partition("@/")[2].partition("?")[0]
    await postgres.run("UPDATE turns SET taken = taken + interval '1 hour'", database=name)
    assert await turns.take(0, "two", 5.0) == 0, "the clock was set back"
