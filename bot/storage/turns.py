"""Turns that several processes take one after the other, by the clock of their database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Float, cast, extract, func, not_, or_, select

from bot.storage.tables import turns

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.storage.database import Database


class Turns:
    """Who had the last turn of each kind. For PostgreSQL: nobody shares a file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, key: int, holder: str, every: float) -> float:
        """Take a turn of the kind `key`, and return 0; or return the seconds until there is one.

        There is one when nobody else has taken one for `every` seconds. Whoever holds the last
        one may take it anew, which then counts from now.
        """
        now = func.clock_timestamp()
        insert = self._database.upsert(turns).values(key=key, holder=holder, taken=now)
        # From a clock that was set back, a turn would lie far ahead, and nobody would get one.
        free = or_(turns.c.holder == holder, not_(_since().between(-every, every)))
        take = insert.on_conflict_do_update(
            index_elements=[turns.c.key], set_={"holder": holder, "taken": now}, where=free
        ).returning(turns.c.key)
        left = select(every - _since()).where(turns.c.key == key)
        async with self._database.writing() as connection:
            if (await connection.execute(take)).one_or_none() is not None:
                return 0.0
            found = (await connection.execute(left)).scalar_one()
        return max(float(found), 0.0)


def _since() -> ColumnElement[Any]:
    # Not now(): that is when the transaction began, and it may have waited for another since.
    return cast(extract("epoch", func.clock_timestamp() - turns.c.taken), Float)
