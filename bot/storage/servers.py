"""What managers set for their server, and what was set up for the home server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

from pydantic import Field, ValidationError
from sqlalchemy import delete, select

from bot.core.faq import Record
from bot.storage.tables import home, servers

if TYPE_CHECKING:
    from sqlalchemy import Column

    from bot.storage.database import Database

_log = logging.getLogger(__name__)

S = TypeVar("S", bound=Record)

_ONLY: Final = 1
"""The number of the one row about the home server."""

Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
"""A number that Discord gave: of a channel or a role."""


class ServerSettings(Record):
    """How the bot behaves in one server; as it stands here where nobody set anything."""

    mentions_in: tuple[Snowflake, ...] = ()
    """The channels where mentions are answered; everywhere if none is named."""
    open_by_default: bool = False
    """Whether an answer to a command is for all to see unless it is asked for in private."""
    country: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    """Whose crisis lines come first: two letters; the order of the FAQ if not set."""
    cooldown: Annotated[int, Field(ge=0, le=3_600)] = 0
    """Seconds before the same answer is given in the same channel again; 0 for at once."""
    feedback: bool = True
    """Whether answers ask if they were helpful."""
    inbox: bool = True
    """Whether a question without an answer may be sent to the moderators."""


class HomeSettings(Record):
    """Who edits the FAQ, and where the bot tells moderators what they should know."""

    editors: tuple[Snowflake, ...] = ()
    """The roles that may edit; nobody if none is named."""
    moderators_channel: Snowflake | None = None
    two_person: Literal["treatment", "always", "never"] = "treatment"
    """Which changes need a second editor: those of entries about treatment, all, none."""


class Servers:
    """The settings of each server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild: int) -> ServerSettings:
        """Return the settings of a server: the usual ones where nobody set anything."""
        return await _get(self._database, servers.c.guild, guild, ServerSettings())

    async def set(self, guild: int, settings: ServerSettings) -> None:
        """Keep the settings of a server."""
        await _set(self._database, servers.c.guild, guild, settings)

    async def forget(self, guild: int) -> None:
        """Delete what is kept about a server."""
        async with self._database.writing() as connection:
            await connection.execute(delete(servers).where(servers.c.guild == guild))
        await self._database.let_go()

    async def known(self) -> frozenset[int]:
        """Return the servers about which something is kept."""
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(select(servers.c.guild))).scalars())


class Home:
    """The settings of the home server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self) -> HomeSettings:
        """Return what was set up: nobody edits where nothing was."""
        return await _get(self._database, home.c.only, _ONLY, HomeSettings())

    async def set(self, settings: HomeSettings) -> None:
        """Keep what was set up."""
        await _set(self._database, home.c.only, _ONLY, settings)


async def _get(database: Database, key: Column[int], number: int, usual: S) -> S:
    async with database.reading() as connection:
        kept = await connection.execute(select(key.table.c.settings).where(key == number))
        text = kept.scalar_one_or_none()
    if text is None:
        return usual
    try:
        return type(usual).model_validate_json(text)
    except ValidationError:
        # Written by hand, or by a version with other settings: better the usual ones than none.
        _log.warning("%s %d: what is kept cannot be read; the usual is used", key.table, number)
        return usual


async def _set(database: Database, key: Column[int], number: int, settings: Record) -> None:
    row = {"settings": settings.model_dump_json()}
    insert = database.upsert(key.table).values({key.name: number, **row})
    async with database.writing() as connection:
        await connection.execute(insert.on_conflict_do_update(index_elements=[key], set_=row))
