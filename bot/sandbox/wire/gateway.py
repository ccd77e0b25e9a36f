"""What a bot sends over the gateway."""

from typing import Final

from bot.sandbox.wire.fields import Wire


class Sent(Wire):
    """Any frame; what is in it depends on its number."""

    op: int
    d: object = None


class Identify(Wire):
    """The beginning of a session."""

    token: str
    intents: int
    shard: tuple[int, int] = (0, 1)


class Resume(Wire):
    """The continuation of a session."""

    token: str
    session_id: str
    seq: int


HEARTBEAT: Final = 1
IDENTIFY: Final = 2
PRESENCE: Final = 3
VOICE: Final = 4
RESUME: Final = 6
MEMBERS: Final = 8
HELLO: Final = 10
HEARTBEAT_ANSWER: Final = 11
