"""What questions came to is counted at every answer, and nobody waits for the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chat.feedback.conftest import TODAY

if TYPE_CHECKING:
    from bot.sandbox import Channel, Person
    from tests.chat.feedback.conftest import Kept

ASKED = {
    "what is hsct": "answered",
    "hsct cost and recovery": "choices",
    "does yoga help with balance": "declined",
    "mum has spms, should she try metformin": "guarded",
    "i took 30 metformin tablets": "urgent",
    "i dont want to live anymore": "crisis",
}


@pytest.mark.parametrize("way", ["mention", "/ask", "menu", "dm"])
async def test_each_outcome_is_counted(
    kept: Kept, general: Channel, anna: Person, way: str
) -> None:
    for question in ASKED:
        kept.bot.watch.advance(60)
        if way == "mention":
            await general.reply_to(anna.mention(general, question))
        elif way == "dm":
            await anna.inbox.reply_to(anna.dm(question))
        elif way == "/ask":
            await anna.slash(general, "ask", question=question).answer()
        else:
            asked = anna.say(general, question)
            await anna.context_menu(asked, "Answer from the FAQ", general).answer()
    assert await kept.outcomes() == dict.fromkeys(ASKED.values(), 1)


async def test_the_entry_is_counted_with_its_outcome(
    kept: Kept, general: Channel, anna: Person
) -> None:
    await anna.slash(general, "ask", question="what is hsct").answer()
    await kept.outcomes()
    [counted] = await kept.store.outcomes.by_entry(TODAY, TODAY)
    assert (counted.entry, counted.counts) == ("what-is-ahsct", {"answered": 1})


async def test_none_of_these_is_counted(kept: Kept, general: Channel, anna: Person) -> None:
    menu = await anna.slash(general, "ask", question="hsct cost and recovery").answer()
    await anna.press(menu, "None of these").answer()
    assert await kept.outcomes() == {"choices": 1, "none_of_these": 1}


async def test_what_was_asked_too_soon_is_not_counted(
    kept: Kept, general: Channel, anna: Person
) -> None:
    for _ in range(5):
        await anna.slash(general, "ask", question="what is hsct").answer()
    told = await anna.slash(general, "ask", question="what is hsct").answer()
    assert told.text.startswith("That was a lot of questions")
    assert await kept.outcomes() == {"answered": 5}
