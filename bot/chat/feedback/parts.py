"""What feedback is handed: where counts go, and the book of questions for the moderators."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.core.faq import Entry

_VERSION_BYTES: Final = 5
"""As a number, 13 digits: few enough for a custom id beside the longest id of an entry."""


class KeepingError(Exception):
    """Something cannot be kept, or looked up, just now."""


class Verdict(StrEnum):
    """What a member says of an answer."""

    HELPFUL = "helpful"
    NOT_MY_QUESTION = "not_my_question"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Vote:
    """One verdict on one version of an entry, on one day."""

    day: date
    entry: str
    version: int
    verdict: Verdict


class Counts(Protocol):
    """Counts without anybody waiting for it, and without ever failing."""

    def came(self, outcome: str, entry: str | None) -> None:
        """Count what a question came to, and the entry that was shown."""
        ...

    def vote(self, vote: Vote) -> None:
        """Count a vote."""
        ...

    def change_vote(self, old: Vote, new: Vote) -> None:
        """Count `new` in place of `old`."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for the moderators: never who sent it."""

    number: int
    text: str
    received: date


class Questions(Protocol):
    """The questions that members sent to the moderators. Nothing in it is older than 30 days.

    Every method raises KeepingError if it cannot be done now.
    """

    async def put(self, text: str) -> bool:
        """Keep a question; False if too many wait already."""
        ...

    async def waiting(self) -> Sequence[Waiting]:
        """Return what waits, the oldest first."""
        ...

    async def get(self, number: int) -> Waiting | None:
        """Return one of them; None if it was dealt with."""
        ...

    async def close(self, number: int) -> bool:
        """Delete a question that was dealt with; False if another editor was first."""
        ...


def version_of(entry: Entry) -> int:
    """Return the version of what members read of an entry; another text has another number."""
    read = "\0".join([entry.question, entry.answer, entry.evidence, *entry.sources])
    digest = hashlib.sha256(read.encode()).digest()
    return int.from_bytes(digest[:_VERSION_BYTES])
