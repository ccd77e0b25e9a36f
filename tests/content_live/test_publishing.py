"""A change is tried out with nothing touched, and published whole or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.content import rebuilding
from bot.content.live import LiveFaq
from bot.content.naming import version_of
from bot.content.problems import Problem, errors
from bot.content.rebuilding import Rebuilder
from bot.content.snapshot import signature
from bot.content.workshop import WorkshopError
from bot.core.changes import Change, Conflict, Published, Unfit
from tests.content_live.conftest import AHSCT, COST, METFORMIN, Followed
from tests.support import TODAY, change, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASES = "cases/must/more.yaml"


@pytest.fixture
def rebuilder(root: Path, data: Path) -> Rebuilder:
    """Return what builds, in this process."""
    return Rebuilder(root, data, 1)


def text_of(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


def base_of(root: Path, *names: str) -> dict[str, str]:
    return {name: version_of(text_of(root, name)) for name in names}


def edited(root: Path, name: str, old: str, new: str) -> Change:
    text = text_of(root, name)
    assert text.count(old) == 1
    return Change(name, text.replace(old, new))


def all_files(root: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".publishing.lock"
    }


def test_trying_out_touches_nothing_and_shows_the_answer(rebuilder: Rebuilder, root: Path) -> None:
    before = all_files(root), signature(root)
    built, changes = rebuilder.try_out([edited(root, AHSCT, "strong hospital", "big")], TODAY)
    assert not errors(built.problems)
    assert built.engine is not None
    reply = built.engine.answerer.show("what-is-ahsct")
    assert reply is not None
    assert reply.body.startswith("It is a big treatment")
    assert changes == ()
    assert (all_files(root), signature(root)) == before


def test_every_case_that_would_come_out_differently_is_told(
    rebuilder: Rebuilder, root: Path
) -> None:
    write(root, "cases/report/sealed.yaml", "cases:\n  - {ask: hsct fees, must: decline}\n")
    moved = edited(root, COST, "  - hsct price\n", "  - hsct fees\n  - paying for it\n")
    _, changes = rebuilder.try_out([moved], TODAY)
    told = {(one.ask, one.set_name): (one.before, one.after) for one in changes}
    assert told == {
        ("transplant price please", "tune"): ("choices", "declined"),
        ("", "report"): ("1 of 1 right", "0 of 1 right"),
    }


def test_a_case_that_changes_is_told_with_both_outcomes(rebuilder: Rebuilder, root: Path) -> None:
    pizza = "  - hsct price\n  - best pizza in town\n"
    built, changes = rebuilder.try_out([edited(root, COST, "  - hsct price\n", pizza)], TODAY)
    assert built.engine is not None, "what it would be can be looked at, and it cannot be published"
    assert not built.is_fit
    [told] = changes
    assert (told.ask, told.set_name, told.before) == ("best pizza in town", "must", "declined")
    assert told.after == "answered ahsct-cost"
    assert [one.file for one in errors(built.problems)] == ["cases/must/small.yaml"]


def test_an_unfit_change_tells_file_and_line(rebuilder: Rebuilder, root: Path) -> None:
    wrong = edited(root, COST, "sources: [article]", "sources: [articel]")
    built, _ = rebuilder.try_out([wrong], TODAY)
    [told] = errors(built.problems)
    assert (told.file, told.line, told.what) == (COST, 13, "there is no source `articel`")
    done = rebuilder.publish([wrong], base_of(root, COST), TODAY)
    assert done == Unfit(built.problems)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("cases/report/x.yaml", "", "the report set measures the bot and is not for editors"),
        ("calibration/calibration.yaml", "", "this is no file that can be changed here"),
        ("../outside.md", "", "this is no file that can be changed here"),
        ("/etc/passwd", "", "this is no file that can be changed here"),
        ("entries/ahsct/../../x.md", "", "this is no file that can be changed here"),
        ("entries/ahsct/.hidden.md", "", "this is no file that can be changed here"),
        ("entries/ahsct/What Is.md", "", "this is no file that can be changed here"),
        ("words.yaml", None, "this file is to be removed, but cannot be done without"),
        (f"{COST[:-3]}-2.md", None, "this file is to be removed, but is not there (any more)"),
        (COST, "x" * 70_000, "the file is larger than 64 KiB"),
    ],
)
def test_names_and_sizes_are_kept_to(
    rebuilder: Rebuilder, file: str, text: str | None, told: str
) -> None:
    built, _ = rebuilder.try_out([Change(file, text)], TODAY)
    assert [one.what for one in built.problems] == [told]
    assert built.engine is None


def test_a_file_is_named_once_and_something_is_changed(rebuilder: Rebuilder) -> None:
    twice, _ = rebuilder.try_out([Change(CASES, "a"), Change(CASES, "b")], TODAY)
    assert [one.what for one in twice.problems] == ["this file is named twice"]
    nothing, _ = rebuilder.try_out([], TODAY)
    assert [one.what for one in nothing.problems] == ["there is nothing to change"]


def test_halves_of_characters_are_refused(rebuilder: Rebuilder, root: Path) -> None:
    wrong = edited(root, COST, "Paid for", "Paid\ud800 for")
    done = rebuilder.publish([wrong], base_of(root, COST), TODAY)
    assert isinstance(done, Unfit)
    assert done.problems[0].what == "this line holds a character that is not UTF-8 text"


def test_what_is_published_stands_in_the_folder(rebuilder: Rebuilder, root: Path) -> None:
    new = Change(CASES, "cases:\n  - {ask: clinic bill, must: answer, entry: ahsct-cost}\n")
    cost = edited(root, COST, "tens of thousands", "many thousands")
    done = rebuilder.publish([cost, new], base_of(root, COST), TODAY)
    assert isinstance(done, Published)
    assert text_of(root, COST) == cost.text
    assert text_of(root, CASES) == new.text
    built, _ = rebuilder.rebuild(TODAY)
    assert built.version == done.version
    removed = rebuilder.publish([Change(CASES, None)], base_of(root, CASES), TODAY)
    assert isinstance(removed, Published)
    assert not (root / CASES).exists()


def test_who_comes_second_is_shown_what_stands_there(rebuilder: Rebuilder, root: Path) -> None:
    base = base_of(root, COST)
    mine = edited(root, COST, "tens of", "many")
    change(root, COST, "Paid for", "When paid for")
    theirs = text_of(root, COST)
    assert rebuilder.publish([mine], base, TODAY) == Conflict(COST, theirs)
    assert rebuilder.publish([mine], {}, TODAY) == Conflict(COST, theirs)
    assert text_of(root, COST) == theirs
    (root / METFORMIN).unlink()
    gone = Change(METFORMIN, "text")
    assert rebuilder.publish([gone], {METFORMIN: "0123"}, TODAY) == Conflict(METFORMIN, None)


def test_line_ends_of_windows_are_no_conflict(rebuilder: Rebuilder, root: Path) -> None:
    base, mine = base_of(root, COST), edited(root, COST, "tens of", "many")
    (root / COST).write_bytes(text_of(root, COST).replace("\n", "\r\n").encode())
    assert isinstance(rebuilder.publish([mine], base, TODAY), Published)


def test_who_saves_while_a_change_is_checked_is_not_overwritten(
    rebuilder: Rebuilder, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, mine = base_of(root, COST), edited(root, COST, "tens of", "many")
    theirs = text_of(root, COST).replace("Paid for", "When paid for")
    checked = rebuilding.kept_problems

    def saved_meanwhile(*arguments: object) -> object:
        write(root, COST, theirs)
        return checked(*arguments)  # pyright: ignore[reportArgumentType] - passed on as they are

    monkeypatch.setattr(rebuilding, "kept_problems", saved_meanwhile)
    assert rebuilder.publish([mine], base, TODAY) == Conflict(COST, theirs)
    assert text_of(root, COST) == theirs


def test_a_folder_that_cannot_be_written_is_told(rebuilder: Rebuilder, root: Path) -> None:
    (root / ".publishing.lock").mkdir()
    done = rebuilder.publish([edited(root, COST, "tens of", "many")], base_of(root, COST), TODAY)
    assert done == Unfit(
        (
            Problem(
                COST,
                1,
                "this cannot be written (Is a directory)",
                "let the bot's user write the FAQ's folder, and try again",
            ),
        )
    )


async def test_a_published_change_answers_at_once(followed: Followed) -> None:
    changes = [
        edited(followed.root, AHSCT, "It is a", "Edition 2 of both. It is a"),
        edited(followed.root, COST, "Paid for", "Edition 2 of both. Paid for"),
    ]
    trial = await followed.live.try_out(changes)
    assert trial.engine is not None
    assert "Edition" not in followed.answer()
    done = await followed.live.publish(changes, base_of(followed.root, AHSCT, COST))
    assert isinstance(done, Published)
    assert followed.live.version == done.version
    assert followed.answer().startswith("Edition 2 of both.")
    assert followed.answer("ahsct-cost").startswith("Edition 2 of both.")


async def test_of_two_editors_at_once_one_is_told(followed: Followed) -> None:
    base = base_of(followed.root, COST)
    done = await asyncio.gather(
        followed.live.publish([edited(followed.root, COST, "tens of", "many")], base),
        followed.live.publish([edited(followed.root, COST, "tens of", "some")], base),
    )
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Published"]


async def test_publishing_when_the_bot_is_leaving_fails_in_words(root: Path, data: Path) -> None:
    live = LiveFaq(root, data, today=lambda: TODAY, told=lambda _: None)
    await live.close()
    with pytest.raises(WorkshopError, match="was ended with the bot"):
        await live.try_out([edited(root, COST, "tens of", "many")])
