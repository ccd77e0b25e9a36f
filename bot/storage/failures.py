"""What a database can fail with, as one sentence for the operator.

StorageError
└── Away          it may pass by itself: locked, full, slow, restarted, out of reach
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StorageError(Exception):
    """The database cannot be used; the text is one sentence that says why and how to mend it."""


class Away(StorageError):  # noqa: N818
    """The database cannot be used now; it may be again without anybody's doing."""


_SQLITE_MAY_PASS: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another program",
    sqlite3.SQLITE_LOCKED: "is locked by another program",
    sqlite3.SQLITE_FULL: "has no room left: make room on its disk",
    sqlite3.SQLITE_IOERR: "cannot be read or written: look at its disk",
}
_SQLITE_STAYS: Final = {
    sqlite3.SQLITE_READONLY: "cannot be written: let the bot write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: let the bot write the file and its folder",
    sqlite3.SQLITE_CORRUPT: "is damaged: put a backup in its place, or move it away to begin anew",
    sqlite3.SQLITE_NOTADB: "is not a database, or is damaged: put a backup in its place, or move "
    "it away to begin anew",
}
_POSTGRES_MAY_PASS: Final = {
    "08": "broke the connection",
    "25006": "takes no changes now",
    "40": "was busy with another change",
    "53": "is out of room, memory or connections",
    "55": "is locked by another program",
    "57": "is starting, stopping, or took too long",
}
_POSTGRES_STAYS: Final = {
    "28": "does not let the bot in: look at user name and password in DATABASE_URL",
    "3D": "does not exist: make it with createdb, or mend its name in DATABASE_URL",
    "42501": "does not let the bot's user do this: grant it the right to make tables",
    "3F": "does not let the bot's user do this: grant it the right to make tables",
}


def failure(error: BaseException, named: str) -> StorageError | None:
    """Return what `error` means for the database called `named`; None if it is not its fault."""
    if isinstance(error, TimeoutError):
        return Away(f"the database {named} did not answer in time")
    if isinstance(error, OSError):
        return Away(f"the database {named} cannot be reached: {error.strerror or 'no answer'}")
    cause = error.orig if isinstance(error, DBAPIError) else error
    code: object = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        told = _sqlite(code & 0xFF, named)
        if told is not None:
            return told
    state: object = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        told = _postgres(state, named)
        if told is not None:
            return told
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Away(f"the database {named} broke the connection")
    # What asyncpg finds wrong before there is a connection comes as it is.
    if isinstance(error, SQLAlchemyError) or type(error).__module__.startswith("asyncpg"):
        return StorageError(f"the database {named} failed: {type(cause).__name__}")
    return None


def _sqlite(code: int, named: str) -> StorageError | None:
    if code in _SQLITE_MAY_PASS:
        return Away(f"the database {named} {_SQLITE_MAY_PASS[code]}")
    if code in _SQLITE_STAYS:
        return StorageError(f"the database {named} {_SQLITE_STAYS[code]}")
    return None


def _postgres(state: str, named: str) -> StorageError | None:
    for kind, sentences in ((Away, _POSTGRES_MAY_PASS), (StorageError, _POSTGRES_STAYS)):
        for beginning, sentence in sentences.items():
            if state.startswith(beginning):
                return kind(f"the database {named} {sentence}")
    return None
