"""What goes wrong between the bot and Discord: the member gets the answer where Discord lets it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.chat.client import FaqClient
from bot.chat.desk import Desk
from bot.chat.gate import IdentifyGate
from bot.chat.messages import Messages
from bot.chat.service import serve
from bot.sandbox import (
    Refusal,
    ResetConnection,
    Sandbox,
    ServerError,
    SlowAnswer,
    TooManyRequests,
    errors,
)
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.wire.callbacks import Modal
from tests.chat.conftest import Watch, served, shipped_engine
from tests.sandbox.conftest import AT_ONCE, steady_clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import web

    from bot.sandbox import Channel, Message, Person
    from bot.sandbox.faults import Fault
    from bot.sandbox.rest.door import Handler
    from tests.chat.conftest import Bot
    from tests.sandbox.wire import Wire

CALLBACK = "/interactions/*/callback"
MESSAGES = "/channels/*/messages"
ASKED = "what is hsct"
TITLE = "## What is AHSCT?"


async def half_an_answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Do what was asked, and break the line in the middle of the answer."""
    response = await handler(request)
    response.headers["Content-Length"] = "100000"
    await response.prepare(request)
    assert request.transport is not None
    request.transport.close()
    return response


def statuses(sandbox: Sandbox, method: str, pattern: str) -> list[int]:
    return [one.status for one in sandbox.requests.of(method, pattern)]


def answers(channel: Channel, sandbox: Sandbox) -> list[Message]:
    return [one for one in channel.messages.values() if one.author is sandbox.bot]


@pytest.fixture
async def answered(bot: Bot, general: Channel, anna: Person) -> AsyncIterator[None]:
    """Hold the test to this: after whatever happens, the same bot goes on answering."""
    yield
    assert not bot.run.done()
    assert bot.pauses == []
    assert (await anna.slash(general, "ask", question=ASKED).answer()).text.startswith(TITLE)


STUMBLES = {
    "429": TooManyRequests(0.05),
    "429 for all": TooManyRequests(0.05, everywhere=True),
    "502": ServerError(502),
    "reset before": ResetConnection(),
    "reset after": ResetConnection(afterwards=True),
    "cut answer": half_an_answer,
}


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("fault", STUMBLES.values(), ids=STUMBLES.keys())
async def test_a_command_is_answered_once(
    sandbox: Sandbox, general: Channel, anna: Person, fault: Fault
) -> None:
    sandbox.faults.next("POST", CALLBACK, fault)
    answer = await anna.slash(general, "ask", question=ASKED).answer()
    assert answer.text.startswith(TITLE)
    await anna.slash(general, "about").answer()
    assert len(answers(general, sandbox)) == 2
    assert len(statuses(sandbox, "POST", CALLBACK)) == 3


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("fault", STUMBLES.values(), ids=STUMBLES.keys())
async def test_a_mention_is_answered_once(
    sandbox: Sandbox, general: Channel, anna: Person, fault: Fault
) -> None:
    sandbox.faults.next("POST", MESSAGES, fault)
    asked = anna.mention(general, ASKED)
    assert (await general.reply_to(asked)).text.startswith(TITLE)
    again = anna.mention(general, ASKED)
    await general.reply_to(again)
    assert [one.reply_to for one in answers(general, sandbox)] == [asked, again]
    assert len(statuses(sandbox, "POST", MESSAGES)) == 3


