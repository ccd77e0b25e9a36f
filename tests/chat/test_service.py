"""The service outlives its connections, leaves when it is told to, and keeps nothing."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord
import pytest

from bot.chat.cards import Card
from bot.chat.gate import IdentifyGate
from bot.chat.service import ServiceError, pause_until, serve
from bot.sandbox import (
    GatewayRules,
    Refusal,
    Sandbox,
    ServerError,
    SlowAnswer,
    TooManyRequests,
    errors,
)
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.waiting import PATIENCE
from bot.serving import client_maker
from tests.chat.conftest import Bot, Watch, served, shipped_engine
from tests.sandbox.conftest import steady_clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp import web

    from bot.sandbox import Channel, Person
    from bot.sandbox.rest.door import Handler

ASKED = "what is hsct"
CALLBACK = "/interactions/*/callback"
MESSAGES = "/channels/*/messages"


@asynccontextmanager
async def begun(sandbox: Sandbox, token: str | None = None) -> AsyncGenerator[Bot, None]:
    """Let a bot begin, without waiting until it is connected."""
    with point_discord_py_at(sandbox.address):
        bot = Bot()
        bot.begin(token or sandbox.token, shipped_engine)
        yield bot


async def test_the_pauses_double_up_to_two_minutes(sandbox: Sandbox) -> None:
    sandbox.faults.always("GET", "/users/@me", Refusal(errors.missing_access()))
    pauses: list[float] = []

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 9:
            stop.set()

    with point_discord_py_at(sandbox.address):
        maker = client_maker(shipped_engine)
        await serve(maker, sandbox.token, asyncio.Event(), pause=pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120]


async def test_after_ten_minutes_of_service_the_pauses_begin_anew(
    bot: Bot, sandbox: Sandbox
) -> None:
    for served_for in (0, 599, 601):
        bot.watch.advance(served_for)
        again = sandbox.gateway.identifies + 1
        sandbox.faults.send_event("INTERACTION_CREATE", {"nothing": "that belongs here"})
        await sandbox.gateway.until_identified(again)
    assert bot.pauses == [1, 2, 1]


async def test_a_stop_ends_a_pause(sandbox: Sandbox) -> None:
    sandbox.faults.always("GET", "/users/@me", Refusal(errors.missing_access()))
    stop, pausing = asyncio.Event(), asyncio.Event()

    async def pause(until: asyncio.Event, seconds: float) -> None:
        pausing.set()
        await pause_until(until, 10_000 * seconds)

    with point_discord_py_at(sandbox.address):
        maker = client_maker(shipped_engine)
        run = asyncio.create_task(serve(maker, sandbox.token, stop, pause=pause))
        await asyncio.wait_for(pausing.wait(), PATIENCE)
        stop.set()
        await asyncio.wait_for(run, PATIENCE)


async def test_a_pause_ends_by_itself() -> None:
    await asyncio.wait_for(pause_until(asyncio.Event(), 0.001), PATIENCE)


async def test_it_can_be_stopped_while_the_gateway_is_down(sandbox: Sandbox) -> None:
    sandbox.faults.always("GET", "/", ServerError(502))
    async with begun(sandbox) as bot:
        await sandbox.requests.until("GET", "/")
        await bot.leave()


async def test_it_can_be_stopped_while_it_logs_in(sandbox: Sandbox) -> None:
    arrived, gate = asyncio.Event(), asyncio.Event()

    async def hang(request: web.Request, handler: Handler) -> web.StreamResponse:
        arrived.set()
        return await SlowAnswer(gate)(request, handler)

    sandbox.faults.next("GET", "/users/@me", hang)
    async with begun(sandbox) as bot:
        await asyncio.wait_for(arrived.wait(), PATIENCE)
        await bot.leave()
        gate.set()


async def test_what_is_being_answered_when_it_is_stopped_is_still_answered(
    bot: Bot, sandbox: Sandbox, general: Channel, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    # Discord lets both answers through at their second try, which is after the stop.
    sandbox.faults.next("POST", CALLBACK, TooManyRequests(0.3))
    sandbox.faults.next("POST", MESSAGES, TooManyRequests(0.3))
    used, asked = anna.slash(general, "ask", question=ASKED), anna.mention(general, ASKED)
    await sandbox.requests.until("POST", CALLBACK)
    await sandbox.requests.until("POST", MESSAGES)
    bot.stop.set()
    await used.answer()
    await general.reply_to(asked)
    await asyncio.wait_for(bot.run, PATIENCE)
    assert sandbox.gateway.sessions == {}  # it said goodbye
    assert "unfinished" not in caplog.text


async def test_what_never_ends_is_not_waited_for(
    sandbox: Sandbox, general: Channel, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()
    with point_discord_py_at(sandbox.address):
        async with client_maker(shipped_engine)() as client:
            run = asyncio.create_task(client.start(sandbox.token))
            await sandbox.ready()
            sandbox.faults.next("POST", CALLBACK, SlowAnswer(gate))
            anna.slash(general, "about")
            await anna.slash(general, "about").answer()
            await client.finish(within=0.01)
            await asyncio.wait_for(run, PATIENCE)
    gate.set()
    assert "left with 1 answers unfinished" in caplog.text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (4004, "did not take the token"),
        (4010, "SHARD_IDS"),
        (4011, "SHARD_COUNT"),
        (4012, "install a newer version"),
        (4013, "install a newer version"),
        (4014, "install a newer version"),
    ],
)
async def test_what_no_new_connection_would_mend_ends_it_with_a_sentence(
    sandbox: Sandbox, code: int, said: str
) -> None:
    async with begun(sandbox) as bot:
        await sandbox.ready()
        sandbox.faults.drop_sockets(code)
        with pytest.raises(ServiceError, match=said):
            await asyncio.wait_for(bot.run, PATIENCE)
        assert bot.pauses == []


async def test_a_wrong_token_ends_it_with_a_sentence(sandbox: Sandbox) -> None:
    async with begun(sandbox, "wrong") as bot:
        with pytest.raises(ServiceError, match="did not take the token"):
            await asyncio.wait_for(bot.run, PATIENCE)
    assert len(sandbox.requests.of("GET", "/users/@me")) == 1


async def waits(at_once: int, shards: int) -> list[float]:
    """Return how long each shard has to wait if all ask at the same moment."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    gate = IdentifyGate(Watch(), sleep=sleep)
    gate.allow(at_once)
    for shard in range(shards):
        before = len(slept)
        await gate.wait(shard)
        slept += [0.0] * (len(slept) == before)
    return slept


