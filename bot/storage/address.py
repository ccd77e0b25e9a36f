"""Where the database is: a file, or an address as operators write it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.storage.failures import StorageError

_HOW: Final = (
    "write postgresql://user:password@host/name, or leave it out and a file in DATA_DIR is used"
)
_POSTGRES: Final = {"postgres", "postgresql", "postgresql+asyncpg"}
_SQLITE: Final = {"sqlite", "sqlite+aiosqlite"}
_MAY_BE_ASKED_FOR: Final = {"host", "port", "ssl", "sslmode", "prepared_statement_cache_size"}


@dataclass(frozen=True, slots=True)
class Address:
    """A database this bot can use."""

    url: URL

    @classmethod
    def of(cls, place: str | Path) -> Self:
        """Read an address (`postgresql://…`, `sqlite:///…`), or take the path of a SQLite file.

        Raises:
            StorageError: if it is not the address of a database this bot can use.

        """
        if isinstance(place, Path):
            return cls(URL.create("sqlite+aiosqlite", database=str(place)))
        try:
            url = make_url(place.strip())
        except (ArgumentError, ValueError):
            # Without the cause: it quotes the address, and that may hold a password.
            raise StorageError(f"DATABASE_URL is not the address of a database: {_HOW}") from None
        if url.drivername in _POSTGRES:
            return cls(_postgres(url))
        if url.drivername in _SQLITE:
            return cls(_sqlite(url))
        raise StorageError(f"DATABASE_URL cannot be {url.drivername}://: {_HOW}")

    @property
    def file(self) -> Path | None:
        """The file, or None if it is not one."""
        if self.url.drivername != "sqlite+aiosqlite":
            return None
        return Path(self.url.database or "")

    @property
    def named(self) -> str:
        """What a log calls it: without user and password."""
        if self.file is not None:
            return str(self.file)
        host = self.url.host or self.url.query.get("host") or "this machine"
        return f"{self.url.database or 'without a name'} on {host}"


def _sqlite(url: URL) -> URL:
    if not url.database or url.database == ":memory:" or url.query:
        raise StorageError("DATABASE_URL: write a file after sqlite:///, and nothing after it")
    return url.set(drivername="sqlite+aiosqlite")


def _postgres(url: URL) -> URL:
    if find_spec("asyncpg") is None:
        raise StorageError("PostgreSQL needs a package more: pip install 'ms-faq-bot[postgres]'")
    unknown = sorted(set(url.query) - _MAY_BE_ASKED_FOR)
    if unknown:
        raise StorageError(
            f"DATABASE_URL: {unknown[0]} after the ? is not understood; leave it out"
        )
    query = dict(url.query)
    if "sslmode" in query:
        # What libpq and most hosts call it; asyncpg has another name for the same values.
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)
