"""A private PostgreSQL in a temporary folder, for as long as the tests run."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.address import Address

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEEDED: Final = ("initdb", "pg_ctl")
_WHERE_DEBIAN_HAS_THEM: Final = Path("/usr/lib/postgresql")
_ACCESS: Final = "local all guest scram-sha-256\nlocal all all trust\n"
_OPTIONS: Final = "-c listen_addresses='' -c unix_socket_directories='{folder}'"
_CARELESS: Final = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None if it is not installed."""
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    newest_first = sorted(_WHERE_DEBIAN_HAS_THEM.glob("*/bin"), reverse=True)
    for folder in (*newest_first, *folders):
        if all((folder / name).exists() for name in _NEEDED):
            return folder
    return None


class Postgres:
    """A server that listens on a socket in a folder of its own, and nowhere else.

    It does not wait for the disk, unless it is to be careful.
    """

    def __init__(self, programs: Path, *, careful: bool = False) -> None:
        # Not under pytest's folder: the path of a socket has a hundred characters at most.
        self.folder: Final = Path(tempfile.mkdtemp(prefix="msfaq-pg-"))
        self._programs = programs
        self._options = _OPTIONS.format(folder=self.folder) + ("" if careful else _CARELESS)
        self._user = _user()
        self._names = (f"test{number}" for number in itertools.count(1))
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        self._do("initdb", "-D", self._data, "-U", "bot", "-A", "trust", "-N")
        (self.folder / "data" / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    @property
    def socket(self) -> str:
        """Where it listens."""
        return str(self.folder / ".s.PGSQL.5432")

    def start(self) -> None:
        """Start it, and return when it can be used."""
        log = str(self.folder / "log")
        self._do("pg_ctl", "start", "-w", "-D", self._data, "-l", log, "-o", self._options)

    def stop(self) -> None:
        """Stop it as an impatient operator would: every connection is broken."""
        self._do("pg_ctl", "stop", "-w", "-D", self._data, "-m", "fast")

    def remove(self) -> None:
        """Stop it for good."""
        self._do("pg_ctl", "stop", "-w", "-D", self._data, "-m", "immediate", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    async def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as its owner, each by itself."""
        owner = create_async_engine(
            Address.of(self.address(database)).url, isolation_level="AUTOCOMMIT"
        )
        async with owner.connect() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
        await owner.dispose()

    async def waiting(self) -> int:
        """Return how many connections wait for what another has locked."""
        owner = create_async_engine(Address.of(self.address("postgres")).url)
        async with owner.connect() as connection:
            locked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            number: int = (await connection.exec_driver_sql(locked)).scalar_one()
        await owner.dispose()
        return number

    async def make_database(self) -> str:
        """Make an empty database and return its name."""
        name = next(self._names)
        await self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def address(self, name: str, user: str = "bot") -> str:
        """Return the address of a database as an operator writes it."""
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def _do(self, program: str, *arguments: str, check: bool = True) -> None:
        words: Sequence[str] = [str(self._programs / program), *arguments]
        done = subprocess.run(
            words,
            user=self._user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            # To a file: the server keeps what it was started with open.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if check and done.returncode != 0:
            log = self.folder / "log"
            told = log.read_text(encoding="utf-8") if log.exists() else "no log"
            raise AssertionError(f"{program} failed: {told}")


def _user() -> int | None:
    """Return whom to run it as: not root, which it refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise AssertionError("there is no user but root")
