"""Bringing a database to the shape this version needs, one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.storage.failures import StorageError

if TYPE_CHECKING:
    from alembic.runtime.migration import RevisionStep
    from sqlalchemy import Connection

FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x6D73666171
"""The number of the lock on PostgreSQL: "msfaq"."""


def migrate(connection: Connection, folder: Path = FOLDER) -> None:
    """Apply every step that is missing, in the transaction of `connection`: all or none.

    Raises:
        StorageError: if the database has a step this version does not know.

    """
    if connection.dialect.name == "postgresql":
        # SQLite needs none: a transaction that writes is alone there.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    scripts = ScriptDirectory(str(folder))
    newest = scripts.get_current_head()
    known = {script.revision for script in scripts.walk_revisions()}
    applied = MigrationContext.configure(connection).get_current_revision()
    if applied is not None and applied not in known:
        raise StorageError(
            f"the database was made by a newer version of the bot (its shape is {applied}, this "
            f"version knows shapes up to {newest}): run that version, or another database"
        )
    if applied == newest:
        return
    missing = reversed(list(scripts.iterate_revisions("heads", applied or "base")))
    steps = [MigrationStep.upgrade_from_script(scripts.revision_map, one) for one in missing]

    def all_of_them(_revision: object, _context: object) -> list[RevisionStep]:
        return steps

    context = MigrationContext.configure(connection, opts={"fn": all_of_them})
    with Operations.context(context):
        context.run_migrations()
