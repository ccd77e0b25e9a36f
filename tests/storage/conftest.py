"""A database of each kind, empty."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from bot.storage.address import Address
from bot.storage.database import Database
from bot.storage.store import Store
from tests.storage.postgres import Postgres, binaries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

TODAY: Final = date(2026, 11, 23)

ENOUGH: Final = 60.0
"""Seconds until a wait fails, on the busiest machine."""
SOON: Final = 0.005

Place: TypeAlias = "str | Path"


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true that tells nobody when it becomes so."""

    async def truth() -> bool:
        return true()

    await until_told(truth)


async def until_told(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is true that has to be asked for."""
    async with asyncio.timeout(ENOUGH):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(SOON)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a PostgreSQL of our own."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Postgres(programs)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return where a database is, of each kind, that nobody has used."""
    if request.param == "sqlite":
        return tmp_path / "data" / "bot.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.address(await server.make_database())


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    """Return a store in an empty database of each kind."""
    async with Store.open(place) as store:
        yield store


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """Return an empty database of each kind."""
    async with Database(Address.of(place)) as database:
        yield database
