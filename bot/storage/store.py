"""Everything that is remembered, behind one door."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from bot.storage import counts
from bot.storage.address import Address
from bot.storage.counts import Outcomes, Votes
from bot.storage.database import ANSWER_WITHIN, Database
from bot.storage.editing import Changes, Proposals
from bot.storage.failures import Away
from bot.storage.inbox import KEPT, Inbox
from bot.storage.servers import Home, Servers
from bot.storage.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import date
    from pathlib import Path

    from bot.storage.counts import Batch

_log = logging.getLogger(__name__)

_WRITER_KEPT: Final = timedelta(days=7)


class Store:
    """One database, as the classes that each keep one kind of thing in it.

    Every method raises `StorageError`, with one sentence for the operator, if the database cannot
    be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.votes: Final = Votes(database)
        self.outcomes: Final = Outcomes(database)
        self.inbox: Final = Inbox(database)
        self.changes: Final = Changes(database)
        self.proposals: Final = Proposals(database)
        self.servers: Final = Servers(database)
        self.home: Final = Home(database)
        self.turns: Final = Turns(database)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, place: str | Path, *, within: float = ANSWER_WITHIN
    ) -> AsyncGenerator[Self]:
        """Open the database at an address, or the SQLite file at a path, in this version's shape.

        One that is away for now (locked, restarting, out of reach) is opened all the same: it is
        tried again at each use, and questions are answered meanwhile. A transaction has `within`
        seconds to end, or on SQLite to begin.

        Raises:
            StorageError: if only the operator can help: it is damaged, cannot be written, was
                made by a newer version, does not let the bot in.

        """
        async with Database(Address.of(place), within=within) as database:
            try:
                await database.prepare()
            except Away as away:
                _log.warning("%s; it is tried again at each use", away)
            yield cls(database)

    @property
    def is_shared(self) -> bool:
        """Whether several processes may work with it together: it is no file."""
        return self._database.address.file is None

    async def ready(self) -> None:
        """Return if the database can be used now.

        Raises:
            StorageError: if it cannot, also for the moment (`Away`).

        """
        await self._database.prepare()
        await self.home.get()

    async def write(self, batch: Batch) -> None:
        """Add counts, once however often it is tried: `Later` calls this."""
        await counts.write(self._database, batch)

    async def tidy(self, today: date) -> int:
        """Delete what is kept no longer; to be called daily. Return how many questions went."""
        await counts.purge(self._database, today - counts.KEPT)
        await counts.forget_writers(self._database, today - _WRITER_KEPT)
        return await self.inbox.purge(today - KEPT)
