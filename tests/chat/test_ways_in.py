"""Every way a member can ask, walked by the real client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.sandbox import Channel, Person
    from tests.chat.conftest import Bot

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_mention_is_answered_where_it_was_asked(general: Channel, anna: Person) -> None:
    asked = anna.mention(general, "what is hsct")
    answer = await general.reply_to(asked)
    assert answer.text.startswith("## What is AHSCT?")
    assert "Not medical advice" in answer.text


async def test_a_slash_answer_is_private_until_it_is_shared(
    bot: Bot, general: Channel, anna: Person
) -> None:
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    assert answer.is_ephemeral
    shared = await anna.press(answer, "Show everyone").answer()
    assert not shared.is_ephemeral
    assert shared.text.startswith("## What is AHSCT?")
    assert not bot.run.done()
