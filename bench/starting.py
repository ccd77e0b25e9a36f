"""How long `msfaq ask` takes as a whole process, from start to answer."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Final

from bench.growing import single_threaded

if TYPE_CHECKING:
    from pathlib import Path

_TIMES: Final = 5


def start_to_answer(faq_dir: Path) -> tuple[float, float]:
    """Return seconds for the first start, which fills the cache, and the median of five more."""
    with tempfile.TemporaryDirectory() as data:
        environment = {**single_threaded(), "FAQ_DIR": str(faq_dir), "DATA_DIR": data}
        first = _seconds(environment)
        return first, statistics.median(_seconds(environment) for _ in range(_TIMES))


def _seconds(environment: dict[str, str]) -> float:
    command = [sys.executable, "-m", "bot", "ask", "what is hsct"]
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own command line, with fixed words
        command, check=True, stdout=subprocess.DEVNULL, env=environment
    )
    return time.perf_counter() - start
