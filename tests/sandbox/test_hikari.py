"""hikari, in a process of its own, meets the same Discord as discord.py does."""

import asyncio

from bot.sandbox import Channel, Person, Sandbox
from tests.sandbox.conftest import LONG_PATIENCE, running


async def test_hikari_answers_a_command_before_and_after_a_resume(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async with running("hikari_check.py", sandbox) as process:
        await sandbox.ready(within=LONG_PATIENCE)
        await sandbox.requests.until("PUT", "/applications/*/commands", within=LONG_PATIENCE)
        assert (await anna.slash(general, "ping").answer()).text == "pong"
        sandbox.faults.drop_sockets(4000)
        await sandbox.gateway.until_resumed(within=LONG_PATIENCE)
        assert (await anna.slash(general, "ping").answer()).text == "pong"
        assert await asyncio.wait_for(process.wait(), LONG_PATIENCE) == 0
    assert sandbox.gateway.identifies == 1
