"""What the bot answers, what it leaves alone, and what it does where it may not write."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox import Permission, Refusal, SlowAnswer, Upload, errors
from bot.sandbox.message_payloads import message_json
from bot.sandbox.payloads import user_json
from bot.sandbox.users import User
from tests.chat.conftest import shipped_engine

if TYPE_CHECKING:
    from bot.sandbox import Channel, Message, Person, Sandbox, Server
    from tests.chat.conftest import Bot

ASKED = "what is hsct"
TITLE = "## What is AHSCT?"
DANGER = "i want to kill myself"
TALK = shipped_engine().faq.talk
HELP = f"## {TALK.help.title}"
MESSAGES = "/channels/*/messages"


async def expect_silence_until(asked: Message, channel: Channel) -> None:
    """Hold the bot to this: it said nothing in the channel before it answered this."""
    assert (await channel.next_message()).reply_to is asked


@pytest.mark.usefixtures("bot")
async def test_bots_are_not_answered(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person
) -> None:
    other = sandbox.add_bot("another bot", server)
    other.mention(general, ASKED)
    other.mention(general, DANGER)
    other.dm(ASKED)
    asked = anna.mention(general, ASKED)
    await general.reply_to(asked)
    said = [one for one in general.messages.values() if one.author is sandbox.bot]
    assert [one.reply_to for one in said] == [asked]
    assert [one.author for one in other.inbox.messages.values()] == [other.user]


@pytest.mark.usefixtures("bot")
async def test_its_own_messages_are_not_answered(anna: Person) -> None:
    # In direct messages it hears itself too.
    for _ in range(2):
        await expect_silence_until(anna.dm(ASKED), anna.inbox)


@pytest.mark.usefixtures("bot")
async def test_webhooks_are_not_answered(sandbox: Sandbox, general: Channel, anna: Person) -> None:
    assert general.server is not None
    asked, posted = anna.mention(general, ASKED), anna.say(general, "by a webhook")
    await general.reply_to(asked)
    hook = {"webhook_id": "77", "author": user_json(User(77, "hook"))}
    place = {"id": str(posted.id), "guild_id": str(general.server.id)}
    sandbox.faults.send_event("MESSAGE_CREATE", message_json(asked) | hook | place)
    await expect_silence_until(anna.mention(general, ASKED), general)


@pytest.mark.usefixtures("bot")
async def test_what_is_not_meant_for_it_is_left_alone(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person
) -> None:
    ben = sandbox.add_person("ben", server)
    said = anna.say(general, ASKED)
    ben.reply(said, ASKED)
    anna.say(general, f"@everyone {ASKED}")
    answer = await general.reply_to(anna.mention(general, ASKED))
    ben.reply(answer, "how risky is it", ping=False)
    await expect_silence_until(ben.mention(general, ASKED), general)


@pytest.mark.usefixtures("bot")
async def test_an_edit_is_no_new_question(general: Channel, anna: Person) -> None:
    asked = anna.mention(general, ASKED)
    await general.reply_to(asked)
    anna.edit(asked, f"{asked.content} please")
    anna.edit(anna.say(general, "hello"), asked.content)
    await expect_silence_until(anna.mention(general, ASKED), general)


@pytest.mark.usefixtures("bot")
async def test_a_mention_in_a_reply_to_somebody_else_is_answered(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person
) -> None:
    ben = sandbox.add_person("ben", server)
    asked = ben.reply(anna.say(general, "I wonder"), f"{sandbox.bot.mention} {ASKED}")
    answer = await general.reply_to(asked)
    assert answer.text.startswith(TITLE)
    assert answer.pinged == ()


@pytest.mark.usefixtures("bot")
async def test_a_message_without_words_gets_the_help(general: Channel, anna: Person) -> None:
    assert (await general.reply_to(anna.mention(general, ""))).text.startswith(HELP)
    picture = anna.dm(files=[Upload("scan.png", b"not really")])
    assert (await anna.inbox.reply_to(picture)).text.startswith(HELP)


HARD = {
    "everyone": "@everyone @here what is hsct",
    "long": f"what is hsct {'and so on ' * 300}"[:1970],
    "zalgo": "w̷̢̛h̶a̴t̸ ̵i̶s̷ ̸h̵s̶c̵t̴",
    "right to left": "ما هو hsct \u202e tcsh si tahw",
    "emoji": "🧠🧠🧠 ??? 👩\u200d⚕️",
    "markdown": "**what** ||is|| `hsct` [x](http://example.org) # <t:1:R>",
    "nothing": "\u200b\u200b\u200b",
    "zeros": "\x00 hsct",
}


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
async def test_any_text_is_answered_and_pings_nobody(
    general: Channel, anna: Person, text: str
) -> None:
    for answer in (
        await general.reply_to(anna.mention(general, text)),
        await anna.inbox.reply_to(anna.dm(text)),
        await anna.slash(general, "ask", question=text).answer(),
    ):
        assert answer.text.startswith("## ")
        assert not answer.pings_everyone
        assert not answer.pinged


@pytest.mark.usefixtures("bot")
async def test_two_thousand_characters_are_a_question(general: Channel, anna: Person) -> None:
    text = f"what is hsct {'x' * 2000}"[:2000]
    assert (await anna.inbox.reply_to(anna.dm(text))).text.startswith("## ")
    assert (await anna.slash(general, "ask", question=text).answer()).text.startswith("## ")


@pytest.mark.usefixtures("bot")
async def test_two_questions_at_once_are_both_answered(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    gate = asyncio.Event()
    sandbox.faults.next("POST", MESSAGES, SlowAnswer(gate), SlowAnswer(gate))
    first, second = anna.mention(general, ASKED), anna.mention(general, "what is metformin")
    used = anna.slash(general, "ask", question=ASKED)
    assert (await used.answer()).text.startswith(TITLE)
    gate.set()
    assert (await general.reply_to(second)).text.startswith("## What is metformin")
    assert (await general.reply_to(first)).text.startswith(TITLE)


@pytest.mark.usefixtures("bot")
async def test_a_deleted_question_is_not_answered(
    sandbox: Sandbox, general: Channel, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    asked = anna.mention(general, ASKED)
    anna.delete(asked)
    await expect_silence_until(anna.mention(general, ASKED), general)
    assert sandbox.requests.of("POST", MESSAGES)[0].status == 400
    assert "failure" not in caplog.text


@pytest.mark.usefixtures("bot")
async def test_a_deleted_call_for_help_is_answered_all_the_same(
    general: Channel, anna: Person
) -> None:
    anna.delete(anna.mention(general, DANGER))
    answer = await general.next_message()
    assert answer.reply_to is None
    assert "988" in answer.text


@pytest.mark.parametrize(
    "missing", [Permission.SEND_MESSAGES, Permission.READ_MESSAGE_HISTORY], ids=str
)
async def test_where_it_may_not_write_it_answers_by_direct_message(
    bot: Bot, sandbox: Sandbox, general: Channel, anna: Person, missing: Permission
) -> None:
    general.deny(sandbox.bot, missing)
    for _ in range(2):
        anna.mention(general, ASKED)
        assert (await anna.inbox.next_message()).text == TALK.notes.elsewhere
        assert (await anna.inbox.next_message()).text.startswith(TITLE)
    here = f"/channels/{general.id}/messages"
    assert [one.status for one in sandbox.requests.of("POST", here)] == [403]
    # Somebody may have given it the permission meanwhile.
    general.allow(sandbox.bot, missing)
    bot.watch.advance(15 * 60 + 1)
    assert (await general.reply_to(anna.mention(general, ASKED))).text.startswith(TITLE)


@pytest.mark.usefixtures("bot")
async def test_a_call_for_help_where_it_may_not_write_is_answered_by_direct_message(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    general.deny(sandbox.bot, Permission.SEND_MESSAGES)
    anna.mention(general, DANGER)
    await anna.inbox.next_message()
    assert "988" in (await anna.inbox.next_message()).text


async def test_whoever_takes_no_direct_messages_is_tried_once(
    bot: Bot, sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    general.deny(sandbox.bot, Permission.SEND_MESSAGES)
    anna.user.blocks_bot = True
    anna.mention(general, ASKED)
    direct = f"/channels/{anna.inbox.id}/messages"
    await sandbox.requests.until("POST", direct)
    for _ in range(7):
        anna.mention(general, ASKED)
    # Commands work where it may not write.
    await anna.slash(general, "about").answer()
    await bot.leave()
    assert [one.status for one in sandbox.requests.of("POST", direct)] == [403]
    here = f"/channels/{general.id}/messages"
    assert [one.status for one in sandbox.requests.of("POST", here)] == [403]


@pytest.mark.usefixtures("bot")
async def test_a_direct_message_that_is_refused_is_let_go(
    bot: Bot, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    sandbox.faults.next("POST", MESSAGES, Refusal(errors.cannot_message_user()))
    anna.dm(ASKED)
    await sandbox.requests.until("POST", MESSAGES)
    assert (await general.reply_to(anna.mention(general, ASKED))).text.startswith(TITLE)
    assert not bot.run.done()
