"""Counting without waiting: counts are kept in memory and written in batches, by and by."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, Self
from uuid import uuid4

from bot.storage.counts import Batch
from bot.storage.failures import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.storage.counts import Came, Counted, Vote

_log = logging.getLogger(__name__)

MOST: Final = 20_000
"""Different counts kept in memory; the same count again takes no more room."""
_IN_A_BATCH: Final = 500
_EVERY: Final = 0.05
"""Seconds: the votes counted in them are lost with a process that is killed."""
_SELDOM: Final = 3.0
"""Seconds more for what questions came to: to write it four times a second took a tenth of the
processor time of a busy bot."""
_LONGEST_PAUSE: Final = 30.0
_LAST_WORD: Final = 5.0


def _today() -> date:
    return datetime.now(UTC).date()


class Later:
    """Adds to the counts of a database that may be slow or away; nobody waits for it.

    While it is entered, a task writes what was counted: votes within `every` seconds, what
    questions came to within `seldom` seconds more. What cannot be written is tried again, after
    pauses that double, and is added once even if an answer of the database got lost. `most`
    different counts are kept meanwhile; new ones beyond are dropped. What is left at the end has
    `last_word` seconds to be written.
    """

    def __init__(
        self,
        write: Callable[[Batch], Awaitable[None]],
        *,
        every: float = _EVERY,
        seldom: float = _SELDOM,
        longest_pause: float = _LONGEST_PAUSE,
        most: int = MOST,
        last_word: float = _LAST_WORD,
    ) -> None:
        self._write = write
        self._every = every
        self._seldom = seldom
        self._longest_pause = longest_pause
        self._most = most
        self._last_word = last_word
        self._writer = uuid4().hex
        self._number = 0
        self._waiting: Counter[Counted] = Counter()
        self._batch: Batch | None = None
        self._trouble: str | None = None
        self._dropped = 0
        self._pressing = asyncio.Event()
        self._hurry = asyncio.Event()
        self._counted = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._task: asyncio.Task[None] | None = None

    def vote(self, vote: Vote) -> None:
        """Count a vote."""
        self._count({vote: 1})
        self._pressing.set()

    def change_vote(self, old: Vote, new: Vote) -> None:
        """Count `new` in place of `old`."""
        if old != new:
            self._count({old: -1, new: 1})
            self._pressing.set()

    def came(self, came: Came) -> None:
        """Count what a question came to."""
        self._count({came: 1})

    @property
    def kept(self) -> int:
        """How many different counts are not written yet."""
        return len(self._waiting) + (len(self._batch.added) if self._batch else 0)

    @property
    def dropped(self) -> int:
        """How many counts were given up since the database last took some."""
        return self._dropped

    @property
    def written(self) -> int:
        """How many batches were written."""
        return self._number - (self._batch is not None)

    @property
    def trouble(self) -> str | None:
        """Why the last attempt to write failed; None if it did not."""
        return self._trouble

    async def flush(self, within: float) -> bool:
        """Write now, and tell if all that was counted is written `within` seconds."""
        self._pressing.set()
        self._hurry.set()
        try:
            async with asyncio.timeout(within):
                await self._settled.wait()
        except TimeoutError:
            return False
        finally:
            self._hurry.clear()
        return True

    async def __aenter__(self) -> Self:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="counts")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what is left, or log how much could not be written in time."""
        if not await self.flush(self._last_word):
            _log.error("%d different counts were lost: %s", self.kept, self._trouble or "no time")
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _count(self, added: dict[Counted, int]) -> None:
        new = sum(one not in self._waiting for one in added)
        if new and self.kept + new > self._most:
            if not self._dropped:
                _log.error("%d different counts wait to be written: more are dropped", self.kept)
            self._dropped += 1
            return
        self._waiting.update(added)
        self._settled.clear()
        self._counted.set()

    async def _run(self) -> None:
        pause = self._every
        while True:
            await self._counted.wait()
            await self._rest(pause)
            while (batch := self._next()) is not None:
                if not await self._written(batch):
                    break
            if self._batch is None:
                pause = self._every
                self._counted.clear()
                self._pressing.clear()
                self._settled.set()
            else:
                pause = min(2 * pause, self._longest_pause)

    async def _rest(self, pause: float) -> None:
        """Wait until it is time to write; in a hurry, no longer than between two attempts."""
        if self._trouble is None:
            await _set_within(self._pressing, self._seldom)
        in_a_hurry = await _set_within(self._hurry, pause)
        if in_a_hurry and self._trouble is not None:
            await asyncio.sleep(min(pause, self._every))

    def _next(self) -> Batch | None:
        """Return the batch to write: the one that failed, as it was, or a new one."""
        if self._batch is None:
            taken = dict(islice(self._waiting.items(), _IN_A_BATCH))
            for one in taken:
                del self._waiting[one]
            added = {one: count for one, count in taken.items() if count}
            if not added:
                return self._next() if taken else None
            self._number += 1
            self._batch = Batch(self._writer, self._number, _today(), added)
        return self._batch

    async def _written(self, batch: Batch) -> bool:
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001
            # Whatever it is, counting goes on: this task has nobody above it.
            if self._trouble is None:
                told = error if isinstance(error, StorageError) else type(error).__name__
                _log.warning("counts wait in memory: %s", told)
            self._trouble = str(error)
            return False
        self._batch = None
        if self._trouble is not None:
            _log.warning("counts are written again; %d were dropped", self._dropped)
        self._trouble = None
        self._dropped = 0
        return True


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