async def test_a_small_bots_shards_wait_for_each_other() -> None:
    assert await waits(1, 4) == [0, 5, 10, 15]


async def test_a_large_bots_shards_wait_in_groups() -> None:
    assert await waits(16, 33) == [0] * 16 + [5] * 16 + [10]


async def test_time_that_has_passed_is_not_waited_for_again() -> None:
    watch, slept = Watch(), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    gate = IdentifyGate(watch, sleep=sleep)
    await gate.wait(0)
    watch.advance(3)
    await gate.wait(1)
    watch.advance(100)
    await gate.wait(2)
    assert slept == [2]


async def test_four_shards_begin_at_once_where_discord_allows() -> None:
    rules = GatewayRules(shards=4, max_concurrency=4)
    async with Sandbox(clock=steady_clock(), rules=rules) as sandbox:
        servers = [sandbox.add_server(f"server {number}", "general") for number in range(4)]
        eva = sandbox.add_person("eva", *servers)
        began = time.monotonic()
        async with served(sandbox, shards=4, gate=IdentifyGate(time.monotonic)):
            # The library alone would take 5 s for each but the first.
            assert time.monotonic() - began < 5
            for server in servers:
                asked = eva.mention(server.channel("general"), ASKED)
                await server.channel("general").reply_to(asked)
            eva.dm(ASKED)
            await eva.inbox.next_message()
        assert sandbox.gateway.identifies == 4


async def test_where_discord_does_not_allow_it_they_begin_one_by_one() -> None:
    rules = GatewayRules(shards=3, max_concurrency=1)
    async with Sandbox(clock=steady_clock(), rules=rules) as sandbox:

        async def sleep(seconds: float) -> None:
            sandbox.clock.advance(seconds)

        async with served(sandbox, shards=3, gate=IdentifyGate(Watch(), sleep=sleep)):
            assert sandbox.gateway.identifies == 3
        assert len(sandbox.requests.of("GET", "/")) == 3  # and none was sent away


def kept() -> dict[str, int]:
    """Return how many things there are that belong to single messages."""
    gc.collect()
    alive = gc.get_objects()
    kinds = (discord.Message, discord.Interaction, discord.ui.View, Card, discord.ui.Item)
    return {kind.__name__: sum(isinstance(one, kind) for one in alive) for kind in kinds}


async def test_nothing_is_kept_of_a_message(bot: Bot, general: Channel, anna: Person) -> None:
    async def use(times: int) -> None:
        for _ in range(times):
            bot.watch.advance(100)
            await general.reply_to(anna.mention(general, ASKED))
            shown = await anna.slash(general, "ask", question=ASKED).answer()
            await anna.press(shown, "Show everyone").answer()
            await anna.autocomplete(general, "ask", question="hs").choices()
            topics = await anna.slash(general, "topics").answer()
            await anna.choose(topics, "ahsct").answer()
            anna.dm(ASKED)
            await anna.inbox.next_message()

    await use(2)
    before = kept()
    await use(12)
    after = kept()
    # The last few may still be in somebody's hands; what is kept would be in the hundreds.
    assert all(after[kind] < before[kind] + 8 for kind in before), (before, after)
