"""Each fault does to the real client what its name says, and only as often as asked."""

import asyncio
import time

import discord
import pytest

from bot.sandbox import (
    Channel,
    Person,
    Refusal,
    ResetConnection,
    Sandbox,
    ServerError,
    SlowAnswer,
    TooManyRequests,
    errors,
)
from bot.sandbox.waiting import PATIENCE
from tests.sandbox.sample_bot import SampleBot

CALLBACK = "/interactions/*/callback"


def statuses(sandbox: Sandbox, method: str, pattern: str) -> list[int]:
    return [one.status for one in sandbox.requests.of(method, pattern)]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_rate_limited_callback_is_sent_again(
    sandbox: Sandbox, anna: Person, general: Channel, *, everywhere: bool
) -> None:
    sandbox.faults.next("POST", CALLBACK, TooManyRequests(0.1, everywhere=everywhere))
    began = time.monotonic()
    await anna.slash(general, "ask", question="x").answer()
    assert time.monotonic() - began >= 0.1
    assert statuses(sandbox, "POST", CALLBACK) == [429, 200]


async def test_a_rate_limited_message_is_sent_again(
    sandbox: Sandbox, bot: SampleBot, general: Channel
) -> None:
    sandbox.faults.next("POST", "/channels/*/messages", TooManyRequests(0.05, everywhere=True))
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("in the end")
    assert (await general.next_message()).text == "in the end"


@pytest.mark.usefixtures("bot")
async def test_a_callback_into_a_server_error_is_sent_again(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    sandbox.faults.next("POST", CALLBACK, ServerError(502))
    # The library itself waits one second here.
    assert (await anna.slash(general, "ask", question="x").answer()).text == "asked x"
    assert statuses(sandbox, "POST", CALLBACK) == [502, 200]


async def test_a_reset_connection_loses_the_answer(
    sandbox: Sandbox, bot: SampleBot, anna: Person, general: Channel
) -> None:
    sandbox.faults.next("POST", CALLBACK, ResetConnection())
    used = anna.slash(general, "ask", question="x")
    await sandbox.requests.until("POST", CALLBACK)
    await asyncio.wait_for(bot.failed.wait(), PATIENCE)
    # discord.py 2.7 sends again on two error numbers, neither of which is the one of Linux.
    assert isinstance(bot.failures[0], OSError)
    assert used.acknowledged_by is None


async def test_a_reset_connection_may_lose_only_the_reply(
    sandbox: Sandbox, bot: SampleBot, anna: Person, general: Channel
) -> None:
    sandbox.faults.next("POST", CALLBACK, ResetConnection(afterwards=True))
    answer = await anna.slash(general, "ask", question="x").answer()
    await asyncio.wait_for(bot.failed.wait(), PATIENCE)
    assert answer.text == "asked x"


@pytest.mark.usefixtures("bot")
async def test_a_slow_answer_waits_for_its_gate(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    gate = asyncio.Event()
    sandbox.faults.next("POST", CALLBACK, SlowAnswer(gate))
    slow = anna.slash(general, "ask", question="slow")
    await anna.slash(general, "ask", question="quick").answer()
    assert slow.acknowledged_by is None
    gate.set()
    assert (await slow.answer()).text == "asked slow"


async def test_any_refusal_can_be_had(
    sandbox: Sandbox, bot: SampleBot, anna: Person, general: Channel
) -> None:
    sandbox.faults.always("POST", CALLBACK, Refusal(errors.missing_access()))
    anna.slash(general, "ask", question="x")
    await asyncio.wait_for(bot.failed.wait(), PATIENCE)
    assert isinstance(bot.failures[0], discord.Forbidden)
    sandbox.faults.clear()
    assert (await anna.slash(general, "ask", question="y").answer()).text == "asked y"
