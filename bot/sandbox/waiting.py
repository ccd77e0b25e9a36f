"""Waiting for something to happen, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

PATIENCE: Final = 15.0
"""Seconds until a wait fails: far longer than anything takes, even on a busy machine."""


class Changes:
    """Something that changes. Whoever waits on it looks again after each change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Let everybody who waits look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(
        self, look: Callable[[], Found | None], *, what: str, within: float = PATIENCE
    ) -> Found:
        """Return what `look` finds, as soon as it does; TimeoutError names `what` is missing."""
        try:
            async with asyncio.timeout(within):
                while (found := look()) is None:
                    await self._next()
        except TimeoutError:
            raise TimeoutError(f"waited {within:g} s for {what}") from None
        return found

    async def _next(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
