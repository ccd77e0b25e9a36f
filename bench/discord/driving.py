"""People who ask: many of them, so that nobody has to wait for their turn."""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from operator import sub
from typing import TYPE_CHECKING, Final

from bench.discord.processes import ROOT, at_work, started
from bot.content.load import load_cases
from bot.content.problems import ContentError, errors
from bot.sandbox import GatewayRules, Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bench.discord.processes import BotProcess, Kind
    from bot.sandbox import Channel, Message, Person

_SERVERS: Final = 20
_CHANNELS_EACH: Final = 100
_PEOPLE: Final = 6 * _SERVERS * _CHANNELS_EACH
"""More than the members and channels whose pace a bot of ours remembers at once."""
_SLIP: Final = 1 / 3
_SHORTEST: Final = 8
_LONGEST: Final = 1_900
_PATIENCE: Final = 4.0
"""Seconds until a person gives up. Discord takes no answer after three."""
_AT_ONCE_GATEWAY: Final = GatewayRules(identify_every=0.0)


class AnswerError(Exception):
    """A question was answered by something else than a card."""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of some questions."""

    seconds: float
    processor: float
    """Seconds the bot's process was at work."""
    driver: float
    """Seconds this process was at work: the sandbox and the people."""
    machine: float
    """Seconds the machine was at work, on all its cores and with everything."""
    waits: Sequence[float]
    """Milliseconds to each answer, sorted."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def processor_ms(self) -> float:
        """Processor time an answer of the bot, in milliseconds."""
        return 1000 * self.processor / len(self.waits)

    @property
    def driver_ms(self) -> float:
        """Processor time an answer of the sandbox and its people, in milliseconds."""
        return 1000 * self.driver / len(self.waits)

    @property
    def driver_share(self) -> float:
        """How much of the time this process was at work: near 1 it is what limits the rate."""
        return self.driver / self.seconds

    @property
    def others(self) -> float:
        """How many cores were busy with what is neither the bot nor this process."""
        return max(0.0, self.machine - self.processor - self.driver) / self.seconds

    def percentile(self, number: int) -> float:
        """Return the milliseconds within which `number` % of the answers came."""
        return statistics.quantiles(self.waits, n=100, method="inclusive")[number - 1]


def read_questions() -> list[str]:
    """Return what is asked: the labelled questions of every kind, but none of the report set."""
    placed, problems = load_cases(ROOT / "faq")
    if errors(problems):
        raise ContentError(errors(problems))
    asked = [one.case.ask for one in placed if one.set_name != "report" and one.case.after is None]
    return [text for text in asked if len(text.strip()) >= _SHORTEST and len(text) <= _LONGEST]


def varied(questions: Sequence[str], seed: int) -> Iterator[str]:
    """Yield questions for ever, in every third of them two letters exchanged."""
    draw = random.Random(seed)  # noqa: S311 - the same questions each time; no secret
    while True:
        text = draw.choice(questions)
        if draw.random() < _SLIP:
            at = draw.randrange(len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        yield text


class Crowd:
    """Everybody in one sandbox, and the bot that they ask."""

    def __init__(self, sandbox: Sandbox, bot: BotProcess, questions: Sequence[str]) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self._questions = varied(questions, seed=1)
        self._turn = 0
        servers = [
            sandbox.add_server(f"server {number}", *map(str, range(_CHANNELS_EACH)))
            for number in range(_SERVERS)
        ]
        self._channels = [one for server in servers for one in server.channels.values()]
        self._people: list[Person] = []

    async def ask(self) -> Message:
        """Let the next person use /ask, and return the card that answers."""
        person, channel = self._next()
        interaction = person.slash(channel, "ask", question=next(self._questions))
        return _card(await interaction.answer(within=_PATIENCE))

    async def mention(self) -> Message:
        """Let the next person mention the bot, and return the card that answers."""
        person, channel = self._next()
        asked = person.mention(channel, next(self._questions))
        return _card(await channel.reply_to(asked, within=_PATIENCE))

    async def use(self) -> Message | None:
        """Let the next person use the bot in one of all ways: of ten uses, seven are /ask."""
        match self._turn % 10:
            case 0:
                return await self.mention()
            case 1:
                person, channel = self._next()
                typed = next(self._questions)[:_SHORTEST]
                await person.autocomplete(channel, "ask", question=typed).choices()
                return None
            case 2:
                return await self._ask_and_press()
            case _:
                return await self.ask()

    async def _ask_and_press(self) -> Message:
        person, channel = self._next()
        interaction = person.slash(channel, "ask", question=next(self._questions))
        card = _card(await interaction.answer())
        for button in card.buttons[:1]:
            card = _card(await person.press(card, button.custom_id or "").answer())
        return card

    def _next(self) -> tuple[Person, Channel]:
        number = self._turn % _PEOPLE
        self._turn += 1
        channel = self._channels[number % len(self._channels)]
        if number == len(self._people):
            home = filter(None, [channel.server])
            self._people.append(self.sandbox.add_person(f"person {number}", *home))
        return self._people[number], channel

    async def closed(
        self, at_once: int, seconds: float, use: Callable[[], Awaitable[object]] | None = None
    ) -> Round:
        """Let so many people ask, each again as soon as they are answered."""
        use = use or self.ask
        waits: list[float] = []
        end = time.perf_counter() + seconds

        async def somebody() -> None:
            while time.perf_counter() < end:
                await _timed(use, waits)

        return await self._measured(lambda: [somebody() for _ in range(at_once)], waits)

    async def arriving(self, rate: float, seconds: float, seed: int) -> Round:
        """Let people ask as they come, whether or not those before them were answered."""
        draw = random.Random(seed)  # noqa: S311 - no secret
        waits: list[float] = []

        async def everybody() -> None:
            begun = time.perf_counter()
            at = draw.expovariate(rate)
            async with asyncio.TaskGroup() as group:
                while at < seconds:
                    await asyncio.sleep(begun + at - time.perf_counter())
                    group.create_task(_timed(self.ask, waits))
                    at += draw.expovariate(rate)

        return await self._measured(lambda: [everybody()], waits)

    async def together(self, number: int) -> Round:
        """Let so many people ask at the same moment, each once."""
        waits: list[float] = []
        return await self._measured(lambda: [_timed(self.ask, waits) for _ in range(number)], waits)

    async def some(self, number: int, at_once: int) -> None:
        """Let the bot be used so often, in all ways, by so many people at once."""
        left = iter(range(number))

        async def somebody() -> None:
            for _ in left:
                await self.use()

        await asyncio.gather(*(somebody() for _ in range(at_once)))
        self._tidy()

    async def _measured(
        self, people: Callable[[], Sequence[Awaitable[object]]], waits: list[float]
    ) -> Round:
        before = self._clocks()
        await asyncio.gather(*people())
        after = self._clocks()
        await self._caught_up(waits)
        self._tidy()
        seconds, processor, driver, machine = map(sub, after, before)
        return Round(seconds, processor, driver, machine, sorted(waits))

    async def _caught_up(self, waits: Sequence[float]) -> None:
        """Wait until the bot is done with what nobody waits for any more, if there is any."""
        while waits and max(waits) >= 1000 * _PATIENCE:
            waits = []
            await _timed(self.ask, waits)

    def _clocks(self) -> tuple[float, float, float, float]:
        """Return the seconds of the clock, of the bot, of this process, and of the machine."""
        return time.perf_counter(), self.bot.processor(), time.process_time(), at_work()

    def _tidy(self) -> None:
        self.sandbox.forget()
        gc.collect()


async def _timed(use: Callable[[], Awaitable[object]], waits: list[float]) -> None:
    """Note how long a use took; one that was not answered counts with the time until then."""
    begun = time.perf_counter()
    with suppress(TimeoutError):
        await use()
    waits.append(1000 * (time.perf_counter() - begun))


def _card(answer: Message) -> Message:
    if not answer.is_layout:
        raise AnswerError(f"not answered with a card, but: {answer.text}")
    return answer


@asynccontextmanager
async def crowd(
    kind: Kind, data: Path, questions: Sequence[str], settings: Mapping[str, str] | None = None
) -> AsyncGenerator[Crowd, None]:
    """Start a bot in a sandbox full of people, and stop it at the end."""
    async with (
        Sandbox(rules=_AT_ONCE_GATEWAY) as sandbox,
        started(kind, sandbox, data, settings) as bot,
    ):
        await bot.ready(sandbox)
        yield Crowd(sandbox, bot, questions)
