"""What an FAQ of some size costs, measured in a process of its own.

`python -m bench.growing FAQ WORDINGS` prints one JSON object; `grow` starts that for a size.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from bench.synthetic import grown
from bot.app import today
from bot.content.load import load
from bot.content.problems import ContentError, errors
from bot.core.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUESTIONS: Final = 500
_WARM_UP: Final = 50
_SINGLE: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Grown(BaseModel):
    """The cost of an FAQ with so many wordings."""

    wordings: int
    entries: int
    median_ms: float
    p99_ms: float
    build_s: float
    peak_mb: float
    """Of the whole process, with Python, its packages and the FAQ itself."""
    right: float
    """Share of the questions whose entry came first: the index did its work."""


def single_threaded() -> dict[str, str]:
    """Return the environment in which numpy's linear algebra keeps to one core."""
    return {**os.environ, **dict.fromkeys(_SINGLE, "1")}


def grow(faq_dir: Path, wordings: int) -> Grown:
    """Measure an FAQ of this size in a fresh process."""
    command = [sys.executable, "-m", "bench.growing", str(faq_dir), str(wordings)]
    done = subprocess.run(  # noqa: S603 - our own module, with a folder and a number
        command, check=True, stdout=subprocess.PIPE, text=True, env=single_threaded()
    )
    return Grown.model_validate_json(done.stdout)


def times(find: Callable[[str], object], asked: Sequence[str]) -> tuple[float, float]:
    """Return median and 99th percentile, in milliseconds, of `find` for each question.

    Processor time: what else the machine is busy with does not count.
    """
    taken: list[float] = []
    for question in asked:
        start = time.process_time_ns()
        find(question)
        taken.append((time.process_time_ns() - start) / 1e6)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def _measure(faq_dir: Path, wordings: int) -> Grown:
    loaded = load(faq_dir, today(), phrases=False)
    if loaded.faq is None:
        raise ContentError(errors(loaded.problems))
    made = grown(loaded.faq, wordings, QUESTIONS + _WARM_UP)
    start = time.process_time()
    engine = Engine.of(made.faq, loaded.weights)
    built = time.process_time() - start
    asked = made.questions
    for question in asked[:_WARM_UP]:
        engine.consider(question)
    median, p99 = times(engine.consider, asked[_WARM_UP:])
    peak = _peak_mb()
    entries = made.faq.entries
    found = (engine.matcher.rank(question)[:1] for question in asked)
    first = ("".join(candidate.entry.id for candidate in best) for best in found)
    right = sum(one == entries[i % len(entries)].id for i, one in enumerate(first))
    return Grown(
        wordings=sum(1 + len(entry.also_asked) for entry in entries),
        entries=len(entries),
        median_ms=median,
        p99_ms=p99,
        build_s=built,
        peak_mb=peak,
        right=right / len(asked),
    )


def _peak_mb() -> float:
    """Return the most memory this process ever held.

    Not `getrusage`: its peak outlives exec, and so may be that of whoever started the process.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return float("nan")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2])).model_dump()))
