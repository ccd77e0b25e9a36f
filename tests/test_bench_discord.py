"""The benchmark of the bot on Discord, with tiny numbers: it drives both bots, and judges right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.discord.driving import read_questions, varied
from bench.discord.echo import Echo
from bench.discord.measuring import AT_ONCE, BOTH, Growth, Sizes, growth, speed, start_up
from bench.discord.processes import ECHO, BotGoneError, Kind, started
from bench.discord.tables import show_growth, show_speed
from bench.report import Report
from bot.chat.client import INTENTS
from bot.sandbox import Sandbox
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TINY = Sizes(
    turns=1,
    closed=0.05,
    repetitions=1,
    arriving=0.1,
    uses=20,
    step=10,
    servers=(0,),
    starts=1,
)


@pytest.fixture
def data() -> Path:
    """Return where the bots keep their files: beside those of the other tests."""
    folder = ROOT / ".pytest_cache" / "msfaq"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def test_both_bots_are_driven_and_measured_in_every_way(data: Path) -> None:
    fast = await speed(data, read_questions(), TINY)
    for rounds in (*fast.closed.values(), fast.mentions, fast.arriving, fast.together):
        for kind in BOTH:
            [one] = rounds.of[kind]
            assert one.waits
            assert one.percentile(50) <= one.percentile(99) <= one.waits[-1]
    assert len(fast.together.of[ECHO][0].waits) == 100
    report = Report()
    show_speed(report, fast)
    assert sum("ours" in line for line in report.lines) == len(AT_ONCE) + 3


async def test_the_memory_is_read_while_the_bot_is_used_in_all_ways(data: Path) -> None:
    grown = await growth(data, read_questions(), TINY)
    assert [uses for uses, _ in grown.points] == [0, 10, 20]
    assert all(held > 10 for _, held in grown.points)
    report = Report()
    show_growth(report, grown)
    assert any(line.startswith("        20") for line in report.lines)


async def test_a_start_ends_with_the_first_answer(data: Path) -> None:
    started = await start_up(ECHO, data, "what is hsct")
    assert 0 < started.ready < started.answer


async def test_a_bot_that_ends_is_told_of(data: Path) -> None:
    async with Sandbox() as sandbox:
        broken = Kind("broken", "bench.discord.nothing", "")
        async with started(broken, sandbox, data) as bot:
            with pytest.raises(BotGoneError, match="broken ended by itself"):
                await bot.ready(sandbox)
            for read in (bot.processor, bot.memory):
                with pytest.raises(BotGoneError):
                    read()


def test_growth_is_that_of_the_second_half() -> None:
    flat = Growth([(0, 10.0), (1_000, 90.0), (2_000, 100.0), (3_000, 100.0)])
    assert flat.second_half == pytest.approx(0)
    rising = Growth([(1_000 * n, 100.0 + 2 * n) for n in range(11)])
    assert rising.second_half == pytest.approx(10)
    assert rising.a_thousand == pytest.approx(2)


def test_one_floor_that_is_missed_fails_the_run() -> None:
    report = Report()
    report.floor("waits", 50.0, 50.0, "ms")
    assert report.passes
    report.floor("waits", 50.1, 50.0, "ms")
    report.floor("waits", 1.0, 50.0, "ms")
    assert not report.passes


def test_questions_vary_and_are_the_same_each_time() -> None:
    questions = read_questions()
    draw, again = varied(questions, seed=1), varied(questions, seed=1)
    drawn = [next(draw) for _ in range(300)]
    assert drawn == [next(again) for _ in range(300)]
    assert 50 < sum(text not in questions for text in drawn) < 150


async def test_the_echo_bot_asks_for_the_same_intents_as_ours() -> None:
    assert Echo(guilds=False).intents == INTENTS
    assert Echo(guilds=True).intents.guilds
