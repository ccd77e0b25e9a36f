"""How soon a saved file answers, and how long the bot stands still meanwhile: `make bench-live`.

On a copy of the shipped FAQ, followed as `msfaq run` follows it, with all its cases.
"""

from __future__ import annotations

import argparse
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

from bench.report import Report
from bot.content.live import LiveFaq

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FAQ: Final = Path(__file__).parent.parent / "faq"
_ENTRY: Final = "entries/ahsct/ahsct-cost.md"
_TIMES: Final = 5
_QUICK_TIMES: Final = 2
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


async def measure(folder: Path, times: int, faq: Path = _FAQ) -> Measured:
    """Save files into a copy of the FAQ in `folder` while it is followed, so often of each kind."""
    root = folder / "faq"
    shutil.copytree(faq, root)
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
        name: [await _save(live, change, turn, (swapped, pauses)) for turn in range(times)]
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
    # The clock of another process, as clock_getcpuclockid(3) names it.
    return 0.0 if process is None else time.clock_gettime((~process << 3) | 2)


def _megabytes(process: str) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def show(report: Report, measured: Measured) -> None:
    """Show how soon a saved file answered, and whether that is kept."""
    report.say("\nA CHANGED FILE of the shipped FAQ, followed with all its cases\n")
    report.say(
        f"  {'saved to answered, seconds':30}{'median':>9}{'from':>9}{'to':>9}{'of a core':>12}"
    )
    for name, saved in measured.kinds.items():
        seconds = [one.seconds for one in saved]
        processor = statistics.median(one.processor for one in saved)
        figures = (statistics.median(seconds), min(seconds), max(seconds))
        cells = "".join(f"{figure:>9.2f}" for figure in figures)
        report.say(f"  {name:30}{cells}{processor:>12.2f}")
    pauses, (before, after, builder) = measured.pauses, measured.memory
    changes = sum(map(len, measured.kinds.values()))
    report.say(f"  longest pause of the loop with nothing to build {1000 * pauses.idle:.0f} ms")
    report.say(f"  memory of the bot {before:.0f} MB, {changes} changes later {after:.0f} MB")
    report.say(f"  memory of the process that builds {builder:.0f} MB")
    for name, saved in measured.kinds.items():
        middle = statistics.median(one.seconds for one in saved)
        report.floor(f"{name}: saved to answered", middle, _FLOOR_S, "s")
    longest = 1000 * pauses.building
    report.floor("longest pause of the event loop meanwhile", longest, _FLOOR_PAUSE_MS, "ms")


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 1 if a floor was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two changes of each kind")
    quick: bool = parser.parse_args(arguments).quick
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        times = _QUICK_TIMES if quick else _TIMES
        show(report, asyncio.run(measure(Path(folder), times)))
    return 0 if report.passes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
