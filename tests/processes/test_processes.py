"""Two processes of two shards each: one is killed and started again, and nothing is missing.

One test, because what takes its time is Discord's five seconds between any two shards.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Final

from bot.chat.house import House
from bot.storage.servers import HomeSettings
from tests.sandbox.conftest import LONG_PATIENCE
from tests.storage.conftest import until_told

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox import Message
    from tests.processes.conftest import BotProcess, Town

A_WHILE: Final = 0.1
COST: Final = "ahsct-cost"


async def test_two_processes_serve_one_bot(town: Town, tmp_path: Path) -> None:
    await set_up(town)
    async with town.process("2, 3", tmp_path) as two:
        async with town.process("0, 1", tmp_path) as one:
            await town.until_served(0, 2)
            here, there = await answered(town, 0), await answered(town, 2)
            before = await vote(town, here, 0) + await vote(town, there, 2)
            settings_seen = asyncio.create_task(settings_of_one_are_seen_by_the_other(town))
            await an_edit_through_one_is_answered_from_by_the_other(town, two)
            await until_written(town, before)
            one.process.kill()
            during = await vote(town, there, 2)
            assert await one.ended() == -signal.SIGKILL
        async with town.process("0,1", tmp_path) as again:
            during += await vote(town, there, 2)
            await town.until_served(0, 1, 2, 3)
            await settings_seen
            assert "Ask one, hear the other." in await cost(town, 0)
            after = await vote(town, here, 0) + await vote(town, there, 2)
            for process in (again, two):
                process.process.send_signal(signal.SIGTERM)
                assert await process.ended() == 0
    assert await town.votes() == before + during + after
    assert not [line for each in (one, two, again) for line in each.log if "Traceback" in line]
    expect_discord_was_asked_by_one(town)


async def set_up(town: Town) -> None:
    """Let Erin edit, alone; and have something kept of a server that no process has left."""
    editors = town.servers[0].members[town.erin.user.id].roles[-1]
    await town.kept.store.home.set(HomeSettings(editors=(editors.id,), two_person="never"))
    await town.kept.houses.set(town.servers[3].id, House(cooldown=30))


async def answered(town: Town, shard: int) -> Message:
    """Return an answer that everybody in a server sees."""
    general = town.general(shard)
    asked = town.member(shard).mention(general, "what is hsct")
    return await general.reply_to(asked, within=LONG_PATIENCE)


async def vote(town: Town, answer: Message, shard: int) -> int:
    """Let members vote at once, and return how many were thanked."""
    presses = [town.member(shard).press(answer, "Helpful") for _ in range(10)]
    thanks = await asyncio.gather(*(one.answer(within=LONG_PATIENCE) for one in presses))
    assert all(one.text.startswith("Thank you.") for one in thanks)
    return len(thanks)


async def until_written(town: Town, votes: int) -> None:
    """Wait until so many votes are written."""

    async def written() -> bool:
        return await town.votes() == votes

    await until_told(written)


async def settings_of_one_are_seen_by_the_other(town: Town) -> None:
    """Change the rules of a server from here, and wait until its process goes by them."""
    assert "seen by one member" in await settings(town)
    await town.kept.houses.set(town.servers[2].id, House(open_by_default=True))
    async with asyncio.timeout(LONG_PATIENCE / 2):
        while "seen by all" not in await settings(town):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(A_WHILE)


async def settings(town: Town) -> str:
    """Return what `/settings` says on shard 2."""
    return (await town.erin.slash(town.general(2), "settings").answer()).text


async def an_edit_through_one_is_answered_from_by_the_other(town: Town, other: BotProcess) -> None:
    """Edit an entry in the home server, and ask in another one."""
    erin, general = town.erin, town.general(0)
    page = await erin.slash(general, "faq edit", entry=COST).answer()
    opened = erin.choose(page, "text")
    await opened.modal()
    sent = erin.submit_modal(opened, {"short": "Ask one, hear the other."})
    await sent.answer(within=LONG_PATIENCE)
    decision = await sent.followup(within=LONG_PATIENCE)
    told = await erin.press(decision, "Publish").answer(within=LONG_PATIENCE)
    assert "Published" in told.text
    await other.logged("the FAQ was changed: 3 entries")
    assert "Ask one, hear the other." in await cost(town, 2)


async def cost(town: Town, shard: int) -> str:
    """Return what a member is answered on a shard."""
    used = town.member(shard).slash(town.general(shard), "ask", question="hsct price")
    return (await used.answer(within=LONG_PATIENCE)).text


def expect_discord_was_asked_by_one(town: Town) -> None:
    """See that no shard came too soon, and that one process does what is done once for all."""
    sandbox = town.sandbox
    assert sandbox.gateway.too_soon == 0
    # Four shards, and one or two of the process that was killed, perhaps between its own.
    assert sandbox.gateway.identifies in {5, 6}
    # At each of its two starts, and by no other process.
    assert len(sandbox.requests.of("GET", "/applications/*/commands")) == 2
    assert len(sandbox.requests.of("PUT", "/applications/*/commands")) == 1
    assert len(sandbox.requests.of("GET", "/users/@me/guilds")) == 2
