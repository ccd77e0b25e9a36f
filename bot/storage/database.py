"""Transactions on either database, bounded in time, with one kind of error."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.failures import StorageError, failure
from bot.storage.migrating import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from sqlalchemy import Connection, Table
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
    from sqlalchemy.pool import ConnectionPoolEntry

    from bot.storage.address import Address

ANSWER_WITHIN: Final = 5.0
"""Seconds a transaction may take; on SQLite, seconds it waits for another program's lock."""
_DISK_WITHIN: Final = 5.0
"""Seconds more that SQLite's disk may take: a thread is not stopped, so it is to end by itself."""
_MIGRATE_WITHIN: Final = 60.0
_CONNECTIONS: Final = 4
_FRESH_AGAIN_AFTER: Final = 1_800
"""Seconds after which a connection is replaced: firewalls forget quiet ones."""


class Database:
    """One database. Nothing is connected before the first transaction.

    Tables are made, or brought to this version's shape, before the first transaction; as long as
    that fails, each transaction tries it anew.
    """

    def __init__(self, address: Address, *, within: float = ANSWER_WITHIN) -> None:
        self.address = address
        self._locked_for = within
        self._within = within if address.file is None else within + _DISK_WITHIN
        self._engine = _engine(address, within)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        self._bare = self._engine.execution_options(begin="")
        self._prepared = False
        self._preparing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def prepare(self) -> None:
        """Make the tables, or bring them to the shape this version needs; once.

        Raises:
            StorageError: if the database cannot be used (`Away` if not now).

        """
        async with self._preparing:
            if self._prepared:
                return
            if self.address.file is not None:
                with self._told():
                    await asyncio.to_thread(_make, self.address.file, self._locked_for)
            await self._migrate()
            self._prepared = True

    async def _pragma(self, statement: str) -> None:
        with self._told():
            async with asyncio.timeout(self._within), self._bare.begin() as connection:
                await connection.exec_driver_sql(f"PRAGMA {statement}")

    async def _migrate(self) -> None:
        with self._told():
            async with asyncio.timeout(_MIGRATE_WITHIN), self._writer.begin() as connection:
                await connection.run_sync(migrate)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction that changes nothing.

        Raises:
            StorageError: if the database cannot be used (`Away` if not now).

        """
        async with self._transaction(self._engine) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction that is written when the block ends, or not at all.

        Raises:
            StorageError: if the database cannot be used (`Away` if not now).

        """
        async with self._transaction(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
        if not self._prepared:
            await self.prepare()
        with self._told():
            async with asyncio.timeout(self._within), engine.begin() as connection:
                yield connection

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except StorageError:
            raise
        except Exception as error:
            told = failure(error, self.address.named)
            if told is None:
                raise
            raise told from error

    async def let_go(self) -> None:
        """Let go of what was deleted: SQLite has it in its log until that is written back."""
        if self.address.file is not None:
            # Where it fails nothing is wrong: it is written back another time.
            with suppress(StorageError):
                await self._pragma("wal_checkpoint(TRUNCATE)")

    def upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return the statement that adds a row, or can be told what to do if there is one."""
        return sqlite.insert(table) if self.address.file is not None else postgresql.insert(table)


def _make(file: Path, locked_for: float) -> None:
    """Make a file that only this user can read, and its folder, or see that there is a sound one.

    Not with the driver of the rest: that leaves a thread behind where it cannot connect.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise StorageError(
            f"the database {file} cannot be made ({error.strerror}): let the bot write in its "
            "folder, or name another one"
        ) from error
    with closing(sqlite3.connect(file, timeout=locked_for)) as connection:
        # Readers and a writer of the file can work at the same time, from now on.
        connection.execute("PRAGMA journal_mode = WAL")


def storable(text: str) -> str:
    """Return `text` without what no database takes: the character 0, and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _engine(address: Address, within: float) -> AsyncEngine:
    # No parameters in errors and logs: some are what a member wrote.
    common: dict[str, Any] = {
        "hide_parameters": True,
        "pool_size": _CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": within,
    }
    if address.file is None:
        return create_async_engine(
            address.url,
            connect_args={"timeout": within},
            pool_pre_ping=True,
            pool_recycle=_FRESH_AGAIN_AFTER,
            **common,
        )
    engine = create_async_engine(
        address.url,
        # Transactions are begun below, and never by the driver.
        connect_args={"isolation_level": None, "timeout": within},
        **common,
    )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten: a question that was dealt with is not left in the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at the start: it waits for the lock there, and never has to give up
    # because another wrote after it had read.
    statement: str = connection.get_execution_options().get("begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
