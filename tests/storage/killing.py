"""Processes that vote until they are killed: `python -m tests.storage.killing FILE KILLS`.

Prints how many votes were written for certain: each process tells of one after it was written.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from bot.storage.counts import Verdict, Vote
from bot.storage.store import Store
from tests.storage.conftest import TODAY


async def _vote(file: Path, tell: int) -> None:
    vote = Vote(TODAY, "what-is-ahsct", "5f3a", Verdict.HELPFUL)
    async with Store.open(file) as store:
        while True:
            await store.votes.add(vote)
            os.write(tell, b".")


def _told_until_killed(file: Path, enough: int) -> int:
    """Start a process, kill it when it told of `enough` votes, and return of how many it told."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        asyncio.run(_vote(file, tell))
        os._exit(0)
    os.close(tell)
    with os.fdopen(hear, "rb") as told:
        heard = len(told.read(enough))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return heard + len(told.read())


if __name__ == "__main__":
    chance = random.Random(20_261_123)  # noqa: S311 - not for secrets
    told = sum(
        _told_until_killed(Path(sys.argv[1]), chance.randint(1, 20))
        for _ in range(int(sys.argv[2]))
    )
    sys.stdout.write(f"{told}\n")
