"""Whatever happens to the folder: the last good FAQ answers, and then the next good one."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import weakref
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.content.learned import LISTENER, listener_bytes
from bot.content.live import LiveFaq, Notice
from bot.content.problems import ContentError
from bot.content.snapshot import take
from bot.core.listening import KINDS, SLOTS
from tests.conftest import ROOT
from tests.content_live.conftest import AHSCT, COST, METFORMIN, SECONDS, Followed, following
from tests.support import SHIPPED, TODAY, change, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.core.matcher import Matcher

SHIPPED_DATA = ROOT / ".pytest_cache" / "msfaq"


async def test_a_saved_file_answers(followed: Followed) -> None:
    before = followed.live.version
    followed.edit(2)
    notice = await followed.until("swapped")
    assert followed.answer() == "Edition 2."
    assert followed.live.version != before
    assert notice.entries == 3
    assert notice.seconds > 0
    [told] = notice.problems
    assert "since the numbers of the decision were fitted" in told.what


async def test_an_editor_that_replaces_the_file_is_followed(followed: Followed) -> None:
    text = (followed.root / AHSCT).read_text(encoding="utf-8")
    beside = write(followed.root, "entries/ahsct/4913", text.replace("It is a", "It was a"))
    beside.rename(followed.root / AHSCT)
    await followed.until_answered("It was a")


async def test_half_a_file_is_refused_and_told_with_its_line(followed: Followed) -> None:
    path = followed.root / AHSCT
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:90], encoding="utf-8")
    notice = await followed.until("refused")
    [told] = [str(problem) for problem in notice.problems if problem.file == AHSCT]
    assert told == (
        f"{AHSCT}:1: the header does not end with a line of three dashes: write --- , the header, "
        "--- and then the answer, as faq/README.md shows"
    )
    assert "your own stem cells" in followed.answer()
    path.write_text(whole, encoding="utf-8")
    await followed.until("mended")


async def test_what_is_refused_is_told_once(followed: Followed) -> None:
    change(followed.root, COST, "evidence: article", "evidence: hearsay")
    await followed.until("refused")
    notice = await followed.live.reload()
    assert notice.kind == "refused"
    change(followed.root, COST, "evidence: hearsay", "evidence: article")
    await followed.until("mended")
    assert [one.kind for one in followed.heard] == ["refused", "mended"]


async def test_a_broken_promise_keeps_the_last_good_faq(followed: Followed) -> None:
    change(followed.root, "cases/must/small.yaml", "must: decline", "must: crisis")
    notice = await followed.until("refused")
    [told] = [problem for problem in notice.problems if problem.file.startswith("cases/must")]
    assert told.line == 4
    assert "must be a crisis, but the bot's outcome is declined" in told.what


async def test_what_editors_leave_beside_files_is_no_change(followed: Followed) -> None:
    for name in (".what-is-ahsct.md.swp", "4913", "what-is-ahsct.md~", "#x.md#", "x.md.tmp"):
        write(followed.root, f"entries/ahsct/{name}", "half of")
    followed.edit(2)
    await followed.until_answered("Edition 2")
    assert [one.kind for one in followed.heard] == ["swapped"]


async def test_ten_saves_in_a_second_end_with_the_last(followed: Followed) -> None:
    for number in range(1, 11):
        followed.edit(number)
        await asyncio.sleep(0.1)
    await followed.until_answered("Edition 10.")
    assert {one.kind for one in followed.heard} == {"swapped"}


async def test_a_deleted_folder_answers_on_and_may_come_back(
    followed: Followed, tmp_path: Path
) -> None:
    shutil.copytree(followed.root, tmp_path / "kept")
    shutil.rmtree(followed.root)
    notice = await followed.until("refused", lambda one: one.problems[0].file == ".")
    assert "there is no FAQ in" in notice.problems[0].what
    assert "your own stem cells" in followed.answer()
    shutil.copytree(tmp_path / "kept", followed.root)
    await followed.until("mended")
    followed.edit(2)
    await followed.until_answered("Edition 2.")


async def test_a_folder_replaced_by_another_is_followed(followed: Followed, tmp_path: Path) -> None:
    shutil.copytree(followed.root, tmp_path / "other")
    change(tmp_path / "other", AHSCT, "It is a strong", "It is a very strong")
    followed.root.rename(tmp_path / "old")
    (tmp_path / "other").rename(followed.root)
    await followed.until_answered("a very strong")
    followed.edit(3)
    await followed.until_answered("Edition 3.")


async def test_a_topic_replaced_by_another_is_followed(followed: Followed, tmp_path: Path) -> None:
    topic = followed.root / "entries" / "ahsct"
    shutil.copytree(topic, tmp_path / "other")
    topic.rename(tmp_path / "old")
    (tmp_path / "other").rename(topic)
    followed.edit(3)
    await followed.until_answered("Edition 3.")


def _not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _a_link_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def _unreadable(path: Path) -> None:
    path.chmod(0)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_not_text, "this line holds a character that is not UTF-8 text"),
        (_a_folder, "this is not an ordinary file"),
        (_a_link_out, "this is a link to something outside the FAQ's folder"),
        (_a_circle, "this link leads round in a circle"),
        (_unreadable, "the bot is not allowed to read this"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_of(
    followed: Followed, spoil: Callable[[Path], None], told: str
) -> None:
    if spoil is _unreadable and os.geteuid() == 0:
        pytest.skip("root may read every file")
    spoil(followed.root / METFORMIN)
    notice = await followed.until("refused")
    assert told in {problem.what for problem in notice.problems if problem.file == METFORMIN}
    assert "diabetes" in followed.answer("what-is-metformin")


async def test_polling_follows_too(root: Path, data: Path) -> None:
    async with following(root, data, polling=True) as followed:
        followed.edit(2)
        await followed.until_answered("Edition 2.")


async def test_a_change_is_looked_at_while_the_bot_is_left_alone(root: Path, data: Path) -> None:
    async with following(root, data, rest=3_600) as followed:
        # Time in which it would have begun to build.
        await asyncio.to_thread(take, root)
        assert followed.live.workshop.process_id is None
        followed.edit(2)
        await followed.until_answered("Edition 2.")


async def test_the_folder_is_looked_at_once_the_bot_was_left_alone(root: Path, data: Path) -> None:
    change(root, "cases/must/small.yaml", "must: decline", "must: crisis")
    async with following(root, data, rest=0.001) as followed:
        notice = await followed.until("refused")
        assert notice.problems[0].file == "cases/must/small.yaml"


async def test_a_killed_process_is_started_again(followed: Followed) -> None:
    followed.edit(2)
    await followed.until_answered("Edition 2.")
    killed = followed.live.workshop.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    followed.edit(3)
    await followed.until_answered("Edition 3.")
    assert {one.kind for one in followed.heard} == {"swapped"}


async def test_engines_that_answered_before_are_freed(followed: Followed) -> None:
    old: list[weakref.ref[Matcher]] = []
    # As in `msfaq run`: what is frozen is freed by counting references alone.
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        for number in range(1, 6):
            old.append(weakref.ref(followed.live.engine.matcher))
            followed.edit(number)
            await followed.until_answered(f"Edition {number}.")
            await asyncio.sleep(0.01)  # the one who asks all the time lets go of the old engine
        assert [one() for one in old] == [None] * len(old)
    finally:
        gc.enable()
        gc.unfreeze()


async def test_stopping_does_not_wait_for_what_is_being_built(root: Path, data: Path) -> None:
    stop = asyncio.Event()
    live = LiveFaq(root, data, today=lambda: TODAY, told=lambda _: None)
    follow = asyncio.create_task(live.follow(stop))
    stop.set()
    async with asyncio.timeout(SECONDS):
        await follow
    assert live.engine.faq.entries
    assert live.workshop.process_id is None


async def test_a_start_with_an_unfit_faq_tells_every_problem(root: Path, data: Path) -> None:
    change(root, COST, "evidence: article", "evidence: hearsay")
    with pytest.raises(ContentError, match="`hearsay` is not an evidence label"):
        LiveFaq(root, data, today=lambda: TODAY, told=lambda _: None)


async def test_the_shipped_faq_is_swapped_with_all_it_has_learned(tmp_path: Path) -> None:
    root = tmp_path / "faq"
    shutil.copytree(SHIPPED, root)
    live = LiveFaq(root, SHIPPED_DATA, today=lambda: TODAY, told=lambda _: None)
    before = live.engine
    change(root, "entries/ahsct/ahsct-cost.md", "question: How much", "question: And how much")
    notice = await live.reload()
    assert notice.kind == "swapped", notice.problems
    assert live.engine.consider("hsct cost").reply.title.startswith("And how much")
    danger = "i took all the pills at once"
    assert live.engine.screener.hear(danger) == before.screener.hear(danger)
    await live.close()


async def test_another_listener_is_taken_over(followed: Followed) -> None:
    weights = np.full((SLOTS, len(KINDS)), 0.001, dtype=np.float32)
    (followed.root / LISTENER).write_bytes(listener_bytes(weights, None))
    await followed.until("swapped")
    learned = followed.live.engine.screener.listener.learned
    assert learned is not None
    assert learned.weights.all()


async def test_nothing_is_told_where_nothing_changed(root: Path, data: Path) -> None:
    told: list[Notice] = []
    live = LiveFaq(root, data, today=lambda: TODAY, told=told.append)
    (root / AHSCT).touch()
    notice = await live.reload()
    await live.close()
    assert notice.kind == "unchanged"
    assert told == []
