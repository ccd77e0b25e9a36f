"""One run of everything: `python -m bench.discord`, or with `--quick` in two minutes."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.discord import tables
from bench.discord.curve import draw_memory
from bench.discord.driving import read_questions
from bench.discord.measuring import (
    FULL,
    QUICK,
    growth,
    memory_by_servers,
    speed,
    start_ups,
)
from bench.discord.processes import ROOT
from bench.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.discord.measuring import Growth, Sizes

_OUT: Final = ROOT / "bench" / "out"


def main(arguments: Sequence[str]) -> int:
    """Measure, print tables, and write them and the curve of the memory into `bench/out`."""
    parser = argparse.ArgumentParser(prog="python -m bench.discord", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each once, and 5,000 uses")
    quick: bool = parser.parse_args(arguments).quick
    return measure(QUICK if quick else FULL, _OUT)


def measure(sizes: Sizes, out: Path) -> int:
    """Measure everything; return 0 if every floor is kept, else 1."""
    begun = time.perf_counter()
    report = Report()
    # A pause of this process would count as the bot's; what it leaves is swept between rounds.
    gc.disable()
    try:
        grown = asyncio.run(_everything(report, sizes))
    finally:
        gc.enable()
    report.say(f"\ndone in {time.perf_counter() - begun:.0f} s")
    out.mkdir(parents=True, exist_ok=True)
    (out / "discord.txt").write_text("\n".join([*report.lines, ""]), encoding="utf-8")
    (out / "discord-memory.csv").write_text("\n".join([*grown.lines(), ""]), encoding="utf-8")
    draw_memory(out / "discord-memory.png", grown.points)
    return 0 if report.passes else 1


async def _everything(report: Report, sizes: Sizes) -> Growth:
    questions = read_questions()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        tables.show_starts(report, await start_ups(data, questions[0], sizes.starts))
        fast = await speed(data, questions, sizes)
        tables.show_speed(report, fast)
        tables.show_memory(report, await memory_by_servers(data, questions, sizes))
        grown = await growth(data, questions, sizes)
    tables.show_growth(report, grown)
    tables.show_floors(report, fast, grown)
    return grown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
