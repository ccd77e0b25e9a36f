"""When a shard may identify: `max_concurrency` of them every five seconds, as Discord says."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Protocol
from uuid import uuid4

from bot.chat.feedback.parts import KeepingError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

EVERY: Final = 5.0
"""Seconds between two shards with the same remainder by `max_concurrency`."""

_MARGIN: Final = 0.5
"""Seconds more between two processes: what they send takes a while to reach Discord."""
_HEARD_WITHIN: Final = _MARGIN / 2
"""Seconds after which a turn that was given is no longer used: it began too long ago."""
_LETS_OTHERS: Final = 0.25
"""Seconds for which a process lets those go first that waited while it had its turn."""
_ANSWER_WITHIN: Final = 2.0
_PATIENCE: Final = 45.0
"""Seconds in all. After a minute the library takes the connection that waits for a dead one."""


class Turns(Protocol):
    """Turns to identify, which processes that serve one bot take one after the other."""

    async def take(self, key: int, holder: str, every: float) -> float:
        """Take the turn of the group `key` and return 0, or the seconds until there is one.

        There is one if no other holder has taken one for `every` seconds.

        Raises:
            KeepingError: if that cannot be known now.

        """
        ...


class IdentifyGate:
    """Shared by every client this process makes, so that a restart does not identify too soon.

    Processes that serve one bot together take `turns`. When those cannot be had in time, each
    goes by its own clock: Discord then sends away who comes too soon, and that one tries again.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        every: float = EVERY,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        turns: Turns | None = None,
    ) -> None:
        self._clock = clock
        self._every = every
        self._sleep = sleep
        self._turns = turns
        self._at_once = 1
        self._free: dict[int, float] = {}
        self._alone = False

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
        if self._turns is not None:
            self._note(await self._why_alone(self._turns, key))
            free = self._clock() + self._every + _MARGIN + _LETS_OTHERS
            self._free[key] = max(self._free[key], free)

    async def _why_alone(self, turns: Turns, key: int) -> str | None:
        """Wait for a turn among all processes; return what it could not be had for, if so."""
        holder = uuid4().hex
        until = self._clock() + _PATIENCE
        while (asked := self._clock()) < until:
            try:
                async with asyncio.timeout(_ANSWER_WITHIN):
                    left = await turns.take(key, holder, self._every + _MARGIN)
            except KeepingError as error:
                return str(error)
            except TimeoutError:
                return "the database did not answer in time"
            if left > 0:
                await self._sleep(left)
            elif self._clock() - asked <= _HEARD_WITHIN:
                return None
        return f"there was no turn for {_PATIENCE:.0f} s"

    def _note(self, alone: str | None) -> None:
        if alone is not None and not self._alone:
            _log.warning("shards connect without asking the other processes: %s", alone)
        self._alone = alone is not None
