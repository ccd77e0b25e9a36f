"""What is read of a folder stood there together."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from bot.content.journal import changing
from bot.content.load import load
from bot.content.snapshot import signature, take
from tests.content_live.conftest import AHSCT, COST
from tests.support import TODAY, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_snapshot_is_loaded_like_its_folder(root: Path) -> None:
    snapshot, folder = load(take(root), TODAY), load(root, TODAY)
    assert snapshot.faq == folder.faq
    assert snapshot.problems == folder.problems
    assert snapshot.trees == folder.trees


def test_a_snapshot_stays_what_it_was(root: Path) -> None:
    snapshot = take(root)
    before = load(snapshot, TODAY).faq
    write(root, AHSCT, "broken")
    (root / COST).unlink()
    assert load(snapshot, TODAY).faq == before
    assert take(root).version() != snapshot.version()


def test_the_version_is_of_contents_not_of_times(root: Path) -> None:
    before = take(root)
    os.utime(root / AHSCT, (1, 1))
    after = take(root)
    assert after.version() == before.version()
    assert after.signature != before.signature


def test_a_change_tried_out_has_the_version_it_will_have(root: Path) -> None:
    changes = {"entries/new/new-entry.md": "text", AHSCT: "other", COST: None}
    tried = take(root).with_changes(changes).version()
    write(root, "entries/new/new-entry.md", "text")
    write(root, AHSCT, "other")
    (root / COST).unlink()
    assert take(root).version() == tried


def test_what_a_killed_publisher_left_is_finished_before_it_is_read(root: Path) -> None:
    write(root, ".publishing/list.json", f'[{{"file": "{AHSCT}", "staged": "0"}}]')
    write(root, ".publishing/0", "new")
    snapshot = take(root)
    assert snapshot.files[root / AHSCT] == (b"new", [])
    assert not (root / ".publishing").exists()


def test_a_change_that_is_being_written_is_waited_for(root: Path) -> None:
    held, done = threading.Event(), threading.Event()

    def publish() -> None:
        with changing(root):
            write(root, ".publishing/list.json", f'[{{"file": "{AHSCT}", "staged": "0"}}]')
            held.set()
            done.wait(10)
            write(root, AHSCT, "new")
            (root / ".publishing/list.json").unlink()

    publisher = threading.Thread(target=publish)
    publisher.start()
    held.wait(10)
    threading.Timer(0.2, done.set).start()
    assert take(root).files[root / AHSCT] == (b"new", [])
    publisher.join()


def test_a_folder_that_never_stands_still_is_read_in_the_end(root: Path) -> None:
    later = time.time() + 3600
    os.utime(root / AHSCT, (later, later))
    assert take(root).signature == signature(root), "a file from the future keeps nobody waiting"
