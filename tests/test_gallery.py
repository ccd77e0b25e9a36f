"""The page that shows everything the bot shows: played by the real bot, with the shipped FAQ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.__main__ import main
from tests.conftest import FAQ, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CHAPTERS = [
    "Asking",
    "Votes and questions to the moderators",
    "Settings of a server",
    "Looking after the FAQ",
]
SHOWN = (
    "Was this helpful?",
    "Send this question to the moderators",
    "How I behave in this server",
    "What changes",
    "Proposal 1: approved",
    "Questions that members sent",
    "What was counted",
    "The FAQ&#x27;s files need mending",
)


def contents() -> dict[str, bytes]:
    """Return what stands in the entries of the shipped FAQ."""
    return {str(path): path.read_bytes() for path in (FAQ / "entries").rglob("*.md")}


def test_the_gallery_shows_every_part_and_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAQ_DIR", str(FAQ))
    monkeypatch.setenv("DATA_DIR", str(ROOT / ".pytest_cache" / "msfaq"))
    before = contents()
    assert main(["gallery", str(tmp_path / "gallery.html")]) == 0
    assert "in a browser" in capsys.readouterr().out
    drawn = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 class="chapter">([^<]*)', drawn) == CHAPTERS
    assert [one for one in SHOWN if one not in drawn] == []
    assert not re.search(r"\ssrc=|<script|<link", drawn)
    assert contents() == before
