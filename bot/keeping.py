"""What the bot on Discord remembers: what `bot.chat` is handed, kept by `bot.storage`.

Whoever answers a question never waits for it: counts are written by and by, and the last known
rules of a server hold while the database is away.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.chat.feedback.ballot import Ballot
from bot.chat.feedback.desk import FeedbackDesk
from bot.chat.feedback.figures import Figures
from bot.chat.feedback.parts import KeepingError, Waiting
from bot.chat.house import House
from bot.chat.recent import Pace
from bot.storage.counts import Came
from bot.storage.counts import Verdict as KeptVerdict
from bot.storage.counts import Vote as KeptVote
from bot.storage.failures import StorageError
from bot.storage.later import Later
from bot.storage.remembered import FRESH_FOR, Remembered
from bot.storage.servers import ServerSettings
from bot.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Sequence
    from datetime import date
    from pathlib import Path

    from bot.chat.chores import Attic
    from bot.chat.feedback.parts import Vote
    from bot.chat.gate import Turns
    from bot.chat.house import HouseKeeper
    from bot.settings import Settings
    from bot.storage import inbox
    from bot.storage.inbox import Inbox

FILE: Final = "bot.db"
"""The SQLite file in DATA_DIR, where DATABASE_URL is not set."""

_FRESH_WITHIN: Final = 0.5
"""Seconds that whoever looks at figures waits for the last counts to be written."""
_OWN_FOR: Final = 600.0
"""Seconds that a server's rules stand which no other process can change."""
_SENDS: Final = (5, 600.0)
"""Questions that a member sends to the moderators at once, and seconds until one more."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the bot on Discord works with where it can remember something."""

    store: Store
    later: Later
    feedback: FeedbackDesk
    houses: HouseKeeper
    attic: Attic
    turns: Turns | None
    """What processes take turns by that share the database; None for a file, which none share."""


def place_of(settings: Settings) -> str | Path:
    """Return where the database is."""
    return settings.database_url or settings.data_dir / FILE


def today() -> date:
    """Return the date, in UTC."""
    return datetime.now(UTC).date()


@asynccontextmanager
async def keeping(
    place: str | Path,
    *,
    clock: Callable[[], float] = time.monotonic,
    day: Callable[[], date] = today,
) -> AsyncGenerator[Keeping]:
    """Open the database; what is left to write at the end is written.

    Raises:
        StorageError: if only the operator can help; the text says how.

    """
    async with Store.open(place) as store, Later(store.write) as later:
        rules = _Rules(store)
        fresh_for = FRESH_FOR if store.is_shared else _OWN_FOR
        async with Remembered(
            rules.read, rules.write, House(), clock=clock, fresh_for=fresh_for
        ) as houses:
            counts, questions = _Counts(later, day), _Questions(store.inbox, day)
            feedback = FeedbackDesk(
                counts, questions, _Counted(store, later), day, Ballot(), Pace(*_SENDS, clock)
            )
            attic = _Attic(store, houses, day)
            turns = _Turns(store) if store.is_shared else None
            yield Keeping(store, later, feedback, _Houses(houses), attic, turns)


class _Counts:
    def __init__(self, later: Later, day: Callable[[], date]) -> None:
        self._later = later
        self._day = day

    def came(self, outcome: str, entry: str | None) -> None:
        self._later.came(Came(self._day(), outcome, entry))

    def vote(self, vote: Vote) -> None:
        self._later.vote(_kept(vote))

    def change_vote(self, old: Vote, new: Vote) -> None:
        self._later.change_vote(_kept(old), _kept(new))


def _kept(vote: Vote) -> KeptVote:
    return KeptVote(vote.day, vote.entry, f"{vote.version:x}", KeptVerdict(vote.verdict.value))


class _Questions:
    def __init__(self, inbox: Inbox, day: Callable[[], date]) -> None:
        self._inbox = inbox
        self._day = day

    async def put(self, text: str) -> bool:
        with _told():
            return await self._inbox.put(text, self._day()) is not None

    async def waiting(self) -> Sequence[Waiting]:
        with _told():
            return [_waiting(one) for one in await self._inbox.list(self._day())]

    async def get(self, number: int) -> Waiting | None:
        with _told():
            found = await self._inbox.get(number)
        return None if found is None else _waiting(found)

    async def close(self, number: int) -> bool:
        with _told():
            return await self._inbox.close(number)


def _waiting(kept: inbox.Waiting) -> Waiting:
    return Waiting(kept.id, kept.text, kept.received)


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except StorageError as error:
        raise KeepingError(str(error)) from error


class _Counted:
    def __init__(self, store: Store, later: Later) -> None:
        self._store = store
        self._later = later

    async def figures(self, first: date, last: date) -> Figures:
        await self._later.flush(_FRESH_WITHIN)
        with _told():
            days = await self._store.outcomes.by_day(first, last)
            entries = await self._store.outcomes.by_entry(first, last)
            votes = await self._store.votes.by_entry(first, last)
        helpful, unhelpful = Counter[str](), Counter[str]()
        for one in votes:
            for verdict, count in one.counts.items():
                found = helpful if verdict is KeptVerdict.HELPFUL else unhelpful
                found[one.entry] += count
        asked = {one.entry: sum(one.counts.values()) for one in entries}
        counted = [(one.day, one.counts) for one in days]
        return Figures(first, last, counted, asked, unhelpful, helpful)


class _Attic:
    def __init__(self, store: Store, houses: Remembered[House], day: Callable[[], date]) -> None:
        self._store = store
        self._houses = houses
        self._day = day

    async def tidy(self) -> None:
        with _told():
            await self._store.tidy(self._day())

    async def servers(self) -> frozenset[int]:
        with _told():
            return await self._store.servers.known()

    async def forget(self, server: int) -> None:
        with _told():
            await self._store.servers.forget(server)
        self._houses.forget(server)


class _Rules:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, server: int) -> House:
        return House(**(await self._store.servers.get(server)).model_dump())

    async def write(self, server: int, house: House) -> None:
        await self._store.servers.set(server, ServerSettings(**asdict(house)))


class _Houses:
    def __init__(self, houses: Remembered[House]) -> None:
        self._houses = houses

    async def get(self, server: int) -> House:
        return await self._houses.get(server)

    async def set(self, server: int, house: House) -> None:
        with _told():
            await self._houses.set(server, house)


class _Turns:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, key: int, holder: str, every: float) -> float:
        with _told():
            return await self._store.turns.take(key, holder, every)
