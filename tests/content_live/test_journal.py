"""Several files are replaced as one, whenever the process that does it is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from bot.content.journal import BusyError, changing, is_unfinished, replace_files
from tests.conftest import ROOT

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - for a folder of our own
"""Where a disk need not be waited for: the process is killed, the machine is not."""


def test_a_writer_killed_at_any_instant_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.content_live.writer", folder, "400", "1"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    editions, between = map(int, done.stdout.split())
    assert editions > 30, "the writers were killed before they wrote anything"
    assert between > 0, "no writer was killed in the middle: the test shows nothing"


def test_a_single_file_is_written_and_removed(tmp_path: Path) -> None:
    with changing(tmp_path):
        replace_files(tmp_path, {"entries/a/b.md": b"text"})
    assert (tmp_path / "entries/a/b.md").read_bytes() == b"text"
    with changing(tmp_path):
        replace_files(tmp_path, {"entries/a/b.md": None})
    assert list((tmp_path / "entries/a").iterdir()) == []


def test_two_processes_do_not_change_it_at_once(tmp_path: Path) -> None:
    with changing(tmp_path), pytest.raises(BusyError), changing(tmp_path, wait=False):
        pass


def test_where_nothing_can_be_written_nothing_is_half_written(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("old")
    (tmp_path / "entries").write_text("this is no folder")
    with changing(tmp_path), pytest.raises(OSError, match="entries"):
        replace_files(tmp_path, {"words.yaml": b"new", "entries/a/b.md": b"new"})
    assert (tmp_path / "words.yaml").read_text() == "old"
    assert not is_unfinished(tmp_path)


@pytest.mark.parametrize(
    "listed",
    [
        "no list",
        "[]",
        '{"file": 1}',
        json.dumps([{"file": "../outside.md", "staged": "0"}]),
        json.dumps([{"file": "/tmp/outside.md", "staged": "0"}]),  # noqa: S108 - never written
        json.dumps([{"file": "entries/a.md", "staged": "../../secret"}]),
        json.dumps([{"file": "entries/a.md", "staged": 7}]),
    ],
)
def test_a_list_that_is_none_of_ours_does_nothing(tmp_path: Path, listed: str) -> None:
    root = tmp_path / "faq"
    (root / ".publishing").mkdir(parents=True)
    (root / ".publishing" / "list.json").write_text(listed)
    (root / ".publishing" / "0").write_text("text")
    (tmp_path / "secret").write_text("text")
    with changing(root):
        pass
    assert [one.name for one in root.iterdir()] == [".publishing.lock"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["faq", "secret"]
