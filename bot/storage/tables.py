"""What the database holds: one table a kind of thing, with what is kept of it and for how long.

No table names a member who asked or voted. The only people in here are editors, in the audit
trail and in their own proposals, and they are told so before they edit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone: in as any zone, out as UTC, on databases that know no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` as a moment in UTC."""
        del dialect
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


_number: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column that is called INTEGER."""

metadata: Final = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s"}
)

votes: Final = Table(
    "votes",
    metadata,
    Column("day", Date, primary_key=True),
    Column("entry", String(100), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("verdict", String(32), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How many members found a version of an entry helpful, or what was wrong with it, by day.

A number and nothing else: no user, no server, no message. Kept for 400 days.
"""

outcomes: Final = Table(
    "outcomes",
    metadata,
    Column("day", Date, primary_key=True),
    Column("outcome", String(32), primary_key=True),
    Column("entry", String(100), primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""How many questions came to which end, by day and by the entry shown ("" if none was).

A number and nothing else: no question, no user, no server. Kept for 400 days.
"""

writers: Final = Table(
    "writers",
    metadata,
    Column("writer", String(32), primary_key=True),
    Column("batch", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
)
"""The last batch of counts that each process wrote, so that none is written twice.

A process is a random name, made at its start. Kept for a week after it last wrote.
"""

inbox: Final = Table(
    "inbox",
    metadata,
    Column("id", _number, primary_key=True),
    Column("text", Text, nullable=False),
    Column("received", Date, nullable=False),
    sqlite_autoincrement=True,
)
"""Questions that a member chose to send to the moderators, as they last edited them.

The text and the day: no user, no server, no time of day. Kept until an editor has dealt with it,
and 30 days at most; on SQLite its bytes are overwritten when it goes.
"""

changes: Final = Table(
    "changes",
    metadata,
    Column("id", _number, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("editor", BigInteger, nullable=False),
    Column("entry", String(100), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("approved_by", BigInteger),
    sqlite_autoincrement=True,
)
"""The audit trail: who changed which entry when, the text before and after, and who approved it.

Kept as long as the FAQ is; an editor who asks for it is made nameless (`Changes.forget`).
"""

proposals: Final = Table(
    "proposals",
    metadata,
    Column("id", _number, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("editor", BigInteger, nullable=False),
    Column("entry", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("base", String(64)),
    Column("after", Text),
    Column("approved_by", BigInteger),
    Column("before", Text),
    sqlite_autoincrement=True,
)
"""Changes that wait for a second editor, with who proposed them. Kept until one decides.

While one is being published, it has who approved it and what stood in the files before.
"""

servers: Final = Table(
    "servers",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
)
"""What a server's managers set: numbers of its channels, and switches.

Deleted when the bot leaves the server.
"""

turns: Final = Table(
    "turns",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(32), nullable=False),
    Column("taken", Moment, nullable=False),
)
"""Which process last told Discord of a connection, and when: Discord wants them one by one.

One row for each group of shards that wait for each other, under a random name. Kept.
"""

home: Final = Table(
    "home",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
)
"""What was set up for the home server: numbers of roles and of a channel. One row, kept."""
