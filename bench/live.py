"""How soon a saved file answers, and how long the bot stands still meanwhile: `make bench-live`.

On a copy of the shipped FAQ, followed as `msfaq run` follows it, with all its cases.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.content.live import LiveFaq

if TYPE_CHECKING:
    from collections.abc import Callable

_FAQ: Final = Path(__file__).parent.parent / "faq"
_ENTRY: Final = "entries/ahsct/ahsct-cost.md"
_TIMES: Final = 5
_FLOOR_S: Final = 1.0
_FLOOR_PAUSE_MS: Final = 50.0
_TICK: Final = 0.002
_CALM: Final = 0.5
_QUESTION: Final = "how much does it cost"


@dataclass
class Pauses:
    """How late a task was at worst that does nothing but tick."""

    building: float = 0.0
    idle: float = 0.0
    """The same while nothing is built: what the machine itself does."""
    is_building: bool = False

    async def tick(self) -> None:
        """Tick until it is cancelled."""
        before = time.perf_counter()
        while True:
            await asyncio.sleep(_TICK)
            now = time.perf_counter()
            late = now - before - _TICK
            if self.is_building:
                self.building = max(self.building, late)
            else:
                self.idle = max(self.idle, late)
            before = now


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a file took."""

    seconds: float
    """Until the first answer from it."""
    processor: float
    """Of that, processor time of the process that builds, copies of it aside."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured."""

    kinds: dict[str, list[Saved]]
    pauses: Pauses
    memory: tuple[float, float, float]
    """Megabytes: of the bot before and after, and of the process that builds."""


def _answer(text: str, number: int) -> str:
    return f"{text}\nA sentence that was added ({number}).\n"


def _wording(text: str, number: int) -> str:
    return text.replace("also_asked:\n", f"also_asked:\n  - bill number {number} came today\n", 1)


_KINDS: Final[dict[str, Callable[[str, int], str]]] = {
    "an answer was changed": _answer,
    "a wording was added": _wording,
}


async def measure(folder: Path) -> Measured:
    """Save files into a copy of the FAQ in `folder` while it is followed."""
    root = folder / "faq"
    shutil.copytree(_FAQ, root)
    swapped = asyncio.Event()
    live = LiveFaq(
        root, folder, today=lambda: datetime.now(UTC).date(), told=lambda _: swapped.set()
    )
    gc.freeze()
    stop = asyncio.Event()
    pauses = Pauses()
    tasks = [asyncio.create_task(live.follow(stop)), asyncio.create_task(pauses.tick())]
    await live.reload()
    await asyncio.sleep(_CALM)
    before = _megabytes("self")
    kinds = {
        name: [await _save(live, change, turn, (swapped, pauses)) for turn in range(_TIMES)]
        for name, change in _KINDS.items()
    }
    memory = before, _megabytes("self"), _megabytes(str(live.workshop.process_id))
    stop.set()
    tasks[1].cancel()
    await asyncio.wait(tasks)
    return Measured(kinds, pauses, memory)


async def _save(
    live: LiveFaq,
    change: Callable[[str, int], str],
    turn: int,
    watched: tuple[asyncio.Event, Pauses],
) -> Saved:
    swapped, pauses = watched
    path = live.root / _ENTRY
    text = change(path.read_text(encoding="utf-8"), turn)
    swapped.clear()
    pauses.is_building = True
    start, used = time.perf_counter(), _processor(live.workshop.process_id)
    path.write_text(text, encoding="utf-8")
    await swapped.wait()
    live.engine.consider(_QUESTION)
    saved = Saved(time.perf_counter() - start, _processor(live.workshop.process_id) - used)
    await asyncio.sleep(_CALM)
    pauses.is_building = False
    await asyncio.sleep(_CALM)
    return saved


def _processor(process: int | None) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(process: str) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def main() -> int:
    """Measure and print; return 1 if a floor was missed."""
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure(Path(folder)))
    passed = measured.pauses.building * 1000 <= _FLOOR_PAUSE_MS
    for name, saved in measured.kinds.items():
        seconds = [one.seconds for one in saved]
        passed = passed and statistics.median(seconds) <= _FLOOR_S
        _say(f"{name}: saved to answered {statistics.median(seconds):.2f} s (floor {_FLOOR_S:g} s)")
        processor = statistics.median(one.processor for one in saved)
        _say(f"    {min(seconds):.2f} to {max(seconds):.2f} s; of a core {processor:.2f} s")
    pauses, (before, after, builder) = measured.pauses, measured.memory
    _say(
        f"longest pause of the event loop {pauses.building * 1000:.0f} ms "
        f"(floor {_FLOOR_PAUSE_MS:g} ms); with nothing to build {pauses.idle * 1000:.0f} ms"
    )
    _say(f"memory of the bot {before:.0f} MB, {2 * _TIMES} changes later {after:.0f} MB")
    _say(f"memory of the process that builds {builder:.0f} MB")
    return 0 if passed else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
