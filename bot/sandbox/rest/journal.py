"""Every request that arrived, and what became of it."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from bot.sandbox.shapes import Json
from bot.sandbox.waiting import PATIENCE, Changes

_KEPT: Final = 20_000


@dataclass(eq=False)
class Exchange:
    """One request and its answer. `status` is 0 until, and unless, there is one."""

    method: str
    path: str
    """Without the host and `/api/v10`."""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: object = None
    files: tuple[str, ...] = ()
    status: int = 0
    answer: Json = field(default=None, repr=False)

    def is_for(self, method: str, pattern: str) -> bool:
        """Say whether it is such a request; `*` in the pattern stands for anything."""
        return self.method == method and fnmatchcase(self.path, pattern)


class Journal:
    """The latest requests, oldest first."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_KEPT)
        self._changes = Changes()

    def add(self, exchange: Exchange) -> None:
        """Note a request that has just arrived."""
        self._exchanges.append(exchange)

    def answered(self) -> None:
        """Wake who waits for requests."""
        self._changes.notify()

    def forget(self) -> None:
        """Forget every request so far."""
        self._exchanges.clear()

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def of(self, method: str, pattern: str) -> list[Exchange]:
        """Return all such requests."""
        return [one for one in self._exchanges if one.is_for(method, pattern)]

    async def until(
        self, method: str, pattern: str, *, times: int = 1, within: float = PATIENCE
    ) -> list[Exchange]:
        """Wait until so many such requests were answered, and return them."""

        def look() -> list[Exchange] | None:
            answered = [one for one in self.of(method, pattern) if one.status]
            return answered if len(answered) >= times else None

        return await self._changes.until(look, what=f"{method} {pattern}", within=within)
