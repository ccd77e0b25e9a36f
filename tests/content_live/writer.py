"""A process that publishes until it is killed: edition after edition, of several files each.

Started by test_journal.py. It imports nothing but the module that writes, and makes copies of
itself to be killed, since a new interpreter takes longer than all the rest.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from pathlib import Path

from bot.content.journal import changing, replace_files

FILES = ("entries/a/one.md", "entries/b/two.md", "words.yaml", "cases/must/new.yaml")


def edition(number: int) -> dict[str, bytes | None]:
    """Return what is published; every second edition has no fourth file."""
    text = f"edition {number}\n".encode() * 50
    return {**dict.fromkeys(FILES[:3], text), FILES[3]: text if number % 2 else None}


def stands(root: Path) -> dict[str, bytes | None]:
    """Return what stands in the folder."""
    return {file: (root / file).read_bytes() if (root / file).exists() else None for file in FILES}


def publish_for_ever(root: Path, first: int) -> None:
    """Publish edition after edition."""
    for number in itertools.count(first):
        with changing(root):
            replace_files(root, edition(number))


def main(root: Path, times: int, seed: int) -> None:
    """Kill writers at random instants; print how often the folder stood between two editions."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    start = time.perf_counter()
    with changing(root):
        replace_files(root, edition(0))
    once = time.perf_counter() - start
    last, between = 0, 0
    for _ in range(times):
        writer = os.fork()
        if not writer:
            publish_for_ever(root, last + 1)
        time.sleep(chance.uniform(0, 2 * once))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        found = stands(root)
        number = int((found[FILES[0]] or b"").split()[1])
        between += found != edition(number)
        with changing(root):
            found = stands(root)
        last = int((found[FILES[0]] or b"").split()[1])
        assert found == edition(last), found
        assert sorted(one.name for one in root.iterdir() if one.name.startswith(".")) == [
            ".publishing.lock"
        ]
        assert all(not one.name.startswith(".") for one in root.glob("entries/*/*")), "left over"
    sys.stdout.write(f"{last} {between}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
