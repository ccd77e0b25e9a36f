"""How soon a saved file answers, and how long the bot stands still meanwhile: `make bench-live`.

On a copy of the shipped FAQ, followed as `msfaq run` follows it, with all its cases.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.content.live import LiveFaq

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.content.live import Notice

_FAQ: Final = Path(__file__).parent.parent / "faq"
_ENTRY: Final = "entries/ahsct/ahsct-cost.md"
_TIMES: Final = 5
_FLOOR_S: Final = 1.0
_FLOOR_PAUSE_MS: Final = 50.0
_TICK: Final = 0.002
_QUESTION: Final = "how much does it cost"


@dataclass
class Pauses:
    """How late a task that only ticks was at worst."""

    longest: float = 0.0
    idle: float = 0.0
    """The same while nothing is built: what the machine itself does."""
    quiet: bool = field(default=True, repr=False)

    async def tick(self) -> None:
        """Tick until it is cancelled, asking a question now and then is up to others."""
        before = time.perf_counter()
        while True:
            await asyncio.sleep(_TICK)
            now = time.perf_counter()
            late = now - before - _TICK
            if self.quiet:
                self.idle = max(self.idle, late)
            else:
                self.longest = max(self.longest, late)
            before = now


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from saving to the first answer, for each kind of change."""

    kinds: dict[str, list[float]]
    builds: list[float]
    pauses: Pauses


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
    notices: list[Notice] = []
    live = LiveFaq(root, folder, today=lambda: datetime.now(UTC).date(), told=notices.append)
    gc.freeze()
    stop = asyncio.Event()
    following = asyncio.create_task(live.follow(stop))
    pauses = Pauses()
    ticking = asyncio.create_task(pauses.tick())
    await live.reload()
    await asyncio.sleep(1)
    kinds: dict[str, list[float]] = {}
    for name, change in _KINDS.items():
        kinds[name] = [await _save(live, root, change, turn, pauses) for turn in range(_TIMES)]
    ticking.cancel()
    stop.set()
    with suppress(asyncio.CancelledError):
        await ticking
    await following
    builds = [notice.seconds for notice in notices if notice.kind == "swapped"]
    return Measured(kinds, builds, pauses)


async def _save(
    live: LiveFaq, root: Path, change: Callable[[str, int], str], turn: int, pauses: Pauses
) -> float:
    path = root / _ENTRY
    text = change(path.read_text(encoding="utf-8"), turn)
    before = live.version
    pauses.quiet = False
    start = time.perf_counter()
    path.write_text(text, encoding="utf-8")
    while live.version == before:
        await asyncio.sleep(_TICK)
    live.engine.consider(_QUESTION)
    took = time.perf_counter() - start
    await asyncio.sleep(0.3)
    pauses.quiet = True
    await asyncio.sleep(0.3)
    return took


def main() -> int:
    """Measure and print; return 1 if a floor was missed."""
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure(Path(folder)))
    passed = True
    for name, seconds in measured.kinds.items():
        median, worst = statistics.median(seconds), max(seconds)
        passed = passed and median <= _FLOOR_S
        _say(f"saved to answered, {name:24}{median:6.2f} s  worst {worst:5.2f} s  floor 1 s")
    pauses = measured.pauses
    passed = passed and pauses.longest * 1000 <= _FLOOR_PAUSE_MS
    _say(f"of that, reading, checking, building {statistics.median(measured.builds):13.2f} s")
    _say(f"longest pause of the event loop {pauses.longest * 1000:17.1f} ms  floor 50 ms")
    _say(f"the same with nothing to build {pauses.idle * 1000:18.1f} ms")
    return 0 if passed else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
