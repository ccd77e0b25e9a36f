"""The gateway, as the real client meets it: sessions, shards, resumes and what breaks them."""

import asyncio
from dataclasses import replace

import aiohttp
import discord
import pytest

from bot.sandbox import Channel, GatewayRules, Person, Sandbox, ServerError
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.shapes import JsonObject
from bot.sandbox.waiting import PATIENCE
from tests.sandbox.conftest import AT_ONCE, LONG_PATIENCE, living, running, steady_clock
from tests.sandbox.sample_bot import SampleBot


async def test_two_shards_share_the_servers() -> None:
    async with Sandbox(
        clock=steady_clock(), rules=replace(AT_ONCE, shards=2, max_concurrency=2)
    ) as sandbox:
        servers = [sandbox.add_server(f"server {number}") for number in range(4)]
        eva = sandbox.add_person("eva", *servers)
        async with living(sandbox, SampleBot(shards=2)) as bot:
            for server in servers:
                answer = await eva.slash(server.channel("general"), "ask", question="x").answer()
                assert answer.text == "asked x"
            assert {guild.shard_id for guild in bot.guilds} == {0, 1}
            assert (await eva.slash(eva.inbox, "ask", question="y").answer()).text == "asked y"


async def test_a_use_during_an_outage_is_answered_after_the_resume(
    bot: SampleBot, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    sandbox.faults.drop_sockets()
    await sandbox.gateway.changes.until(lambda: not sandbox.gateway.live or None, what="an outage")
    used = anna.slash(general, "ask", question="are you there")
    assert (await used.answer()).text == "asked are you there"
    assert (sandbox.gateway.resumes, sandbox.gateway.identifies) == (1, 1)
    assert not bot.is_closed()


@pytest.mark.parametrize("code", [1001, 4000])
@pytest.mark.usefixtures("bot")
async def test_a_closed_socket_is_resumed(
    sandbox: Sandbox, anna: Person, general: Channel, code: int
) -> None:
    sandbox.faults.drop_sockets(code)
    await sandbox.gateway.until_resumed()
    assert (await anna.slash(general, "ask", question="x").answer()).text == "asked x"


@pytest.mark.usefixtures("bot")
async def test_a_bot_asked_to_reconnect_resumes(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    sandbox.faults.ask_to_reconnect()
    used = anna.slash(general, "ask", question="x")
    await sandbox.gateway.until_resumed()
    assert (await used.answer()).text == "asked x"


@pytest.mark.usefixtures("bot")
async def test_a_session_in_doubt_is_resumed(sandbox: Sandbox) -> None:
    sandbox.faults.invalidate_sessions(resumable=True)
    await sandbox.gateway.until_resumed()
    assert sandbox.gateway.identifies == 1


@pytest.mark.usefixtures("bot")
async def test_a_lost_session_is_begun_anew(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    [lost] = sandbox.gateway.sessions
    sandbox.faults.invalidate_sessions(resumable=False)
    assert lost not in sandbox.gateway.sessions
    await sandbox.gateway.until_identified(2)
    assert sandbox.gateway.resumes == 0
    assert (await anna.slash(general, "ask", question="x").answer()).text == "asked x"


async def test_unanswered_heartbeats_make_the_bot_resume() -> None:
    async with Sandbox(
        clock=steady_clock(), rules=replace(AT_ONCE, heartbeat_interval=0.05)
    ) as sandbox:
        sandbox.add_server("MS support")
        async with living(sandbox, SampleBot(heartbeat_timeout=0.2)):
            sandbox.faults.ignore_heartbeats()
            await sandbox.gateway.until_resumed()
            sandbox.faults.clear()


async def test_a_malformed_event_ends_the_client(sandbox: Sandbox) -> None:
    # discord.py 2.7 does not survive this; whoever runs it has to start it again.
    with point_discord_py_at(sandbox.address):
        async with discord.Client(intents=discord.Intents.none()) as client:
            run = asyncio.create_task(client.start(sandbox.token))
            await sandbox.ready()
            sandbox.faults.send_event("INTERACTION_CREATE", {"nothing": "that belongs here"})
            with pytest.raises(KeyError):
                await asyncio.wait_for(run, PATIENCE)


async def test_a_gateway_that_is_down_at_first_ends_the_client(sandbox: Sandbox) -> None:
    sandbox.faults.next("GET", "/", ServerError(502))
    with point_discord_py_at(sandbox.address):
        async with discord.Client(intents=discord.Intents.none()) as client:
            # Rapptz/discord.py issue 10520, still there in 2.7.1.
            with pytest.raises(AttributeError):
                await client.start(sandbox.token)


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    with point_discord_py_at(sandbox.address):
        async with discord.Client(intents=discord.Intents.none()) as client:
            with pytest.raises(discord.LoginFailure):
                await client.start("wrong")


async def test_an_intent_that_was_not_granted_is_refused(sandbox: Sandbox) -> None:
    with point_discord_py_at(sandbox.address):
        async with discord.Client(intents=discord.Intents(message_content=True)) as client:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await client.start(sandbox.token)


@pytest.mark.parametrize("compress", [None, "zlib-stream", "zstd-stream"])
async def test_frames_are_packed_as_asked(sandbox: Sandbox, compress: str | None) -> None:
    address = f"{sandbox.address}/?v=10&encoding=json"
    async with aiohttp.ClientSession() as session:
        where = f"{address}&compress={compress}" if compress else address
        async with session.ws_connect(where) as socket:
            message = await socket.receive(timeout=PATIENCE)
    expected = aiohttp.WSMsgType.BINARY if compress else aiohttp.WSMsgType.TEXT
    assert message.type is expected


async def test_the_client_unpacks_a_zstd_stream(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async with living(sandbox, SampleBot()):
        answer = await anna.slash(general, "ask", question="é" * 1000).answer()
    assert answer.text == "asked " + "é" * 1000
    assert sandbox.requests.of("GET", "/")[0].query["compress"] == "zstd-stream"


async def test_the_client_unpacks_a_zlib_stream(sandbox: Sandbox) -> None:
    async with running("zlib_check.py", sandbox) as process:
        await sandbox.ready(within=LONG_PATIENCE)
        eva = sandbox.add_person("eva")
        eva.dm("goodbye")
        assert await asyncio.wait_for(process.wait(), LONG_PATIENCE) == 0
    assert sandbox.requests.of("GET", "/")[0].query["compress"] == "zlib-stream"


async def _closed_with(sandbox: Sandbox, *frames: JsonObject | str) -> int | None:
    """Send frames to the gateway, and return the code it closes with."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sandbox.address}/") as socket,
    ):
        for frame in frames:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_json(frame))
        async with asyncio.timeout(PATIENCE):
            async for _ in socket:
                pass
        return socket.close_code


def _identify(sandbox: Sandbox, **changes: object) -> JsonObject:
    data: JsonObject = {"token": sandbox.token, "intents": 0, "shard": [0, 1], "properties": {}}
    return {"op": 2, "d": data | changes}  # pyright: ignore[reportReturnType] - wrong on purpose


async def test_the_gateway_closes_with_discords_codes(sandbox: Sandbox) -> None:
    good = _identify(sandbox)
    assert await _closed_with(sandbox, {"op": 99}) == 4001
    assert await _closed_with(sandbox, "{") == 4002
    assert await _closed_with(sandbox, {"op": 3, "d": {}}) == 4003
    assert await _closed_with(sandbox, _identify(sandbox, token="wrong")) == 4004  # noqa: S106
    assert await _closed_with(sandbox, good, good) == 4005
    beat: JsonObject = {"op": 1, "d": None}
    assert await _closed_with(sandbox, *([beat] * 121)) == 4008
    assert await _closed_with(sandbox, _identify(sandbox, shard=[2, 1])) == 4010
    assert await _closed_with(sandbox, _identify(sandbox, intents=1 << 40)) == 4013
    assert await _closed_with(sandbox, _identify(sandbox, intents=1 << 15)) == 4014


async def _first_frames(sandbox: Sandbox, sent: JsonObject, count: int) -> list[dict[str, object]]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sandbox.address}/") as socket,
    ):
        await socket.send_json(sent)
        return [await socket.receive_json(timeout=PATIENCE) for _ in range(count)]


async def test_shards_of_one_group_identify_one_at_a_time() -> None:
    async with Sandbox(clock=steady_clock(), rules=GatewayRules(max_concurrency=2)) as sandbox:

        async def op(shard: int) -> object:
            frames = await _first_frames(sandbox, _identify(sandbox, shard=[shard, 4]), 2)
            return frames[1]["op"]

        assert [await op(0), await op(1), await op(2)] == [0, 0, 9]
        assert (sandbox.gateway.identifies, sandbox.gateway.too_soon) == (2, 1)
        sandbox.clock.advance(5)
        assert await op(2) == 0


async def test_session_starts_are_counted_and_end() -> None:
    async with Sandbox(clock=steady_clock(), rules=replace(AT_ONCE, session_starts=1)) as sandbox:
        await _first_frames(sandbox, _identify(sandbox), 2)
        assert await _closed_with(sandbox, _identify(sandbox)) == 4004


async def test_a_dead_session_cannot_be_resumed(sandbox: Sandbox) -> None:
    resume: JsonObject = {"token": sandbox.token, "session_id": "none", "seq": 1}
    frames = await _first_frames(sandbox, {"op": 6, "d": resume}, 2)
    assert (frames[1]["op"], frames[1]["d"]) == (9, False)
