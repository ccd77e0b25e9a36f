"""What a bot has been told, so that it can be told again after a lost connection."""

import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.sandbox.gateway.intents import Intents
from bot.sandbox.shapes import JsonObject

_KEPT: Final = 2_000
"""Events that can be told again. Discord's number is not public; a long outage exceeds it."""


class Outlet(Protocol):
    """A connection to put frames into."""

    def put(self, frame: str) -> None:
        """Send this after what was put before."""
        ...

    def close(self, code: int | None) -> None:
        """Close with this code, or cut the line if there is none."""
        ...


def frame(op: int, data: object, *, number: int | None = None, name: str | None = None) -> str:
    """Return one frame of the gateway."""
    return json.dumps({"op": op, "d": data, "s": number, "t": name})


@dataclass(eq=False)
class Session:
    """One shard's session: it outlives its connection."""

    shard: int
    shards: int
    intents: Intents
    outlet: Outlet | None = None
    sequence: int = 0
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    _told: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def tell(self, name: str, data: JsonObject) -> None:
        """Tell the bot of an event, now or when it resumes."""
        self.sequence += 1
        text = frame(0, data, number=self.sequence, name=name)
        self._told.append((self.sequence, text))
        if self.outlet:
            self.outlet.put(text)

    def missed(self, after: int) -> list[str] | None:
        """Return what came after that number; nothing if it is not known any more."""
        if after > self.sequence or after < self.sequence - len(self._told):
            return None
        return [text for number, text in self._told if number > after]
