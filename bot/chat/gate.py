"""When a shard may identify: `max_concurrency` of them every five seconds, as Discord says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

EVERY: Final = 5.0
"""Seconds between two shards with the same remainder by `max_concurrency`."""


class IdentifyGate:
    """Shared by every client this process makes, so that a restart does not identify too soon.

    Right for one process. Several that serve shards of one bot need a gate they share.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        every: float = EVERY,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._every = every
        self._sleep = sleep
        self._at_once = 1
        self._free: dict[int, float] = {}

    def allow(self, at_once: int) -> None:
        """Set how many shards may identify at once, as Discord said."""
        self._at_once = max(1, at_once)

    async def wait(self, shard: int) -> None:
        """Wait until this shard may identify."""
        key = shard % self._at_once
        now = self._clock()
        turn = max(now, self._free.get(key, now))
        self._free[key] = turn + self._every
        if turn > now:
            await self._sleep(turn - now)
