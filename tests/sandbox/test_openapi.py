"""The judge itself: it is there or says so, it knows our addresses, and it bites."""

import pytest

from bot.sandbox import Channel, Person, Sandbox
from bot.sandbox.rest.journal import Exchange
from tests.sandbox import openapi

pytestmark = pytest.mark.skipif(
    not openapi.is_there(),
    reason=f"requests were not judged: Discord's description is not at {openapi.where()}",
)


@pytest.mark.usefixtures("bot")
async def test_what_a_bot_sends_and_is_answered_fits_discords_description(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    card = await anna.slash(general, "card").answer()
    await anna.press(card, "Edit me").answer()
    await anna.slash(general, "think").answer()
    opened = anna.slash(general, "form")
    await opened.modal()
    await anna.submit_modal(opened, {"Question": "why"}).answer()
    anna.dm("hello")
    await anna.inbox.next_message()
    judged = [one for one in sandbox.requests if openapi.is_described(one)]
    assert len(judged) >= 9
    assert list(openapi.complaints(judged)) == []


@pytest.mark.parametrize(
    "data",
    [
        {"content": 5},
        {"components": [{"type": 1, "components": [{"type": 2, "style": 99}]}]},
        {"embeds": [{"title": "x" * 257}]},
        {"flags": "many"},
    ],
)
def test_a_spoilt_body_is_noticed(data: object) -> None:
    exchange = Exchange("POST", "/channels/1/messages", body=data, status=200)
    assert list(openapi.complaints([exchange]))
