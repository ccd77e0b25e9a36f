"""The bot on Discord, put together: settings and an engine in, a service until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.chat.client import FaqClient, Shards
from bot.chat.desk import Desk
from bot.chat.editing.board import Board
from bot.chat.editing.desk import EditingDesk
from bot.chat.editing.drafts import Drafts
from bot.chat.editing.gate import Gate
from bot.chat.gate import IdentifyGate
from bot.chat.house import Houses
from bot.chat.messages import Messages
from bot.chat.service import ServiceError, serve
from bot.keeping import keeping, place_of
from bot.ledger import StoredLedger
from bot.library import LiveLibrary
from bot.logs import set_up_logging
from bot.settings import SettingsError
from bot.storage.address import Address
from bot.storage.failures import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chat.editing.parts import Ledger, Library
    from bot.content.live import LiveFaq, Notice
    from bot.core.engine import Engine
    from bot.keeping import Keeping
    from bot.settings import Settings

_log = logging.getLogger(__name__)

_CONNECTS_WITHIN: Final = 5.0
"""Seconds in which the bot is left alone to connect, and to answer whoever waited for it."""
_LOOKS_LIKE_A_TOKEN: Final = re.compile(r"[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}")
_WHERE: Final = (
    "copy it from the developers' page of Discord (your application, Bot, Reset Token) into the "
    "file .env, as DISCORD_TOKEN=…"
)


def token_of(settings: Settings) -> str:
    """Return the token.

    Raises:
        SettingsError: if there is none, or it cannot be one.

    """
    if settings.discord_token is None or not settings.discord_token.get_secret_value().strip():
        raise SettingsError(f"DISCORD_TOKEN is not set: {_WHERE}")
    token = settings.discord_token.get_secret_value().strip()
    if not _LOOKS_LIKE_A_TOKEN.fullmatch(token):
        raise SettingsError(
            f"DISCORD_TOKEN does not look like a token (three parts with dots between): {_WHERE}"
        )
    return token


def shards_of(settings: Settings) -> Shards:
    """Return which shards this process serves.

    Raises:
        SettingsError: if SHARD_IDS or SHARD_COUNT cannot be used, or shares shards out among
            processes that have no database in common.

    """
    if settings.shard_count is not None and settings.shard_count < 1:
        raise SettingsError("SHARD_COUNT: write how many shards there are in all, 1 or more")
    if settings.shard_ids is None:
        return Shards(None, settings.shard_count)
    try:
        ids = sorted({int(part) for part in settings.shard_ids.replace(",", " ").split()})
    except ValueError as error:
        raise SettingsError("SHARD_IDS: write numbers with commas between, like 0,1") from error
    count = settings.shard_count
    if count is None:
        raise SettingsError("SHARD_IDS needs SHARD_COUNT beside it: how many there are in all")
    if not ids or not all(0 <= one < count for one in ids):
        raise SettingsError(f"SHARD_IDS: write numbers from 0 to {count - 1}, at least one")
    shards = Shards(ids, count)
    if not shards.are_all and not _shares_a_database(settings):
        raise SettingsError(
            "SHARD_IDS leaves shards to other processes, and a file cannot be shared with them: "
            "set DATABASE_URL to one postgresql://… address in all of them, or leave out SHARD_IDS"
        )
    return shards


def _shares_a_database(settings: Settings) -> bool:
    try:
        return Address.of(place_of(settings)).file is None
    except StorageError as error:
        raise SettingsError(str(error)) from error


def client_maker(
    engine: Callable[[], Engine],
    *,
    editing: EditingDesk | None = None,
    kept: Keeping | None = None,
    shards: Shards | None = None,
    clock: Callable[[], float] = time.monotonic,
    gate: IdentifyGate | None = None,
) -> Callable[[], FaqClient]:
    """Return what makes a client, again and again; what is remembered outlives each of them.

    Without `kept`, nothing is remembered, and members are not asked for anything.
    """
    desk = Desk(engine)
    feedback = kept.feedback if kept else None
    houses = Houses(kept.houses, kept.attic) if kept else Houses()
    messages = Messages(desk, clock, houses, feedback)
    # Who serves every shard has nobody to take turns with.
    turns = kept.turns if kept and shards and not shards.are_all else None
    shared = gate or IdentifyGate(time.monotonic, turns=turns)
    return lambda: FaqClient(desk, messages, shared, editing=editing, shards=shards)


def log_notice(notice: Notice) -> None:
    """Tell the operator what came of a change of the FAQ."""
    if notice.kind == "refused":
        _log.error("the FAQ was changed, but cannot be used; the last good one goes on answering")
        for problem in notice.problems:
            _log.error("%s", problem)
        return
    what = "changed" if notice.kind == "swapped" else "mended"
    _log.info("the FAQ was %s: %d entries, %.2f s", what, notice.entries, notice.seconds)
    for problem in notice.problems:
        _log.warning("%s", problem)


def run(settings: Settings, live: LiveFaq, token: str, shards: Shards) -> None:
    """Serve until the process is asked to stop (SIGTERM, Ctrl-C), and follow the FAQ's folder.

    Raises:
        SettingsError: if Discord does not let the bot in, or the database cannot be used; the
            text says how to mend it.

    """
    set_up_logging(settings)
    entries = len(live.engine.faq.entries)
    _log.info("connecting to Discord, with %d entries to answer from", entries)
    try:
        asyncio.run(_until_stopped(settings, live, token, shards))
    except (ServiceError, StorageError) as error:
        raise SettingsError(str(error)) from error
    _log.info("stopped")


async def _until_stopped(settings: Settings, live: LiveFaq, token: str, shards: Shards) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    async with keeping(place_of(settings)) as kept:
        home = settings.home_guild_id
        ledger = StoredLedger(kept.store)
        # Without a home server nothing is edited in Discord, and there are no moderators to tell.
        editing = None if home is None else editing_desk(LiveLibrary(live), ledger, home)
        if editing is not None:
            live.listen(editing.board.hear)
        maker = client_maker(lambda: live.engine, editing=editing, kept=kept, shards=shards)
        following = asyncio.create_task(
            live.follow(stop, polling=settings.faq_polling, rest=_CONNECTS_WITHIN)
        )
        following.add_done_callback(_log_failure)
        try:
            await serve(maker, token, stop)
        finally:
            stop.set()
            await asyncio.wait([following])


def editing_desk(
    library: Library,
    ledger: Ledger,
    home: int,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> EditingDesk:
    """Return the desk at which the editors of the `home` server change the FAQ."""
    return EditingDesk(Gate(home, ledger), library, ledger, Drafts(clock), Board(ledger), now)


def _log_failure(following: asyncio.Task[None]) -> None:
    failure = None if following.cancelled() else following.exception()
    if failure is not None:
        _log.error("the FAQ's folder is not followed any more", exc_info=failure)
