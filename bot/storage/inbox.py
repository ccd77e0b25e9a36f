"""Questions that members sent to the moderators: the text and the day, never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, insert, select

from bot.storage.database import storable
from bot.storage.tables import inbox

if TYPE_CHECKING:
    from bot.storage.database import Database

KEPT: Final = timedelta(days=30)
MOST: Final = 1_000
"""Questions waiting at once; when there are so many, one more would not be read either."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for an editor."""

    id: int
    text: str
    received: date


class Inbox:
    """Questions for the moderators, until they are dealt with, and for 30 days at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, text: str, today: date) -> int | None:
        """Keep a question and return its number; None if too many wait already."""
        async with self._database.writing() as connection:
            waiting = (await connection.execute(select(func.count()).select_from(inbox))).scalar()
            if waiting is not None and waiting >= MOST:
                return None
            row = insert(inbox).values(text=storable(text), received=today).returning(inbox.c.id)
            return (await connection.execute(row)).scalar_one()

    async def list(self, today: date) -> tuple[Waiting, ...]:
        """Return what waits, oldest first; nothing whose time is over."""
        waiting = select(inbox).where(inbox.c.received >= today - KEPT).order_by(inbox.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(waiting)).all()
        return tuple(Waiting(row.id, row.text, row.received) for row in rows)

    async def get(self, number: int) -> Waiting | None:
        """Return one question, or None if it is gone."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(inbox).where(inbox.c.id == number))
            row = found.one_or_none()
        return None if row is None else Waiting(row.id, row.text, row.received)

    async def close(self, number: int) -> bool:
        """Delete a question that was dealt with; False if another editor was first."""
        async with self._database.writing() as connection:
            closed = await connection.execute(delete(inbox).where(inbox.c.id == number))
        await self._database.let_go()
        return closed.rowcount > 0

    async def purge(self, older_than: date) -> int:
        """Delete what was received before `older_than`, and return how many that were."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(inbox).where(inbox.c.received < older_than))
        if gone.rowcount:
            await self._database.let_go()
        return gone.rowcount
