"""What was measured, as tables, and whether the floors are kept."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from bench.discord.measuring import ARRIVING, AT_ONCE, BOTH, TOGETHER
from bench.discord.processes import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.discord.measuring import Growth, Rounds, Speed, Started
    from bench.discord.processes import Kind
    from bench.report import Report

_MOST_TIMES_ECHO: Final = 3.0
_MOST_P99_MS: Final = 50.0
_MOST_GROWTH_MB: Final = 2.0
"""Over 25,000 uses: 80 bytes a use, when the least that a use can leak is some hundred. What the
bot remembers for minutes, 10,000 answers of some 200 bytes, is not full after 50,000 uses yet."""
_MOST_TOGETHER_S: Final = 3.0
_JUDGED_FROM: Final = 50_000
"""Uses: until what the bot remembers has reached its bounds, it grows."""


def show_starts(report: Report, starts: Mapping[str, Sequence[Started]]) -> None:
    """Show how long the bots take to start."""
    report.say("START-UP in seconds, from the start of the process\n")
    report.say(f"  {'':24}{'to READY':>10}{'to an answer':>14}")
    for name, times in starts.items():
        ready = statistics.median(one.ready for one in times)
        answer = statistics.median(one.answer for one in times)
        report.say(f"  {name:24}{ready:>10.2f}{answer:>14.2f}")


def show_speed(report: Report, fast: Speed) -> None:
    """Show how fast both bots answer."""
    report.say("\nSPEED, medians of the repetitions; CPU is the bot's own process\n")
    report.say(
        f"  {'':30}{'':6}{'a second':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>8}"
        f"{'times echo':>12}{'sandbox':>9}{'others':>8}"
    )
    _show_rounds(report, "/ask, one after the other", fast.closed[1])
    for at_once in AT_ONCE[1:]:
        _show_rounds(report, f"/ask, {at_once} people at once", fast.closed[at_once])
    _show_rounds(report, f"mention, {AT_ONCE[1]} people at once", fast.mentions)
    _show_rounds(report, f"/ask, {ARRIVING} a second by chance", fast.arriving)
    _show_rounds(report, f"/ask, {TOGETHER} at the same moment", fast.together)
    sandbox = fast.closed[AT_ONCE[1]].median(OURS, lambda one: one.driver_ms)
    report.say(
        f"\n  The sandbox with its people uses {sandbox:.2f} ms of CPU an answer, in one process;\n"
        "  where it is busy nearly all the time, it limits rate and wait, not the bot.\n"
        "  Others: cores busy with anything else."
    )


def _show_rounds(report: Report, what: str, rounds: Rounds) -> None:
    for kind in BOTH:
        ratio = rounds.ratio(lambda one: one.processor_ms) if kind is OURS else 1.0
        report.say(
            f"  {what if kind is OURS else '':30}{kind.name:6}"
            f"{rounds.median(kind, lambda one: one.rate):>9,.0f}"
            f"{rounds.median(kind, lambda one: one.percentile(50)):>9.1f}"
            f"{rounds.median(kind, lambda one: one.percentile(99)):>9.1f}"
            f"{rounds.median(kind, lambda one: one.processor_ms):>8.2f}"
            f"{ratio:>12.2f}{rounds.median(kind, lambda one: one.driver_share):>9.0%}"
            f"{rounds.median(kind, lambda one: one.others):>8.0%}"
        )


def show_memory(report: Report, held: Mapping[Kind, Mapping[int, float]]) -> None:
    """Show what a server costs."""
    report.say("\nMEMORY in MB (RSS), one shard, after a few answers\n")
    counts = max((list(one) for one in held.values()), key=len)
    titles = "".join(f"{f'{number:,} servers':>16}" for number in counts)
    report.say(f"  {'':24}{titles}{'kB a server':>14}")
    for kind, by_servers in held.items():
        cells = (f"{by_servers[n]:.1f}" if n in by_servers else "-" for n in counts)
        first, last = min(by_servers), max(by_servers)
        each = 1024 * (by_servers[last] - by_servers[first]) / (last - first)
        row = "".join(f"{cell:>16}" for cell in cells)
        report.say(f"  {kind.name:24}{row}{each:>14.2f}")


def show_growth(report: Report, grown: Growth) -> None:
    """Show how the memory of our bot went over many uses."""
    uses = grown.points[-1][0]
    report.say(f"\nMEMORY over {uses:,} uses of ours: /ask, presses, suggestions, mentions\n")
    step = max(1, len(grown.points) // 10)
    for number, held in grown.points[::step]:
        report.say(f"  {number:>8,}{held:>9.1f} MB")
    report.say(f"\n  second half: {grown.a_thousand:+.3f} MB a thousand uses (least squares)")


def show_floors(report: Report, fast: Speed, grown: Growth) -> None:
    """Say of each floor whether it is kept."""
    report.say("\nFLOORS\n")
    ratios = [rounds.ratio(lambda one: one.processor_ms) for rounds in fast.closed.values()]
    report.floor("CPU an /ask, the worst of the three", max(ratios), _MOST_TIMES_ECHO, "x echo")
    p99 = fast.arriving.median(OURS, lambda one: one.percentile(99))
    report.floor(f"p99 of /ask, {ARRIVING} a second by chance", p99, _MOST_P99_MS, "ms")
    longest = max(one.waits[-1] for one in fast.together.of[OURS]) / 1000
    report.floor(f"{TOGETHER} at the same moment, the last", longest, _MOST_TOGETHER_S, "s")
    uses = grown.points[-1][0]
    if uses >= _JUDGED_FROM:
        what = f"growth over the second half of {uses:,} uses"
        report.floor(what, grown.second_half, _MOST_GROWTH_MB, "MB")
    else:
        report.say(f"  ----  growth is judged from {_JUDGED_FROM:,} uses on")
