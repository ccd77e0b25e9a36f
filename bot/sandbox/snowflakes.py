"""Discord's ids: a time, and a number that tells ids of the same time apart."""

from datetime import UTC, datetime
from typing import Final

from bot.sandbox.clock import Clock

_EPOCH: Final = 1_420_070_400_000
"""Milliseconds from 1970 to Discord's own beginning, 2015."""

_TIME_SHIFT: Final = 22
_SERVERS_BEGIN: Final = 100_000_000_000


class Snowflakes:
    """Ids in the order in which they were asked for; none twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._servers = _SERVERS_BEGIN

    def next(self) -> int:
        """Return an id for something that begins now."""
        born = int(self._clock.now() * 1000) - _EPOCH
        self._last = max(self._last + 1, born << _TIME_SHIFT)
        return self._last

    def next_server(self) -> int:
        """Return an id for a server: consecutive ones fall on consecutive shards."""
        self._servers += 1
        return self._servers << _TIME_SHIFT


def shard_of(server_id: int | None, count: int) -> int:
    """Return the shard that hears about a server; what belongs to none is heard on shard 0."""
    return 0 if server_id is None else (server_id >> _TIME_SHIFT) % count


def began(number: int) -> float:
    """Return when something began, by its id."""
    return ((number >> _TIME_SHIFT) + _EPOCH) / 1000


def timestamp(seconds: float) -> str:
    """Return a moment as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
