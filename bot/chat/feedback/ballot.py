"""Who voted what, so that a vote can be changed: in memory, and in nobody's name even there."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.chat.feedback.parts import Vote

_MOST: Final = 10_000
"""Votes remembered at once; the oldest makes room, and can then not be changed any more."""


class Ballot:
    """The last vote of each member on each version of an entry, under a hash of both.

    The hash is made with a key that is drawn at start and never leaves the process: from what is
    remembered nobody can be named, not even by whoever knows all members.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._key = secrets.token_bytes(32)
        self._most = most
        self._votes: OrderedDict[bytes, Vote] = OrderedDict()

    def cast(self, member: int, vote: Vote) -> Vote | None:
        """Remember a vote, and return the one it replaces, if one is remembered."""
        of = f"{member}:{vote.entry}:{vote.version}".encode()
        name = blake2b(of, key=self._key, digest_size=16).digest()
        replaced = self._votes.pop(name, None)
        self._votes[name] = vote
        if len(self._votes) > self._most:
            self._votes.popitem(last=False)
        return replaced

    def __len__(self) -> int:
        """Return how many votes are remembered."""
        return len(self._votes)
