"""How long `msfaq ask` takes as a whole process, from start to answer."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.growing import single_threaded

if TYPE_CHECKING:
    from pathlib import Path

_TIMES: Final = 5


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from start to answer."""

    uncached: float
    """The very first time, when the index is not in the cache yet."""
    wall: float
    """Median of those after it, by the clock on the wall."""
    processor: float
    """The same, without what else the machine was busy with."""


def start_to_answer(faq_dir: Path) -> Started:
    """Start `msfaq ask` six times, with a cache of its own."""
    with tempfile.TemporaryDirectory() as data:
        environment = {**single_threaded(), "FAQ_DIR": str(faq_dir), "DATA_DIR": data}
        uncached, _ = _seconds(environment)
        more = [_seconds(environment) for _ in range(_TIMES)]
    return Started(
        uncached,
        statistics.median(wall for wall, _ in more),
        statistics.median(processor for _, processor in more),
    )


def _seconds(environment: dict[str, str]) -> tuple[float, float]:
    command = [sys.executable, "-m", "bot", "ask", "what is hsct"]
    start, used = time.perf_counter(), _processor_of_children()
    subprocess.run(  # noqa: S603 - our own command line, with fixed words
        command, check=True, stdout=subprocess.DEVNULL, env=environment
    )
    return time.perf_counter() - start, _processor_of_children() - used


def _processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
