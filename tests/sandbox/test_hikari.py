"""hikari, in a process of its own, meets the same Discord as discord.py does."""

import asyncio
import sys
from pathlib import Path

from bot.sandbox import Channel, Person, Sandbox

PATIENCE = 20.0


async def test_hikari_answers_a_command_before_and_after_a_resume(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    script = Path(__file__).with_name("hikari_check.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), sandbox.address, sandbox.token
    )
    await sandbox.ready(within=PATIENCE)
    await sandbox.requests.until("PUT", "/applications/*/commands", within=PATIENCE)
    assert (await anna.slash(general, "ping").answer(within=PATIENCE)).text == "pong"
    sandbox.faults.drop_sockets(4000)
    await sandbox.gateway.until_resumed(within=PATIENCE)
    assert (await anna.slash(general, "ping").answer(within=PATIENCE)).text == "pong"
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    assert sandbox.gateway.identifies == 1
