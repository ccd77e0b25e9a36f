"""One run of everything: `python -m bench`, or with `--quick` without what takes minutes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import banking, plots
from bench.comparing import MOST_OFF_TOPIC, MOST_WRONG, compare
from bench.growing import grow, single_threaded, times
from bench.methods import Bm25, token_set_ratio, wordings_of
from bench.questions import read_material
from bench.report import Report
from bench.starting import start_to_answer
from bench.synthetic import grown
from bot.core.evaluation import judge, reliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.comparing import Line, Tally
    from bench.growing import Grown
    from bench.questions import Material
    from bot.core.faq import Faq

_ROOT: Final = Path(__file__).resolve().parent.parent
_FAQ: Final = _ROOT / "faq"
_OUT: Final = _ROOT / "bench" / "out"
_BANKING: Final = _ROOT.parent / "shared" / "bench" / "banking77"
_SIZES: Final = (100, 1_000, 10_000, 100_000)
_QUICK_SIZES: Final = _SIZES[:-1]
_OTHERS_GROWN: Final = {"token_set_ratio": token_set_ratio, "BM25": Bm25}
_ASKED_OF_OTHERS: Final = 60
_BESIDE: Final = ("bench.live", "bench.voting", "bench.discord.outage")
"""Parts that are measured in a process of their own, each with `--quick`."""
_FLOOR_MEDIAN_MS: Final = 1.0
_FLOOR_P99_MS: Final = 4.0
_FLOOR_START_S: Final = 0.6


def main(arguments: Sequence[str]) -> int:
    """Measure, print tables, draw the pictures into `bench/out`; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without what takes minutes")
    quick: bool = parser.parse_args(arguments).quick
    start = time.perf_counter()
    report = Report()
    _OUT.mkdir(parents=True, exist_ok=True)
    material = read_material(_FAQ)
    _compare(material)
    _reliability(material)
    _shipped(report, material)
    _growth(report, material.faq, _QUICK_SIZES if quick else _SIZES)
    if not quick:
        _banking(material.faq)
    kept = [_beside(module, quick=quick) for module in _BESIDE]
    _say(f"\ndone in {time.perf_counter() - start:.0f} s; pictures in {_OUT.relative_to(_ROOT)}")
    return 0 if report.passes and all(kept) else 1


def _beside(module: str, *, quick: bool) -> bool:
    """Measure another part, and return whether its floors are kept."""
    command = [sys.executable, "-m", module, *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=False)  # noqa: S603 - our own modules
    return done.returncode == 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _compare(material: Material) -> None:
    lines = list(compare(material))
    counts = lines[0].tally
    _say(f"REPORT SET: {counts.in_scope} questions in scope, {counts.off_topic} off topic")
    _say("Each at the threshold with the best accuracy on the tuning set; ours as it decides.")
    _say("Times a question, and to build, are processor time on one core throughout.\n")
    _say(f"{'':34}accuracy  right   wrong  off topic    median")
    _say(f"{'':34}overall   in scope       answered    µs/question")
    for line in lines:
        _say(_row(line.name, line.tally) + f"{line.micros:>11,.0f}")
    _careful(lines)


def _careful(lines: Sequence[Line]) -> None:
    _say(
        f"\nEach at the best threshold that on the tuning set gives at most {MOST_WRONG:.0%} wrong "
        f"answers\nin scope and answers at most {MOST_OFF_TOPIC:.0%} of those off topic:\n"
    )
    for line in lines:
        if line.careful is not None:
            _say(_row(line.name, line.careful))


def _row(name: str, tally: Tally) -> str:
    right = tally.right / tally.in_scope
    return (
        f"{name:34}{tally.accuracy:>7.1%}{right:>9.1%}{tally.wrong_share:>8.1%}"
        f"{tally.answered_share:>10.1%}"
    )


def _reliability(material: Material) -> None:
    consider = material.engine.consider
    judged = [judge(case, consider(case.ask, case.after)) for case in material.report]
    bins = list(reliability(judged))
    _say("\nCONFIDENCE on the report set: how sure, how often the first candidate was right\n")
    for one in bins:
        low, high = one.right.interval
        _say(
            f"  {one.right.name}   sure {one.sure:.2f}   right {one.right.value:.2f}"
            f"   95 % {low:.2f} to {high:.2f}   of {one.right.total}"
        )
    plots.draw_reliability(_OUT / "reliability.png", bins)


def _shipped(report: Report, material: Material) -> None:
    consider = material.engine.consider
    for case in material.tune:
        consider(case.ask, case.after)
    median, p99 = times(consider, [case.ask for case in material.report])
    started = start_to_answer(_FAQ)
    wordings = len(wordings_of(material.faq))
    _say(f"\nTHE SHIPPED FAQ ({len(material.faq.entries)} entries, {wordings} wordings)\n")
    report.floor("median a question, every kind", median, _FLOOR_MEDIAN_MS, "ms")
    report.floor("p99 a question", p99, _FLOOR_P99_MS, "ms")
    report.floor("`msfaq ask`, start to answer", started.wall, _FLOOR_START_S, "s")
    _say(f"        {'of that, processor time':52}{started.processor:>8.2f} s")
    _say(f"        {'the same before anything is cached':52}{started.uncached:>8.2f} s")


def _growth(report: Report, faq: Faq, sizes: Sequence[int]) -> None:
    _say("\nGROWTH, a fresh process each\n")
    _say("  wordings  entries   median      p99    build     peak   first is right")
    measured: list[Grown] = []
    for size in sizes:
        one = grow(_FAQ, size)
        measured.append(one)
        _say(
            f"  {one.wordings:>8,}{one.entries:>9,}{one.median_ms:>6.2f} ms{one.p99_ms:>6.2f} ms"
            f"{one.build_s:>7.2f} s{one.peak_mb:>6.0f} MB{one.right:>12.0%}"
        )
    last = measured[-1]
    _say(f"\n  at {last.wordings:,} wordings:")
    report.floor("median a question", last.median_ms, plots.FLOOR_MS, "ms")
    report.floor("build", last.build_s, plots.FLOOR_BUILD_S, "s")
    report.floor("peak memory", last.peak_mb, plots.FLOOR_MB, "MB")
    plots.draw_growth(_OUT / "growth.png", measured, _others_grown(faq, sizes))


def _others_grown(faq: Faq, sizes: Sequence[int]) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {name: [] for name in _OTHERS_GROWN}
    for size in sizes:
        made = grown(faq, size, _ASKED_OF_OTHERS)
        wordings = wordings_of(made.faq)
        for name, method in _OTHERS_GROWN.items():
            median, _ = times(method(wordings).find, made.questions)
            found[name].append((len(wordings), median))
    return found


def _banking(faq: Faq) -> None:
    if not _BANKING.is_dir():
        _say(f"\nBANKING77 is not at hand ({_BANKING}); left out")
        return
    few, more = banking.SIZES
    _say(f"\nBANKING77, top-1 accuracy, {few} and {more} wordings an entry, mean of three draws\n")
    for name, (with_few, with_more) in banking.measure(_BANKING, faq):
        _say(f"  {name:32}{with_few:>8.1%}{with_more:>8.1%}")
    _say(f"  (difflib: on every {banking.EVERY_FOR_DIFFLIB}th question)")


def run() -> None:
    """Start over with numpy on one core if need be, then measure."""
    environment = single_threaded()
    if environment != dict(os.environ):
        os.execve(  # noqa: S606 - the same program again
            sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]], environment
        )
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
