"""The database comes to the shape this version needs: whole or not at all, one at a time."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from bot.storage.failures import StorageError
from bot.storage.migrating import FOLDER, migrate
from bot.storage.store import Store
from bot.storage.tables import inbox, metadata
from tests.conftest import ROOT
from tests.storage.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database
    from tests.storage.conftest import Place

NEWEST: Final = str(ScriptDirectory(str(FOLDER)).get_current_head())
NEXT = '''"""A step of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("language", sa.String(2), server_default="en"))
    op.create_table("extra", sa.Column("id", sa.Integer()))
    op.execute("INSERT INTO {table} VALUES (1)")
'''


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def columns_of_the_inbox(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("inbox")}


def tomorrow(folder: Path, table: str = "extra") -> Path:
    """Return the steps of a later version, one of which fails if `table` is none."""
    shutil.copytree(FOLDER, folder)
    step = NEXT.replace("{table}", table).replace("{newest}", NEWEST)
    (folder / "versions" / "v9999_next.py").write_text(step, encoding="utf-8")
    return folder


async def test_the_shape_after_all_steps_is_the_one_the_code_uses(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_later_version_keeps_what_was_there(database: Database, tmp_path: Path) -> None:
    await Store(database).inbox.put("kept", TODAY)
    folder = tomorrow(tmp_path / "later")
    async with database.writing() as connection:
        await connection.run_sync(lambda one: migrate(one, folder))
    async with database.reading() as connection:
        assert "language" in await connection.run_sync(columns_of_the_inbox)
        assert (await connection.execute(select(inbox.c.text))).scalars().all() == ["kept"]


async def test_a_step_that_fails_leaves_the_shape_of_before(
    database: Database, tmp_path: Path
) -> None:
    folder = tomorrow(tmp_path / "later", table="there_is_none")
    with pytest.raises(StorageError):
        async with database.writing() as connection:
            await connection.run_sync(lambda one: migrate(one, folder))
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
        assert "language" not in await connection.run_sync(columns_of_the_inbox)


async def test_an_older_version_refuses_a_newer_shape_in_one_sentence(
    place: Place, database: Database
) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '2099'"))
    with pytest.raises(StorageError) as refused:
        async with Store.open(place):
            pass
    assert str(refused.value) == (
        "the database was made by a newer version of the bot (its shape is 2099, this version "
        f"knows shapes up to {NEWEST}): run that version, or another database"
    )


async def test_several_processes_may_start_at_once(place: Place) -> None:
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from datetime import date\n"
        "from bot.storage.store import Store\n"
        "async def main(place):\n"
        "    print('here', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    async with Store.open(place) as store:\n"
        "        await store.inbox.put('hello', date(2026, 11, 23))\n"
        "place = sys.argv[1]\n"
        "asyncio.run(main(place if '://' in place else Path(place)))\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-c", code, str(place)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"here\n"
    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [told for _, told in ended] == [b"", b"", b""]
    assert [process.returncode for process in processes] == [0, 0, 0]
    async with Store.open(place) as store:
        assert len(await store.inbox.list(TODAY)) == 3


def test_every_step_is_packaged() -> None:
    assert all((folder / "__init__.py").exists() for folder in (FOLDER, FOLDER / "versions"))
