"""The moderators' channel is told how changes in the FAQ's files fare: each state once, no flood.

What is told is the difference between how things stand and what the channel was told last. So a
hundred saves make one message, and what could not be told is tried again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, Protocol

import aiohttp
import discord

from bot.chat.editing.parts import LedgerError
from bot.chat.editing.speaking import Page
from bot.chat.failures import kind
from bot.chat.sending import once_more

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chat.client import FaqClient
    from bot.chat.editing.parts import Ledger
    from bot.core.changes import Fault

_log = logging.getLogger(__name__)

EVERY: Final = 60.0
"""Seconds between two messages, or edits of one, that tell the same sort of thing."""
_FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, LedgerError)
_REST: Final = "`/faq check` shows them"


class News(Protocol):
    """What came of a change of the FAQ."""

    @property
    def kind(self) -> Literal["swapped", "mended", "refused", "unchanged"]:
        """Whether another FAQ answers, or the last good one while this one is to be mended."""
        ...

    @property
    def problems(self) -> Sequence[Fault]:
        """Of a FAQ that was refused: what to mend. Of others: what to consider."""
        ...

    @property
    def fresh(self) -> Sequence[Fault]:
        """What there is to consider that nobody has been told of."""
        ...


class _Sort(Enum):
    """What the channel is told."""

    REFUSED = "refused"
    MENDED = "mended"
    HINTS = "hints"


class Board:
    """What the moderators' channel of one server is told. It outlives every connection."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._every = every
        self._clock = clock
        self._changed = asyncio.Event()
        self._refused: tuple[str, ...] = ()
        """What is to be mended now; nothing if the FAQ is fit."""
        self._told: tuple[str, ...] = ()
        """What was to be mended when the channel was told last."""
        self._hints: dict[tuple[str, str], str] = {}
        """What is to be considered and was not told: file and sentence → the line that is shown."""
        self._notice: tuple[int, int] | None = None
        """The channel and the message that tell what is to be mended."""
        self._at: dict[_Sort, float] = {}
        self._complained = ""

    def hear(self, news: News) -> None:
        """Take in what came of a change; whoever calls waits for nothing."""
        if news.kind == "refused":
            self._refused = tuple(map(str, news.problems))
        else:
            self._refused = ()
            fresh = {_key(one) for one in news.fresh} | self._hints.keys()
            self._hints = {_key(one): str(one) for one in news.problems if _key(one) in fresh}
        self._changed.set()

    async def keep_telling(self, client: FaqClient) -> None:
        """Tell the channel through a client, for as long as this is not cancelled."""
        while True:
            self._changed.clear()
            sort = self._due()
            pause = None if sort is None else self._pause(sort)
            if sort is not None and pause is None:
                self._at[sort] = self._clock()
                await self._try_to_tell(client, sort)
            else:
                await self._wait(pause)

    def _due(self) -> _Sort | None:
        """Return what the channel has to be told; None if nothing."""
        if self._refused:
            return _Sort.REFUSED if self._refused != self._told else None
        if self._told:
            return _Sort.MENDED
        return _Sort.HINTS if self._hints else None

    def _pause(self, sort: _Sort) -> float | None:
        """Return how long to wait before telling something of this sort; None if not at all."""
        left = self._at.get(sort, -self._every) + self._every - self._clock()
        return left if left > 0 else None

    async def _wait(self, pause: float | None) -> None:
        """Wait for news, and no longer than so many seconds."""
        try:
            async with asyncio.timeout(pause):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _try_to_tell(self, client: FaqClient, sort: _Sort) -> None:
        try:
            await self._tell(client, sort)
        except _FAILURES as error:
            # Whatever keeps the channel from being told keeps nothing else from being done.
            complaint = kind(error)
            if complaint != self._complained:
                self._complained = complaint
                _log.warning(
                    "the moderators' channel could not be told how the FAQ's files fare (%s): let "
                    "the bot view the channel and send messages there, or choose another one with "
                    "/faq setup; it is tried again every minute",
                    complaint,
                )
        else:
            self._complained = ""

    async def _tell(self, client: FaqClient, sort: _Sort) -> None:
        channel = (await self._ledger.home()).channel
        if sort is _Sort.REFUSED:
            refused = self._refused
            self._notice = await self._put_up(client, channel, refused)
            self._told = refused
            return
        hints = self._hints
        # Where nobody was told that there was something to mend, nobody is told that it is mended.
        mended = sort is _Sort.MENDED and self._notice is not None
        if channel is not None and (mended or hints):
            page = _taken_page("mended" if mended else "changed", list(hints.values()))
            await _send(client, channel, page)
        self._notice, self._told = None, ()
        self._hints = {key: one for key, one in self._hints.items() if key not in hints}

    async def _put_up(
        self, client: FaqClient, channel: int | None, problems: Sequence[str]
    ) -> tuple[int, int] | None:
        """Tell what is to be mended: in the place of what was to be mended before, if it can be."""
        if channel is None:
            return None
        page = _refused_page(problems)
        if self._notice is not None and self._notice[0] == channel:
            card, place = page.card(), client.get_partial_messageable(channel)
            notice = place.get_partial_message(self._notice[1])
            try:
                await once_more(lambda: notice.edit(view=card))
            except discord.NotFound:
                # Somebody deleted it.
                pass
            else:
                return self._notice
        return await _send(client, channel, page)


def _key(one: Fault) -> tuple[str, str]:
    # Without the line, which whatever is written above it moves.
    return one.file, one.what


async def _send(client: FaqClient, channel: int, page: Page) -> tuple[int, int] | None:
    card, nonce = page.card(), secrets.token_hex(8)
    place = client.get_partial_messageable(channel)
    sent = await once_more(lambda: place.send(view=card, nonce=nonce))
    return None if sent is None else (channel, sent.id)


def _refused_page(problems: Sequence[str]) -> Page:
    page = Page("The FAQ's files need mending")
    page.say(
        "They were changed, and cannot be used as they are. Members are still answered, from the "
        "last files that could. When this is mended, you are told here."
    )
    page.tell_some("What to mend", problems, _REST)
    return page


def _taken_page(what: Literal["mended", "changed"], hints: Sequence[str]) -> Page:
    page = Page(f"The FAQ's files are {what}")
    page.say("Members are answered from them now.")
    if hints:
        page.tell_some("Nothing has to be done, but please consider", hints, _REST)
    return page
