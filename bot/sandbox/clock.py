"""The time of day in the sandbox, which a test may push ahead."""

import time
from collections.abc import Callable


class Clock:
    """Runs as the given source does, and may be pushed ahead: a token's 15 minutes need no wait."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Push the time ahead. It is never turned back."""
        if seconds < 0:
            raise ValueError("a clock is never turned back")
        self._ahead += seconds
