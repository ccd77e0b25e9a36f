"""A file that is locked, read-only, full, damaged, or whose writer is killed: real ones."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.storage.counts import Came, Day, Verdict, Vote
from bot.storage.failures import Away, StorageError
from bot.storage.later import Later
from bot.storage.remembered import Remembered
from bot.storage.servers import ServerSettings
from bot.storage.store import Store
from tests.conftest import ROOT
from tests.storage.conftest import ENOUGH, SOON, TODAY, until

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

HELPFUL = Vote(TODAY, "what-is-ahsct", "5f3a", Verdict.HELPFUL)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Hold the file as a backup program would that never ends."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], check=False)
    if done.returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", "-l", folder], check=True)


def remount(folder: Path, how: str) -> None:
    """Make the disk read-only (`ro`) or not (`rw`)."""
    subprocess.run([shutil.which("mount") or "mount", "-o", f"remount,{how}", folder], check=True)


def fill(file: Path, content: bytes) -> None:
    """Put something in the file."""
    file.write_bytes(content)


def held(file: Path) -> bytes:
    """Return what is in the file."""
    return file.read_bytes()


async def trouble(later: Later) -> str:
    """Return what keeps counts from being written, when something does."""
    await until(lambda: later.trouble is not None)
    return later.trouble or ""


async def refused(file: Path) -> str:
    """Return why a store cannot be opened, in one sentence."""
    with pytest.raises(StorageError) as told:
        async with Store.open(file):
            pass
    assert not isinstance(told.value, Away)
    sentence = str(told.value)
    assert "\n" not in sentence
    assert str(file) in sentence
    return sentence


async def test_counts_wait_while_another_program_locks_the_file(file: Path) -> None:
    async with Store.open(file, within=0.2) as store, Later(store.write, every=SOON) as later:
        with locked(file):
            for number in range(700):
                later.came(Came(TODAY, "answered", f"entry-{number}"))
            later.vote(HELPFUL)
            assert "locked" in await trouble(later)
            with pytest.raises(Away, match="is locked by another program"):
                await store.inbox.put("a question", TODAY)
        assert await later.flush(ENOUGH)
        assert await store.outcomes.by_day(TODAY, TODAY) == (Day(TODAY, {"answered": 700}),)
        assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 1}),)


async def test_settings_are_read_while_another_program_locks_the_file(file: Path) -> None:
    own = ServerSettings(cooldown=5)
    async with Store.open(file) as store:
        await store.servers.set(1, own)
        with locked(file):
            assert await store.servers.get(1) == own, "readers need no lock"


async def test_a_file_that_is_locked_at_the_start_is_used_later(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store.open(file):
        pass
    with locked(file):
        opening = Store.open(file, within=0.1)
        store = await opening.__aenter__()
    await store.votes.add(HELPFUL)
    await opening.__aexit__(None, None, None)
    assert [record.getMessage() for record in caplog.records] == [
        f"the database {file} is locked by another program; it is tried again at each use"
    ]


async def test_a_full_disk_costs_no_vote(small_disk: Path) -> None:
    file = small_disk / "bot.db"
    async with Store.open(file) as store, Later(store.write, every=SOON) as later:
        room = shutil.disk_usage(small_disk).free
        (small_disk / "filler").write_bytes(b"x" * room)
        for number in range(400):
            later.came(Came(TODAY, "answered", f"entry-{number}"))
        assert await trouble(later) in {
            f"the database {file} has no room left: make room on its disk",
            f"the database {file} cannot be read or written: look at its disk",
        }
        (small_disk / "filler").unlink()
        assert await later.flush(ENOUGH)
        assert await store.outcomes.by_day(TODAY, TODAY) == (Day(TODAY, {"answered": 400}),)


async def test_a_disk_that_turns_read_only_costs_no_vote(small_disk: Path) -> None:
    file = small_disk / "bot.db"
    async with Store.open(file):
        pass
    remount(small_disk, "ro")
    assert "cannot be" in await refused(file)
    remount(small_disk, "rw")
    async with Store.open(file) as store, Later(store.write, every=SOON) as later:
        later.vote(HELPFUL)
        assert await later.flush(ENOUGH)


async def test_a_file_size_limit_is_told_as_a_full_disk(tmp_path: Path) -> None:
    code = (
        "import asyncio, resource, sys\n"
        "from pathlib import Path\n"
        "from datetime import date\n"
        "from bot.storage.failures import Away\n"
        "from bot.storage.store import Store\n"
        "async def main():\n"
        "    async with Store.open(Path(sys.argv[1])) as store:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "        try:\n"
        "            await store.inbox.put('x' * 1_000_000, date(2026, 11, 23))\n"
        "        except Away as away:\n"
        "            print(away)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", code, tmp_path / "bot.db"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    assert b"look at its disk" in told or b"make room" in told


async def test_a_file_that_is_no_database_is_one_sentence(file: Path) -> None:
    content = b"not a database at all, but long enough to be read" * 100
    fill(file, content)
    assert "is not a database, or is damaged" in await refused(file)
    assert held(file) == content


async def test_a_damaged_file_is_one_sentence(file: Path) -> None:
    async with Store.open(file) as store:
        await store.votes.add(HELPFUL)
    whole = held(file)
    fill(file, whole[:100] + bytes(byte ^ 0x5A for byte in whole[100:]))
    assert "damaged" in await refused(file)


async def test_a_folder_that_cannot_be_made_is_one_sentence(file: Path) -> None:
    fill(file, b"not a folder")
    assert "cannot be made (Not a directory)" in await refused(file / "data" / "bot.db")


async def test_a_folder_in_the_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    assert "cannot be opened" in await refused(tmp_path)


async def test_a_killed_process_leaves_a_sound_file_with_every_vote_it_told_of(file: Path) -> None:
    kills = 15
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.killing", file, str(kills)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told = int((await process.communicate())[0])
    assert told > kills
    with closing(sqlite3.connect(file)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with Store.open(file) as store:
        (day,) = await store.votes.by_day(TODAY, TODAY)
    # Each kill may come between a vote and the word of it.
    assert told <= day.counts["helpful"] <= told + kills


async def test_a_question_that_was_dealt_with_is_nowhere_in_the_file(file: Path) -> None:
    secret = b"xylophone neuralgia"
    async with Store.open(file) as store:
        number = await store.inbox.put(secret.decode(), TODAY)
        assert number is not None
        assert any(secret in one.read_bytes() for one in file.parent.iterdir())
        await store.inbox.close(number)
        assert not any(secret in one.read_bytes() for one in file.parent.iterdir())


async def test_only_this_user_can_read_the_file(file: Path) -> None:
    async with Store.open(file) as store:
        await store.votes.add(HELPFUL)
        for one in file.parent.iterdir():
            assert stat.S_IMODE(one.stat().st_mode) == 0o600, one


async def test_what_a_member_wrote_is_in_no_log_however_much_is_logged(file: Path) -> None:
    code = (
        "import asyncio, logging, sqlite3, sys\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from bot.logs import set_up_logging\n"
        "from bot.settings import Settings\n"
        "from bot.storage.failures import StorageError\n"
        "from bot.storage.store import Store\n"
        "async def main():\n"
        "    async with Store.open(Path(sys.argv[1]), within=0.1) as store:\n"
        "        await store.inbox.put('xylophone', date(2026, 11, 23))\n"
        "        sqlite3.connect(sys.argv[1]).execute('DROP TABLE inbox')\n"
        "        try:\n"
        "            await store.inbox.put('xylophone', date(2026, 11, 23))\n"
        "        except StorageError:\n"
        "            logging.getLogger('bot').exception('it failed')\n"
        "set_up_logging(Settings(log_level='DEBUG'))\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, file), cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, logged = await process.communicate()
    assert process.returncode == 0
    assert b"it failed" in logged
    assert b"xylophone" not in logged


async def test_remembered_settings_of_a_damaged_file_are_the_last_known(file: Path) -> None:
    own = ServerSettings(cooldown=5)
    now = 0.0
    async with (
        Store.open(file) as store,
        Remembered(
            store.servers.get, store.servers.set, ServerSettings(), clock=lambda: now, patience=9
        ) as settings,
    ):
        await settings.set(1, own)
        async with Store.open(file):
            with closing(sqlite3.connect(file)) as other:
                other.execute("DROP TABLE servers")
        now = 100.0
        assert await settings.get(1) == own
        assert await settings.get(2) == ServerSettings()
