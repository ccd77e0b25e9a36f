"""The doctor, put together: what is set, what the FAQ is like, and what Discord says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.chat.client import FaqClient
from bot.chat.desk import Desk
from bot.chat.doctor import Finding, Premises, examine
from bot.chat.gate import IdentifyGate
from bot.chat.messages import Messages
from bot.chat.syncing import wanted_commands
from bot.serving import shards_of
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.engine import Engine
    from bot.settings import Settings


def findings(
    settings: Settings, entries: int, problems: Sequence[str], *, tidy: bool = False
) -> list[Finding]:
    """Return what keeps the bot from working, and what is well; nothing is changed.

    `entries` and `problems` are what reading the FAQ came to. With `tidy`, commands that are
    registered for single servers, and therefore shown twice, are removed.
    """
    secret = settings.discord_token
    premises = Premises(
        faq_dir=settings.faq_dir,
        entries=entries,
        problems=tuple(problems),
        data_dir=settings.data_dir,
        home_guild_id=settings.home_guild_id,
        shards_fault=_shards_fault(settings),
    )
    token = secret.get_secret_value() if secret else None
    return asyncio.run(_examined(token, premises, tidy=tidy))


def _shards_fault(settings: Settings) -> str:
    try:
        shards_of(settings)
    except SettingsError as error:
        return str(error)
    return ""


async def _examined(token: str | None, premises: Premises, *, tidy: bool) -> list[Finding]:
    desk = Desk(_no_engine)
    clock = asyncio.get_running_loop().time
    async with FaqClient(desk, Messages(desk, clock), IdentifyGate(clock)) as client:
        wanted = await wanted_commands(client.tree)
    return await examine(token, wanted, premises, tidy=tidy)


def _no_engine() -> Engine:
    raise RuntimeError("the doctor answers no questions")
