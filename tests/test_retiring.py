"""An entry leaves the FAQ, and what named it with it; what is left is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.retiring import retire
from tests.support import change, sentences, small, write

if TYPE_CHECKING:
    from pathlib import Path


def carry_out(root: Path, entry_id: str) -> None:
    for one in retire(root, entry_id):
        if one.text is None:
            (root / one.file).unlink()
        else:
            write(root, one.file, one.text)


def test_what_is_left_has_no_problems(tmp_path: Path) -> None:
    root = small(tmp_path)
    carry_out(root, "ahsct-cost")
    assert sentences(root) == []
    assert "related: []" in (root / "entries/ahsct/what-is-ahsct.md").read_text(encoding="utf-8")
    assert not (root / "entries/ahsct/ahsct-cost.md").exists()


def test_every_list_that_names_it_loses_it_alone(tmp_path: Path) -> None:
    root = small(tmp_path)
    change(
        root, "discord.yaml", "[what-is-ahsct]", "[what-is-ahsct, ahsct-cost, what-is-metformin]"
    )
    more = "  - ask: price and meaning of hsct\n    must: offer\n    entries:\n"
    more += "      - ahsct-cost\n      - what-is-ahsct\n      - what-is-metformin\n"
    more += "  - ask: what does it mean\n    must: answer\n    entry: what-is-ahsct\n"
    more += "    or: [ahsct-cost, what-is-metformin]\n"
    write(root, "cases/must/more.yaml", f"cases:\n{more}")
    carry_out(root, "ahsct-cost")
    assert "starters: [what-is-ahsct, what-is-metformin]\n" in (root / "discord.yaml").read_text()
    left = (root / "cases/must/more.yaml").read_text(encoding="utf-8")
    assert "ahsct-cost" not in left
    assert left.count("- what-is-metformin") == 1
    assert "or: [what-is-metformin]" in left
    assert left.count("- ask:") == 2


def test_a_case_about_it_goes_with_the_lines_that_belong_to_it(tmp_path: Path) -> None:
    root = small(tmp_path)
    carry_out(root, "ahsct-cost")
    cases = (root / "cases/tune/small.yaml").read_text(encoding="utf-8")
    assert "transplant price please" not in cases
    assert cases.count("must:") == 2


def test_a_promise_that_only_notes_it_is_kept_without_the_note(tmp_path: Path) -> None:
    root = small(tmp_path)
    write(
        root,
        "cases/must/noted.yaml",
        "cases:\n  - ask: i want to die of the price\n    must: crisis\n    entry: ahsct-cost\n",
    )
    carry_out(root, "ahsct-cost")
    left = (root / "cases/must/noted.yaml").read_text(encoding="utf-8")
    assert left == "cases:\n  - ask: i want to die of the price\n    must: crisis\n"


def test_a_file_of_cases_about_nothing_else_goes_whole(tmp_path: Path) -> None:
    root = small(tmp_path)
    write(
        root,
        "cases/must/ahsct-cost.yaml",
        "cases:\n  - ask: what to pay\n    must: answer\n    entry: ahsct-cost\n",
    )
    carry_out(root, "ahsct-cost")
    assert not (root / "cases/must/ahsct-cost.yaml").exists()
    assert sentences(root) == []


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    root = small(tmp_path)
    write(root, "cases/must/broken.yaml", "cases: [ahsct-cost\n")
    assert "cases/must/broken.yaml" not in [one.file for one in retire(root, "ahsct-cost")]
