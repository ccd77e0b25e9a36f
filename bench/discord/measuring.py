"""What is measured, and how often: each bot in turn, so that a busy hour slows them alike."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench.discord.driving import crowd
from bench.discord.processes import ECHO, ECHO_WITH_GUILDS, OURS, started
from bot.sandbox import GatewayRules, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bench.discord.driving import Crowd, Round
    from bench.discord.processes import Kind

BOTH: Final = (OURS, ECHO)
AT_ONCE: Final = (1, 10, 100)
ARRIVING: Final = 100
"""Questions a second, by chance and not evenly."""
TOGETHER: Final = 100
"""Questions at the same moment."""
_WARM_UP: Final = 2.0
_RULES: Final = GatewayRules(identify_every=0.0)
_CHANNELS: Final = 30
"""Channels of each server, where it matters: the bot is told of them with the GUILDS intent."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    turns: int
    """Rounds of each bot with so many people at once: many short ones, so that both meet the same
    weather on a machine that has other things to do."""
    closed: float
    """Seconds such a round lasts."""
    repetitions: int
    """Repetitions of everything else."""
    arriving: float
    """Seconds a round of questions that arrive by chance lasts."""
    uses: int
    """Uses over which the memory is watched."""
    step: int
    """Uses between two looks at the memory."""
    servers: Sequence[int]
    """Numbers of servers; the first is what the others are compared with."""
    starts: int


FULL: Final = Sizes(15, 1.0, 5, 10.0, 50_000, 1_000, (0, 1_000, 10_000), 5)
QUICK: Final = Sizes(3, 0.6, 1, 8.0, 5_000, 500, (0, 1_000), 2)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of both bots under the same conditions, in the order they were made."""

    of: Mapping[Kind, Sequence[Round]]

    def median(self, kind: Kind, figure: Callable[[Round], float]) -> float:
        """Return the median of a figure over the repetitions."""
        return statistics.median(map(figure, self.of[kind]))

    def ratio(self, figure: Callable[[Round], float]) -> float:
        """Return the median of how many times the echo's figure ours was."""
        pairs = zip(self.of[OURS], self.of[ECHO], strict=True)
        return statistics.median(figure(ours) / figure(echo) for ours, echo in pairs)


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast both bots answer."""

    closed: Mapping[int, Rounds]
    """By number of people at once."""
    mentions: Rounds
    arriving: Rounds
    together: Rounds


async def speed(data: Path, questions: Sequence[str], sizes: Sizes) -> Speed:
    """Let both bots run, and ask one of them at a time."""
    closed: dict[int, dict[Kind, list[Round]]] = {n: _empty() for n in AT_ONCE}
    mentions, arriving, together = _empty(), _empty(), _empty()
    async with crowd(OURS, data, questions) as ours, crowd(ECHO, data, questions) as echo:
        asked: dict[Kind, Crowd] = {OURS: ours, ECHO: echo}
        for one in asked.values():
            await one.closed(AT_ONCE[1], min(_WARM_UP, sizes.turns * sizes.closed))
        for _ in range(sizes.turns):
            for at_once in AT_ONCE:
                for kind, one in asked.items():
                    closed[at_once][kind].append(await one.closed(at_once, sizes.closed))
            for kind, one in asked.items():
                mentions[kind].append(await one.closed(AT_ONCE[1], sizes.closed, one.mention))
        for repetition in range(sizes.repetitions):
            for kind, one in asked.items():
                arrived = await one.arriving(ARRIVING, sizes.arriving, seed=repetition)
                arriving[kind].append(arrived)
            for kind, one in asked.items():
                together[kind].append(await one.together(TOGETHER))
    return Speed(
        {at_once: Rounds(rounds) for at_once, rounds in closed.items()},
        Rounds(mentions),
        Rounds(arriving),
        Rounds(together),
    )


def _empty() -> dict[Kind, list[Round]]:
    return {kind: [] for kind in BOTH}


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds a bot takes from nothing."""

    ready: float
    """To READY, when Discord shows it as online."""
    answer: float
    """To its first answer."""


async def start_ups(data: Path, question: str, times: int) -> dict[str, list[Started]]:
    """Return how long each bot takes, so many times; first ours with nothing cached in `data`."""
    found = {"ours, nothing cached": [await start_up(OURS, data, question)]}
    for _ in range(times):
        for kind in BOTH:
            found.setdefault(kind.name, []).append(await start_up(kind, data, question))
    return found


async def start_up(kind: Kind, data: Path, question: str) -> Started:
    """Start a bot, ask it as soon as it is online, and stop it."""
    async with Sandbox(rules=_RULES) as sandbox:
        server = sandbox.add_server("server", "general")
        person = sandbox.add_person("person", server)
        begun = time.perf_counter()
        async with started(kind, sandbox, data) as bot:
            await bot.ready(sandbox)
            ready = time.perf_counter() - begun
            await person.slash(server.channel("general"), "ask", question=question).answer()
            return Started(ready, time.perf_counter() - begun)


async def memory(kind: Kind, data: Path, questions: Sequence[str], servers: int) -> float:
    """Return the MB a bot holds that is in so many servers, and has answered a little."""
    async with Sandbox(rules=_RULES) as sandbox:
        channels = [str(number) for number in range(_CHANNELS if "GUILDS" in kind.name else 1)]
        for number in range(servers):
            sandbox.add_server(f"server {number}", *channels)
        home = sandbox.add_server("home", "general")
        person = sandbox.add_person("person", home)
        async with started(kind, sandbox, data) as bot:
            await bot.ready(sandbox)
            for question in questions[:3]:
                await person.slash(home.channel("general"), "ask", question=question).answer()
            return bot.memory()


async def memory_by_servers(
    data: Path, questions: Sequence[str], sizes: Sizes
) -> dict[Kind, dict[int, float]]:
    """Return the MB of each bot by number of servers, the median of the repetitions."""
    found: dict[Kind, dict[int, float]] = {}
    for kind in (*BOTH, ECHO_WITH_GUILDS):
        # A server of which a bot is told all takes long to tell of.
        counts = sizes.servers[:2] if kind is ECHO_WITH_GUILDS else sizes.servers
        found[kind] = {}
        for servers in counts:
            times = min(sizes.repetitions, 3)
            held = [await memory(kind, data, questions, servers) for _ in range(times)]
            found[kind][servers] = statistics.median(held)
            gc.collect()
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """The memory of a bot while it is used: MB after so many uses."""

    points: Sequence[tuple[int, float]]

    @property
    def second_half(self) -> float:
        """MB it grew in the second half of the uses, along the line of least squares."""
        half = self.points[len(self.points) // 2 :]
        uses, held = zip(*half, strict=True)
        slope, _ = statistics.linear_regression(uses, held)
        return slope * (uses[-1] - uses[0])

    @property
    def a_thousand(self) -> float:
        """The same, MB a thousand uses."""
        half = self.points[len(self.points) // 2 :]
        return 1_000 * self.second_half / (half[-1][0] - half[0][0])

    def lines(self) -> Iterator[str]:
        """Yield it as lines of a CSV file."""
        yield "uses,memory_mb"
        yield from (f"{uses},{held:.2f}" for uses, held in self.points)


async def growth(data: Path, questions: Sequence[str], sizes: Sizes) -> Growth:
    """Use a fresh bot of ours in all ways, and look at its memory now and then."""
    async with crowd(OURS, data, questions) as ours:
        points = [(0, ours.bot.memory())]
        for uses in range(sizes.step, sizes.uses + 1, sizes.step):
            await ours.some(sizes.step, AT_ONCE[1])
            points.append((uses, ours.bot.memory()))
        return Growth(points)
