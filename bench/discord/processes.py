"""A bot in a process of its own, measured from outside: the sandbox's share stays out of it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

    from bot.sandbox import Sandbox

ROOT: Final = Path(__file__).resolve().parents[2]
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LEAVES_WITHIN: Final = 15.0
_END_OF_LOG: Final = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of bot: its name in the tables, and how its process is started."""

    name: str
    module: str
    argument: str


OURS: Final = Kind("ours", "bench.discord.ours", "run")
ECHO: Final = Kind("echo", "bench.discord.echo", "")
ECHO_WITH_GUILDS: Final = Kind("echo, GUILDS intent", "bench.discord.echo", "--guilds")


class BotProcess:
    """A bot that runs. What is read of it is read from /proc, and costs it nothing."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._proc = Path("/proc") / str(process.pid)

    def processor(self) -> float:
        """Return the seconds of processor time it has used, in all its threads."""
        # The name, in brackets, may hold spaces; utime and stime are fields 14 and 15.
        fields = (self._proc / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Return the MB it holds in memory now (RSS)."""
        for line in (self._proc / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")


@asynccontextmanager
async def started(kind: Kind, sandbox: Sandbox, data: Path) -> AsyncGenerator[BotProcess, None]:
    """Start a bot in the sandbox; it is stopped at the end, and its log shown if something broke.

    `data` is where it may keep files. It reads no setting of whoever measures.
    """
    log_path = data / f"{kind.module}.log"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "SANDBOX": sandbox.address,
        "DISCORD_TOKEN": sandbox.token,
        "FAQ_DIR": str(ROOT / "faq"),
        "DATA_DIR": str(data),
    }
    arguments = [sys.executable, "-m", kind.module, *filter(None, [kind.argument])]
    with log_path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *arguments, cwd=data, env=environment, stdout=log, stderr=log
        )
    try:
        yield BotProcess(process)
    except BaseException:
        end = log_path.read_text(encoding="utf-8", errors="replace")[-_END_OF_LOG:]
        sys.stderr.write(f"the end of the log of {kind.name}:\n{end}\n")
        raise
    finally:
        await _stop(process)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _LEAVES_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
