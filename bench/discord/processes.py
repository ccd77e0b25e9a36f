"""A bot in a process of its own, measured from outside: the sandbox's share stays out of it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Mapping

    from bot.sandbox import Sandbox

ROOT: Final = Path(__file__).resolve().parents[2]
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_READY_WITHIN: Final = 60.0
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


class BotGoneError(Exception):
    """A bot ended in the middle of being measured."""


class BotProcess:
    """A bot that runs. What is read of it is read from outside, and costs it nothing.

    Everything raises BotGoneError once it has ended.
    """

    def __init__(self, kind: Kind, process: Process) -> None:
        self._kind = kind
        self._process = process

    async def ready(self, sandbox: Sandbox) -> None:
        """Wait until it is connected to its sandbox."""
        ended = asyncio.ensure_future(self._process.wait())
        ready = asyncio.ensure_future(sandbox.ready(within=_READY_WITHIN))
        await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            ready.cancel()
            raise self._gone()
        ended.cancel()
        await ready

    def processor(self) -> float:
        """Return the seconds of processor time it has used, in all its threads."""
        try:
            # The clock of another process, as clock_getcpuclockid(3) names it; /proc counts in
            # hundredths of a second.
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError as error:
            raise self._gone() from error

    def memory(self) -> float:
        """Return the MB it holds in memory now (RSS)."""
        status = Path("/proc") / str(self._process.pid) / "status"
        try:
            held = re.search(r"VmRSS:\s+(\d+)", status.read_text(encoding="ascii"))
        except OSError as error:
            raise self._gone() from error
        if held is None:
            raise self._gone()
        return int(held[1]) / 1024

    def _gone(self) -> BotGoneError:
        return BotGoneError(f"{self._kind.name} ended by itself")


def at_work() -> float:
    """Return the seconds that all cores together have been at work since the machine started."""
    first = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    user, nice, system, _, _, irq, soft, stolen = map(int, first.split()[1:9])
    return (user + nice + system + irq + soft + stolen) / _TICKS


@asynccontextmanager
async def started(
    kind: Kind, sandbox: Sandbox, data: Path, settings: Mapping[str, str] | None = None
) -> AsyncGenerator[BotProcess, None]:
    """Start a bot in the sandbox; it is stopped at the end, and its log shown if something broke.

    `data` is where it may keep files, `settings` are more than it needs. It reads no setting of
    whoever measures.
    """
    log_path = data / f"{kind.module}.log"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "SANDBOX": sandbox.address,
        "DISCORD_TOKEN": sandbox.token,
        "FAQ_DIR": str(ROOT / "faq"),
        "DATA_DIR": str(data),
        **(settings or {}),
    }
    arguments = [sys.executable, "-m", kind.module, *filter(None, [kind.argument])]
    with log_path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *arguments, cwd=data, env=environment, stdout=log, stderr=log
        )
    try:
        yield BotProcess(kind, process)
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
