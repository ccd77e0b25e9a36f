"""Two processes that publish into one folder: nothing is overwritten, and each hears of both."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.content.live import LiveFaq
from bot.core.changes import Change, Conflict, Published
from bot.library import LiveLibrary
from tests.content_live.conftest import AHSCT, COST
from tests.support import TODAY

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bot.core.changes import Outcome

ROUNDS = 4


@contextmanager
def two_libraries(root: Path, data: Path) -> Generator[tuple[LiveLibrary, LiveLibrary]]:
    """Yield the same FAQ twice; what writes each of them is a process of its own."""
    lives = [LiveFaq(root, data / name, today=lambda: TODAY, told=lambda _: None) for name in "ab"]
    try:
        yield LiveLibrary(lives[0]), LiveLibrary(lives[1])
    finally:
        for live in lives:
            live.workshop.close()


def edition(library: LiveLibrary, file: str, words: str) -> Change:
    """Return a file with another answer."""
    header, _, _ = (library.text(file) or "").rpartition("---\n")
    return Change(file, f"{header}---\n{words}\n")


async def publish(library: LiveLibrary, change: Change) -> Outcome:
    """Publish a change of what stands there now."""
    return await library.publish(
        [change], {change.file: library.version(library.text(change.file))}
    )


async def test_of_two_who_publish_one_file_at_once_one_is_told(root: Path, data: Path) -> None:
    with two_libraries(root, data) as both:
        for number in range(ROUNDS):
            changes = [
                edition(one, COST, f"Round {number}.{side}") for side, one in enumerate(both)
            ]
            done = await asyncio.gather(*map(publish, both, changes))
            [won] = [side for side, one in enumerate(done) if isinstance(one, Published)]
            assert both[0].text(COST) == changes[won].text
            assert done[1 - won] == Conflict(COST, changes[won].text), "and is shown what is there"


async def test_two_who_publish_different_files_at_once_both_succeed(root: Path, data: Path) -> None:
    with two_libraries(root, data) as both:
        for number in range(ROUNDS):
            words = f"Round {number}."
            done = await asyncio.gather(
                publish(both[0], edition(both[0], COST, words)),
                publish(both[1], edition(both[1], AHSCT, words)),
            )
            assert [type(one) for one in done] == [Published, Published]
            assert all(words in (both[0].text(file) or "") for file in (COST, AHSCT))
