"""What is remembered for minutes, in memory, and never longer: numbers and entry ids, no text."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V")

_MOST: Final = 10_000
"""Things remembered at once; the oldest makes room."""


class Recent(Generic[V]):
    """A number (of a message, a channel, a member) → what was noted, for `seconds` at most."""

    def __init__(self, seconds: float, clock: Callable[[], float], most: int = _MOST) -> None:
        self._seconds = seconds
        self._clock = clock
        self._most = most
        self._noted: OrderedDict[int, tuple[float, V]] = OrderedDict()

    def note(self, number: int, value: V) -> None:
        """Remember `value`, in place of what was noted for this number before."""
        self._noted[number] = (self._clock(), value)
        self._noted.move_to_end(number)
        if len(self._noted) > self._most:
            self._noted.popitem(last=False)

    def get(self, number: int) -> V | None:
        """Return what was noted, or None if nothing was, or too long ago."""
        found = self._noted.get(number)
        if found is None:
            return None
        if self._clock() - found[0] > self._seconds:
            del self._noted[number]
            return None
        return found[1]

    def __len__(self) -> int:
        """Return how many things are remembered, those included that are due to be forgotten."""
        return len(self._noted)


class Turn(Enum):
    """Whether somebody may ask now."""

    YES = "yes"
    TOO_SOON = "too soon"
    """No, and that has to be said."""
    STILL_TOO_SOON = "still too soon"
    """No, and it was said already."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


class Pace:
    """Lets each number (a member, a channel) have `burst` turns, and one more each `every` s."""

    def __init__(
        self, burst: int, every: float, clock: Callable[[], float], most: int = _MOST
    ) -> None:
        self._burst = burst
        self._every = every
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def take(self, number: int) -> Turn:
        """Take a turn if there is one."""
        bucket = self._filled(number)
        if bucket.left >= 1:
            bucket.left -= 1
            return Turn.YES
        told, bucket.told = bucket.told, True
        return Turn.STILL_TOO_SOON if told else Turn.TOO_SOON

    def give_back(self, number: int) -> None:
        """Undo the taking of a turn."""
        bucket = self._filled(number)
        bucket.left = min(self._burst, bucket.left + 1)

    def has(self, number: int) -> bool:
        """Whether there is a turn to take."""
        return self._filled(number).left >= 1

    def _filled(self, number: int) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(number, None) or _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) / self._every)
        bucket.at = now
        # Whoever goes on without a rest is told once, not after each turn they get.
        bucket.told = bucket.told and bucket.left < self._burst
        self._buckets[number] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
