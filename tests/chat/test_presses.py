"""Buttons: what they show, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.wire.callbacks import CallbackKind
from tests.chat.conftest import shipped_engine
from tests.chat.ways import title

if TYPE_CHECKING:
    from bot.sandbox import Channel, Person, Sandbox, Server

pytestmark = pytest.mark.usefixtures("bot")

LONG = "what-is-ahsct"
CLOSE = "hsct cost and recovery"
MONTHS = 90 * 24 * 3600.0


def detail(entry: str) -> str:
    """Return what of an entry only its whole shows."""
    found = shipped_engine().faq.entry(entry)
    assert found is not None
    return found.detail


@pytest.fixture
def ben(sandbox: Sandbox, server: Server) -> Person:
    """Return another member."""
    return sandbox.add_person("ben", server)


async def test_a_private_answer_grows_where_it_stands(general: Channel, anna: Person) -> None:
    answer = await anna.slash(general, "ask", question=LONG).answer()
    assert detail(LONG) not in answer.text
    assert await anna.press(answer, "More").acknowledged() is CallbackKind.UPDATE
    assert detail(LONG) in answer.text
    assert [one.label for one in answer.buttons if one.label == "More"] == []


async def test_a_direct_message_grows_where_it_stands(anna: Person) -> None:
    answer = await anna.inbox.reply_to(anna.dm(LONG))
    assert await anna.press(answer, "More").acknowledged() is CallbackKind.UPDATE
    assert detail(LONG) in answer.text


async def test_a_public_answer_stays_and_the_whole_is_for_whoever_asked(
    general: Channel, anna: Person, ben: Person
) -> None:
    answer = await general.reply_to(anna.mention(general, LONG))
    before = answer.text
    whole = await ben.press(answer, "More").answer()
    assert whole.only_for is ben.user
    assert detail(LONG) in whole.text
    assert answer.text == before
    shared = await ben.press(whole, "Show everyone").answer()
    assert not shared.is_ephemeral


async def test_a_choice_is_shown_to_whoever_made_it(
    general: Channel, anna: Person, ben: Person
) -> None:
    offered = await general.reply_to(anna.mention(general, CLOSE))
    for button in offered.buttons[:-1]:
        for person in (anna, ben):
            shown = await person.press(offered, str(button.label)).answer()
            assert (title(shown), shown.only_for) == (button.label, person.user)


async def test_none_of_these_is_declined(general: Channel, anna: Person) -> None:
    offered = await general.reply_to(anna.mention(general, CLOSE))
    declined = await anna.press(offered, "None of these").answer()
    assert title(declined) == "I have no reviewed answer to that"
    assert declined.only_for is anna.user


async def test_a_guarded_question_offers_general_entries(general: Channel, anna: Person) -> None:
    guarded = await general.reply_to(anna.mention(general, "should i have hsct"))
    assert "**General information, not about you:**" in guarded.text
    button = guarded.buttons[0]
    assert title(await anna.press(guarded, str(button.label)).answer()) == button.label


async def test_in_direct_messages_nothing_is_hidden(anna: Person) -> None:
    answer = await anna.inbox.reply_to(anna.dm(LONG))
    shown = await anna.press(answer, str(answer.buttons[-1].label)).answer()
    assert not shown.is_ephemeral
    assert "Show everyone" not in [button.label for button in shown.buttons]


async def test_buttons_work_for_months(sandbox: Sandbox, general: Channel, anna: Person) -> None:
    answer = await anna.slash(general, "ask", question=LONG).answer()
    offered = await general.reply_to(anna.mention(general, CLOSE))
    sandbox.clock.advance(MONTHS)
    await anna.press(answer, "More").acknowledged()
    assert detail(LONG) in answer.text
    assert title(await anna.press(answer, "Show everyone").answer()) == title(answer)
    first = str(offered.buttons[0].label)
    assert title(await anna.press(offered, first).answer()) == first
