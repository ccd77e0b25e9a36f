"""A small FAQ that is followed, and somebody who asks all the time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest

from bot.content.live import LiveFaq, Notice
from bot.core.answering import Answered
from tests.support import TODAY, small

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable
    from pathlib import Path

SECONDS: Final = 60.0
"""After which a test gives up waiting; a busy machine is no fault."""
AHSCT: Final = "entries/ahsct/what-is-ahsct.md"
COST: Final = "entries/ahsct/ahsct-cost.md"
METFORMIN: Final = "entries/metformin/what-is-metformin.md"


@dataclass
class Followed:
    """A FAQ that is followed."""

    root: Path
    live: LiveFaq
    notices: asyncio.Queue[Notice]
    tasks: list[asyncio.Task[None]]
    """Who follows, and who asks. If one of them ends, so does the test."""
    heard: list[Notice] = field(default_factory=list[Notice])
    """Every notice that a test has waited for, and those it waited past."""

    async def until(self, kind: str, fits: Callable[[Notice], bool] = lambda _: True) -> Notice:
        """Wait for a notice of that kind."""
        while True:
            coming = asyncio.create_task(self.notices.get())
            await asyncio.wait(
                [coming, *self.tasks], timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            for task in self.tasks:
                assert not task.done(), task.exception()
            assert coming.done(), f"no notice; heard before: {self.heard}"
            self.heard.append(coming.result())
            if self.heard[-1].kind == kind and fits(self.heard[-1]):
                return self.heard[-1]

    async def until_answered(self, text: str, entry: str = "what-is-ahsct") -> None:
        """Wait until the answer of an entry holds `text`, and hear of a swap that brought it."""
        while text not in self.answer(entry):
            await self.until("swapped")
        # Saves that were answered from before anybody waited have left their notices behind.
        while not self.notices.empty():
            self.heard.append(self.notices.get_nowait())
        if not self.heard:
            await self.until("swapped")

    def answer(self, entry: str = "what-is-ahsct") -> str:
        """Return what is answered now."""
        reply = self.live.engine.answerer.show(entry)
        assert reply is not None
        return reply.body

    def edit(self, number: int, name: str = AHSCT) -> None:
        """Save a file with another answer, as an editor does that writes in place."""
        text = (self.root / name).read_text(encoding="utf-8")
        header, _, _ = text.rpartition("---\n")
        (self.root / name).write_text(f"{header}---\nEdition {number}.\n", encoding="utf-8")


@asynccontextmanager
async def following(
    root: Path, data: Path, *, polling: bool = False, rest: float = 0.0
) -> AsyncGenerator[Followed]:
    """Follow the FAQ in `root` while the context lasts, with questions in flight."""
    notices: asyncio.Queue[Notice] = asyncio.Queue()
    live = LiveFaq(root, data, today=lambda: TODAY, told=notices.put_nowait)
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(live.follow(stop, polling=polling, rest=rest)),
        asyncio.create_task(ask_all_the_time(live, stop)),
    ]
    yield Followed(root, live, notices, tasks)
    stop.set()
    await asyncio.gather(*tasks)


async def ask_all_the_time(live: LiveFaq, stop: asyncio.Event) -> None:
    """Ask, over and over; an answer that is missing, or of two FAQs at once, fails the test."""
    while not stop.is_set():
        engine = live.engine
        outcome = engine.consider("what is ahsct").outcome
        assert isinstance(outcome, Answered)
        assert outcome.entry is engine.faq.entry("what-is-ahsct")
        both = [engine.answerer.show(name) for name in ("what-is-ahsct", "ahsct-cost")]
        editions = {reply.body.partition("of both")[0] for reply in both if reply is not None}
        together = [reply for reply in both if reply is not None and "of both" in reply.body]
        assert len(both) == 2
        assert not together or len(editions) == 1
        await asyncio.sleep(0.002)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a sound FAQ of three entries."""
    return small(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder for what the bot writes besides the FAQ."""
    return tmp_path / "data"


@pytest.fixture
async def followed(root: Path, data: Path) -> AsyncIterator[Followed]:
    """Return a FAQ that is followed."""
    async with following(root, data) as found:
        yield found
