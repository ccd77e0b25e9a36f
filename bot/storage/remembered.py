"""Settings at hand: read now and then, and the last known ones when they cannot be."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from bot.storage.failures import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

V = TypeVar("V")

FRESH_FOR: Final = 10.0
"""Seconds after which what another process changed is seen."""
_PATIENCE: Final = 0.25
_PAUSE: Final = 5.0
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    at: float


class Remembered(Generic[V]):
    """Settings by number (of a server, say), for whoever cannot wait for the database.

    What was read stands for `fresh_for` seconds, since another process may have changed it. A read
    is waited for a quarter of a second; then, and when it fails, the last known value is used, or
    the usual one if none is known, and for the next seconds nobody waits at all.
    """

    def __init__(
        self,
        read: Callable[[int], Awaitable[V]],
        write: Callable[[int, V], Awaitable[None]],
        usual: V,
        *,
        clock: Callable[[], float] = time.monotonic,
        patience: float = _PATIENCE,
        fresh_for: float = FRESH_FOR,
    ) -> None:
        self._read = read
        self._write = write
        self._usual = usual
        self._clock = clock
        self._patience = patience
        self._fresh_for = fresh_for
        self._known: OrderedDict[int, _Known[V]] = OrderedDict()
        self._reads: dict[int, asyncio.Task[None]] = {}
        self._wait_again_at = float("-inf")
        self._failing = False

    async def get(self, number: int) -> V:
        """Return the settings: never late, never an error."""
        known = self._known.get(number)
        now = self._clock()
        if known is not None and now - known.at < self._fresh_for:
            return known.value
        if now >= self._wait_again_at:
            await self._refresh(number)
            known = self._known.get(number)
        return self._usual if known is None else known.value

    async def set(self, number: int, value: V) -> None:
        """Write the settings; they hold at once.

        Raises:
            StorageError: if they cannot be written; then the old ones hold.

        """
        await self._write(number, value)
        self._note(number, value)

    def forget(self, number: int) -> None:
        """Forget what is known, so that it is read anew."""
        self._reads.pop(number, None)
        self._known.pop(number, None)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give up reads that are under way."""
        reads = list(self._reads.values())
        for read in reads:
            read.cancel()
        if reads:
            await asyncio.wait(reads)

    async def _refresh(self, number: int) -> None:
        read = self._reads.get(number)
        if read is None:
            read = self._reads[number] = asyncio.create_task(self._reading(number))
        await asyncio.wait({read}, timeout=self._patience)
        if not read.done():
            self._fail("the database did not answer in time")

    async def _reading(self, number: int) -> None:
        me = asyncio.current_task()
        try:
            value = await self._read(number)
        except Exception as error:  # noqa: BLE001
            # Whatever it is, who asked is answered: this task has nobody above it.
            self._fail(str(error) if isinstance(error, StorageError) else type(error).__name__)
        else:
            # Not if it was written or forgotten meanwhile: this may be the value before that.
            if self._reads.get(number) is me:
                self._note(number, value)
            if self._failing:
                _log.warning("settings are read again")
            self._failing = False
            self._wait_again_at = float("-inf")
        finally:
            if self._reads.get(number) is me:
                del self._reads[number]

    def _note(self, number: int, value: V) -> None:
        self._reads.pop(number, None)
        self._known[number] = _Known(value, self._clock())
        self._known.move_to_end(number)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _fail(self, why: str) -> None:
        if not self._failing:
            _log.warning("the last known settings are used: %s", why)
        self._failing = True
        self._wait_again_at = self._clock() + _PAUSE
