"""The figures for editors: in words and as a picture, and no number below five."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from bot.chat.feedback import figures as told
from bot.chat.feedback.figures import Figures
from bot.sandbox.wire.components import MediaGallery
from bot.sandbox.wire.layout import walk
from bot.storage.counts import Came, Verdict, Vote
from tests.chat.feedback.conftest import TODAY

if TYPE_CHECKING:
    from bot.sandbox import Person
    from tests.chat.editing.conftest import Office
    from tests.chat.feedback.conftest import Kept


def came(kept: Kept, outcome: str, count: int, entry: str | None = None, ago: int = 0) -> None:
    """Let questions have come."""
    for _ in range(count):
        kept.keeping.later.came(Came(TODAY - timedelta(days=ago), outcome, entry))


async def test_the_figures_in_words(kept_at_home: Kept, office: Office, erin: Person) -> None:
    came(kept_at_home, "answered", 30, "what-is-ahsct")
    came(kept_at_home, "answered", 2, "what-is-metformin")
    came(kept_at_home, "declined", 10, ago=1)
    came(kept_at_home, "declined", 7, ago=40)
    for _ in range(6):
        kept_at_home.keeping.later.vote(Vote(TODAY, "what-is-ahsct", "a1", Verdict.WRONG))
    page = await erin.slash(office.general, "faq stats").answer()
    text = page.text.replace("\\", "")
    assert page.is_ephemeral
    assert "answered: 32" in text
    assert "declined: 10" in text
    assert "without an answer: 24%" in text
    assert "what-is-ahsct: 30" in text
    assert "what-is-metformin: <5" in text
    assert "what-is-ahsct: 6 not helpful, 0 helpful" in text
    assert f"{TODAY - timedelta(days=1)}: declined 10" in text
    page = await erin.slash(office.general, "faq stats", days=365).answer()
    assert "declined: 17" in page.text


PICTURE = "bot.chat.feedback.picture"


async def test_without_the_extra_there_are_words_alone_and_a_polite_reason(
    kept_at_home: Kept, office: Office, erin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, PICTURE, raising=False)
    # What Python does where it is not installed.
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    came(kept_at_home, "answered", 30, "what-is-ahsct")
    page = await erin.slash(office.general, "faq stats").answer()
    assert "what-is-ahsct: 30" in page.text.replace("\\", "")
    assert page.attachments == ()
    assert "There is no picture: whoever runs the bot can add it" in page.text


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
async def test_the_picture_says_in_words_that_all_of_it_stands_above(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    came(kept_at_home, "answered", 30, "what-is-ahsct")
    page = await erin.slash(office.general, "faq stats").answer()
    [picture] = page.attachments
    assert picture.file.content.startswith(b"\x89PNG")
    [gallery] = [one for one in walk(page.components) if isinstance(one, MediaGallery)]
    assert "stand in the text above" in str(gallery.items[0].description)
    assert "There is no picture" not in page.text


async def test_few_days_are_counted_where_few_are_wanted(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    came(kept_at_home, "declined", 10, ago=1)
    page = await erin.slash(office.general, "faq stats", days=1).answer()
    assert "No question was counted." in page.text
    assert not page.attachments


async def test_only_editors_see_figures(kept_at_home: Kept, office: Office) -> None:
    came(kept_at_home, "declined", 10)
    manager = office.person("mona", office.managers)
    refused = await manager.slash(office.general, "faq stats").answer()
    assert "declined" not in refused.text


async def test_questions_are_answered_while_the_picture_is_drawn(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    came(kept_at_home, "declined", 10)
    looking = erin.slash(office.general, "faq stats")
    answer = asyncio.ensure_future(
        erin.slash(office.general, "ask", question="what is hsct").answer()
    )
    page = asyncio.ensure_future(looking.answer())
    done, _ = await asyncio.wait({answer, page}, return_when=asyncio.FIRST_COMPLETED)
    assert answer in done
    await page


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5")])
def test_a_count_below_five_is_not_shown(count: int, shown: str) -> None:
    assert told.shown(count) == shown


def test_a_share_of_few_is_not_told() -> None:
    few = Figures(TODAY, TODAY, [(TODAY, {"answered": 40, "declined": 3})], {}, {}, {})
    assert told.in_all(few)[-1] == "without an answer: too few to tell a share"
    assert told.by_day(few) == [f"{TODAY}: answered 40, declined <5"]


def test_the_order_of_few_tells_nothing() -> None:
    assert told.most({"a": 1, "b": 4, "c": 5}) == [("c", 5), ("a", 1), ("b", 4)]


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_the_picture_looks_the_same_for_one_and_for_four() -> None:
    from bot.chat.feedback.picture import draw  # noqa: PLC0415

    one, four, ten = (
        draw(Figures(TODAY, TODAY, [(TODAY, {"declined": n})], {"a": n}, {"a": n}, {}))
        for n in (1, 4, 10)
    )
    assert one == four
    assert one != ten
