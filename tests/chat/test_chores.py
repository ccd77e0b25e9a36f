"""The daily chores end before the bot has left: what they work with is closed next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.chat.client import FaqClient
from bot.chat.desk import Desk
from bot.chat.gate import IdentifyGate
from bot.chat.house import Houses
from bot.chat.messages import Messages
from bot.sandbox.library import point_discord_py_at
from tests.chat.conftest import Watch, shipped_engine

if TYPE_CHECKING:
    from bot.sandbox import Sandbox

_STEPS = 5


@dataclass
class Attic:
    """A database that is at work until it is told to stop, and needs a while for that too."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    client: FaqClient | None = None
    ended_before_it_left: bool = False

    async def tidy(self) -> None:
        """Be at work."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(_STEPS):
                await asyncio.sleep(0)
            self.ended_before_it_left = self.client is not None and not self.client.is_closed()

    async def servers(self) -> frozenset[int]:
        """Never get so far."""
        raise AssertionError

    async def forget(self, server: int) -> None:
        """Never get so far."""
        raise AssertionError(server)


async def test_chores_under_way_have_ended_when_the_bot_has_left(sandbox: Sandbox) -> None:
    watch, desk, attic = Watch(), Desk(shipped_engine), Attic()
    messages, gate = Messages(desk, watch, Houses(None, attic)), IdentifyGate(watch)
    with point_discord_py_at(sandbox.address):
        async with FaqClient(desk, messages, gate) as client:
            attic.client = client
            await client.login(sandbox.token)
            await attic.begun.wait()
            await client.close()
            assert attic.ended_before_it_left