async def test_a_502_after_discord_took_the_answer_is_no_failure(
    bot: Bot,
    sandbox: Sandbox,
    general: Channel,
    anna: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def taken(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return await ServerError(502)(request, handler)

    sandbox.faults.next("POST", CALLBACK, taken)
    await anna.slash(general, "ask", question=ASKED).answer()
    await sandbox.requests.until("POST", CALLBACK, times=2)
    await anna.slash(general, "about").answer()
    await bot.leave()
    assert statuses(sandbox, "POST", CALLBACK) == [502, 400, 200]
    assert "failure" not in caplog.text


@pytest.mark.usefixtures("answered")
async def test_a_slow_reply_holds_up_nobody_else(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    gate = asyncio.Event()
    sandbox.faults.next("POST", MESSAGES, SlowAnswer(gate))
    slow = anna.mention(general, ASKED)
    quick = anna.slash(general, "ask", question=ASKED)
    assert (await quick.answer()).text.startswith(TITLE)
    gate.set()
    assert (await general.reply_to(slow)).text.startswith(TITLE)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (errors.unknown_interaction(), "came too late"),
        (errors.expired_token(), "came too late"),
        (errors.unknown_webhook(), "came too late"),
        (errors.missing_access(), "Forbidden, status 403, code 50001"),
    ],
)
@pytest.mark.usefixtures("answered")
async def test_an_answer_discord_does_not_take_is_noted_without_the_question(
    sandbox: Sandbox,
    anna: Person,
    refusal: errors.RefusedError,
    said: str,
    log: Callable[[], str],
) -> None:
    sandbox.faults.always("POST", CALLBACK, Refusal(refusal))
    anna.slash(anna.inbox, "ask", question="my secret zebra")
    await sandbox.requests.until("POST", CALLBACK, times=1 if said == "came too late" else 2)
    sandbox.faults.clear()
    # What is asked after it is answered after it is logged.
    await anna.inbox.reply_to(anna.dm(ASKED))
    assert said in log()
    assert "zebra" not in log()


@pytest.mark.usefixtures("answered")
async def test_an_answer_after_three_seconds_is_let_go(
    sandbox: Sandbox, general: Channel, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()
    sandbox.faults.next("POST", CALLBACK, SlowAnswer(gate))
    with caplog.at_level("INFO"):
        used = anna.slash(general, "ask", question="my secret zebra")
        await anna.slash(general, "about").answer()
        sandbox.clock.advance(4)
        gate.set()
        await sandbox.requests.until("POST", CALLBACK, times=2)
        await anna.slash(general, "about").answer()
    assert used.failed(sandbox.clock.now())
    assert "the answer came too late" in caplog.text
    assert "failure" not in caplog.text
    assert "zebra" not in caplog.text


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("code", [None, 1000, 1001, 4000])
async def test_what_is_asked_while_the_line_is_down_is_answered_after_the_resume(
    sandbox: Sandbox, general: Channel, anna: Person, code: int | None
) -> None:
    sandbox.faults.drop_sockets(code)
    await sandbox.gateway.changes.until(lambda: not sandbox.gateway.live or None, what="an outage")
    used, asked = anna.slash(general, "ask", question=ASKED), anna.mention(general, ASKED)
    assert (await used.answer()).text.startswith(TITLE)
    await general.reply_to(asked)
    assert (sandbox.gateway.resumes, sandbox.gateway.identifies) == (1, 1)


@pytest.mark.usefixtures("answered")
async def test_asked_to_reconnect_it_resumes(sandbox: Sandbox) -> None:
    sandbox.faults.ask_to_reconnect()
    await sandbox.gateway.until_resumed()


@pytest.mark.usefixtures("answered")
async def test_a_session_in_doubt_is_resumed(sandbox: Sandbox) -> None:
    sandbox.faults.invalidate_sessions(resumable=True)
    await sandbox.gateway.until_resumed()


@pytest.mark.usefixtures("answered")
async def test_a_lost_session_is_begun_anew(sandbox: Sandbox) -> None:
    sandbox.faults.invalidate_sessions(resumable=False)
    await sandbox.gateway.until_identified(2)
    assert sandbox.gateway.resumes == 0


@pytest.mark.usefixtures("answered")
async def test_a_dead_session_is_begun_anew(sandbox: Sandbox) -> None:
    sandbox.gateway.sessions.clear()
    sandbox.faults.drop_sockets()
    await sandbox.gateway.until_identified(2)
    assert sandbox.gateway.resumes == 0


@pytest.mark.usefixtures("answered")
async def test_a_gateway_that_refuses_the_way_back_is_tried_again(sandbox: Sandbox) -> None:
    sandbox.faults.next("GET", "/", ServerError(502))
    sandbox.faults.drop_sockets()
    await sandbox.gateway.until_identified(2)


async def test_unanswered_heartbeats_make_it_resume() -> None:
    watch, desk, stop = Watch(), Desk(shipped_engine), asyncio.Event()
    messages, gate = Messages(desk, watch), IdentifyGate(watch, every=0.0)
    rules = replace(AT_ONCE, heartbeat_interval=0.05)
    async with Sandbox(clock=steady_clock(), rules=rules) as sandbox:
        eva = sandbox.add_person("eva", sandbox.add_server("MS support", "general"))
        with point_discord_py_at(sandbox.address):
            run = asyncio.create_task(
                serve(
                    lambda: FaqClient(desk, messages, gate, heartbeat_timeout=0.3),
                    sandbox.token,
                    stop,
                )
            )
            await sandbox.ready()
            sandbox.faults.ignore_heartbeats()
            await sandbox.gateway.until_resumed()
            sandbox.faults.clear()
            assert (await eva.slash(eva.inbox, "ask", question=ASKED).answer()).text
            stop.set()
            await run


async def test_a_gateway_that_is_down_at_first_is_tried_again(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    sandbox.faults.next("GET", "/gateway/bot", ServerError(503))
    async with served(sandbox) as bot:
        assert bot.pauses == [1.0]
        assert (await general.reply_to(anna.mention(general, ASKED))).text.startswith(TITLE)


async def test_a_malformed_event_ends_a_client_and_not_the_service(
    bot: Bot, sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    sandbox.faults.send_event("INTERACTION_CREATE", {"nothing": "that belongs here"})
    await sandbox.gateway.until_identified(2)
    assert (await general.reply_to(anna.mention(general, ASKED))).text.startswith(TITLE)
    assert bot.pauses == [1.0]


OLD_BUTTONS = ("vote:1", "faq:praise:what-is-ahsct", "faq:show:what-is-ahsct:and:more")


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("custom_id", OLD_BUTTONS)
async def test_a_button_of_an_older_version_gets_a_sentence(
    wire: Wire, general: Channel, anna: Person, custom_id: str
) -> None:
    button = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id}
    rows = [{"type": 1, "components": [button]}]
    path = f"/channels/{general.id}/messages"
    assert await wire.code("POST", path, {"content": "old", "components": rows}) == (200, None)
    answer = await anna.press(await general.next_message(), "Old").answer()
    assert answer.text == shipped_engine().faq.talk.notes.outdated
    assert answer.is_ephemeral


@pytest.mark.usefixtures("answered")
async def test_a_form_of_an_older_version_gets_a_sentence(general: Channel, anna: Person) -> None:
    used = anna.slash(general, "about")
    await used.answer()
    field = {"type": 18, "label": "Why", "component": {"type": 4, "style": 1, "custom_id": "why"}}
    form = {"custom_id": "old", "title": "Old", "components": [field]}
    used.shown_modal = Modal.model_validate(form)
    answer = await anna.submit_modal(used, {"Why": "because"}).answer()
    assert answer.text == shipped_engine().faq.talk.notes.outdated


@pytest.mark.usefixtures("answered")
async def test_a_command_of_an_older_version_gets_a_sentence(
    wire: Wire, sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    command = {"name": "old", "description": "Old", "type": 1}
    path = f"/applications/{sandbox.application.id}/commands"
    assert (await wire.code("POST", path, command))[0] in {200, 201}
    answer = await anna.slash(general, "old").answer()
    assert answer.text == shipped_engine().faq.talk.notes.outdated
