"""Every way a member can ask, walked by the real client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

from bot.chat.commands import MENU_NAME
from bot.core.answering import Answered
from bot.sandbox import Intents, Permission, Upload
from bot.sandbox.wire.commands import CommandKind
from tests.chat import ways
from tests.chat.conftest import shipped_engine
from tests.chat.ways import Meeting, title
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox import Channel, Message, Person, Sandbox, Server
    from bot.sandbox.shapes import JsonObject
    from tests.chat.conftest import Bot
    from tests.chat.ways import Way

AHSCT = "What is AHSCT?"
OFFERED = "Did you mean one of these?"
DANGERS = {
    "i want to kill myself": "You are not alone with this",
    "i can't breathe and my chest hurts": "Please get help now",
}
EVERY_OUTCOME = {
    "what is hsct": AHSCT,
    "hsct cost and recovery": OFFERED,
    "should i have hsct": "That decision belongs to you and your MS team",
    "does yoga help with balance": "I have no reviewed answer to that",
    **DANGERS,
}
SHARED = ("**Evidence:** ", "**Reviewed:** ", "**Sources:**\n- [", "Not medical advice")


@pytest.fixture
def meeting(sandbox: Sandbox, general: Channel, anna: Person, bot: Bot) -> Meeting:
    """Return Anna and Ben, in all places there are."""
    assert not bot.run.done()
    return Meeting.of(sandbox, general, anna)


def name(way: Way) -> str:
    """Return how a test is called that goes this way."""
    return way.__name__


@pytest.mark.parametrize("way", ways.ALL, ids=name)
async def test_every_way_leads_to_the_answer_and_what_belongs_to_it(
    meeting: Meeting, way: Way
) -> None:
    answer = await way(meeting, "what is hsct")
    assert title(answer) == AHSCT
    assert all(part in answer.text for part in SHARED)


@pytest.mark.parametrize("way", ways.ALL, ids=name)
async def test_danger_is_seen_on_every_way(bot: Bot, meeting: Meeting, way: Way) -> None:
    for question, heading in DANGERS.items():
        assert title(await way(meeting, question)) == heading
        bot.watch.advance(3600)


@pytest.mark.parametrize("way", [*ways.PRIVATE, ways.slash_shared], ids=name)
async def test_a_call_for_help_through_a_command_is_private(meeting: Meeting, way: Way) -> None:
    for question in DANGERS:
        assert (await way(meeting, question)).only_for is meeting.anna.user


@pytest.mark.parametrize("way", ways.PRIVATE, ids=name)
async def test_an_answer_to_a_command_is_private(meeting: Meeting, way: Way) -> None:
    assert (await way(meeting, "what is hsct")).only_for is meeting.anna.user


@pytest.mark.parametrize("way", [*ways.IN_THE_OPEN, *ways.DIRECT, ways.slash_shared], ids=name)
async def test_other_answers_are_for_whoever_is_there(meeting: Meeting, way: Way) -> None:
    assert not (await way(meeting, "what is hsct")).is_ephemeral


@pytest.mark.parametrize("way", ways.ALL, ids=name)
async def test_nobody_is_called_and_nothing_is_echoed_by_any_outcome(
    bot: Bot, meeting: Meeting, sandbox: Sandbox, way: Way
) -> None:
    """Whatever came of the question: looked up in every request the bot has made."""
    called = f"quibblefrotz @everyone {meeting.ben.user.mention}"
    for question, heading in EVERY_OUTCOME.items():
        answer = await way(meeting, f"{question} {called}")
        # Suggestions are entries, whatever was typed; what is added makes a choice of an answer.
        if way is not ways.suggestion and heading not in {AHSCT, OFFERED}:
            assert title(answer) == heading, question
        assert (answer.pinged, answer.pings_everyone) == ((), False)
        bot.watch.advance(3600)
    assert "quibblefrotz" not in json.dumps([one.body for one in sandbox.requests]).lower()
    sent = list(_messages(sandbox))
    assert len(sent) >= len(EVERY_OUTCOME)
    assert all(message["allowed_mentions"] == {"parse": []} for message in sent)


def _messages(sandbox: Sandbox) -> Iterator[JsonObject]:
    """Yield what the bot sent as a message, or as an answer that is one."""
    for one in sandbox.requests:
        body = cast("JsonObject", one.body) if isinstance(one.body, dict) else {}
        data = body.get("data", body)
        if isinstance(data, dict) and "components" in data:
            yield data


@pytest.mark.parametrize(
    "said", ["{} what is hsct", "what {} is hsct", "what is hsct {}", "{} what is hsct {}"]
)
async def test_a_mention_may_stand_anywhere(meeting: Meeting, said: str) -> None:
    asked = meeting.anna.say(meeting.general, said.replace("{}", meeting.sandbox.bot.mention))
    assert title(await meeting.general.reply_to(asked)) == AHSCT


@pytest.mark.parametrize("said", ["", "   ", "\n"])
async def test_a_mention_without_words_gets_the_help(meeting: Meeting, said: str) -> None:
    assert title(await ways.mention(meeting, said)) == "How to ask"


async def test_a_direct_message_without_words_gets_the_help(meeting: Meeting) -> None:
    asked = meeting.anna.dm(files=[Upload("scan.png", b"a")])
    assert title(await meeting.anna.inbox.reply_to(asked)) == "How to ask"


async def test_everyone_and_roles_are_not_the_bot(
    meeting: Meeting, sandbox: Sandbox, server: Server
) -> None:
    role = sandbox.add_role(server, "MS FAQ", Permission.NONE)
    loud = sandbox.owner_of(server)
    loud.say(meeting.general, "@everyone what is hsct")
    loud.say(meeting.general, f"<@&{role.id}> what is hsct")
    loud.say(meeting.general, f"{meeting.ben.user.mention} what is hsct")
    asked = meeting.anna.mention(meeting.general, "what is hsct")
    # Had one of the first three been answered, that answer would come first.
    assert (await meeting.general.next_message()).reply_to is asked


async def test_a_reply_without_its_ping_is_not_for_the_bot(meeting: Meeting) -> None:
    answer = await ways.mention(meeting, "what is hsct")
    meeting.anna.reply(answer, "is it a cure?", ping=False)
    asked = meeting.anna.reply(answer, "how long does it take?")
    assert (await meeting.general.next_message()).reply_to is asked


@pytest.mark.parametrize("way", [ways.slash, ways.direct_message, ways.mention], ids=name)
async def test_an_id_or_a_title_in_any_case_is_that_entry(meeting: Meeting, way: Way) -> None:
    """Though the same words, asked by a person, are asking for advice."""
    entry = shipped_engine().faq.entry("should-i-take-metformin")
    assert entry is not None
    assert shipped_engine().consider(entry.question).outcome != Answered(entry)
    for asked in (entry.id, f" {entry.id} ", entry.question, entry.question.upper()):
        assert title(await way(meeting, asked)) == entry.question


async def test_the_title_of_every_entry_leads_to_it() -> None:
    """Even where it sounds like danger or asks for advice: a moderator wrote it."""
    answerer = shipped_engine().answerer
    for entry in shipped_engine().faq.entries:
        assert answerer.named(entry.question.upper()) is entry
        assert answerer.named(entry.id) is entry


async def test_an_answer_is_shown_to_everyone_on_request(meeting: Meeting) -> None:
    shared = await meeting.anna.press(
        await ways.slash(meeting, "what is hsct"), "Show everyone"
    ).answer()
    assert (title(shared), shared.is_ephemeral) == (AHSCT, False)
    assert "Show everyone" not in [button.label for button in shared.buttons]


async def test_somebody_elses_message_is_linked_when_its_answer_is_shared(
    meeting: Meeting,
) -> None:
    asked = meeting.ben.say(meeting.general, "what is hsct")
    answer = await meeting.anna.context_menu(asked, MENU_NAME, meeting.general).answer()
    shared = await meeting.anna.press(answer, "Show everyone").answer()
    place = f"{asked.server_id}/{asked.channel_id}/{asked.id}"
    assert shared.text.startswith(
        f"An answer to [this message](<https://discord.com/channels/{place}>)"
    )
    assert not shared.is_ephemeral


async def test_between_friends_the_link_leads_to_their_own_messages(meeting: Meeting) -> None:
    asked = meeting.ben.say(meeting.between, "what is hsct")
    answer = await meeting.anna.context_menu(asked, MENU_NAME, meeting.between).answer()
    shared = await meeting.anna.press(answer, "Show everyone").answer()
    assert f"/channels/@me/{meeting.between.id}/{asked.id}>" in shared.text
    assert not shared.is_ephemeral


async def test_the_link_outlives_the_reading_of_the_whole(meeting: Meeting) -> None:
    asked = meeting.ben.say(meeting.general, "what is hsct")
    answer = await meeting.anna.context_menu(asked, MENU_NAME, meeting.general).answer()
    await meeting.anna.press(answer, "More").acknowledged()
    shared = await meeting.anna.press(answer, "Show everyone").answer()
    assert str(asked.id) in shared.text


@pytest.mark.parametrize("kind", ["file", "the bot's card", "only a mention of the bot"])
async def test_a_message_without_words_cannot_be_answered(meeting: Meeting, kind: str) -> None:
    target = await _without_words(meeting, kind)
    told = await meeting.anna.context_menu(target, MENU_NAME, meeting.general).answer()
    assert told.text == shipped_engine().faq.talk.notes.nothing_to_read
    assert told.is_ephemeral


async def _without_words(meeting: Meeting, kind: str) -> Message:
    if kind == "file":
        return meeting.ben.say(meeting.general, files=[Upload("scan.png", b"a")])
    if kind == "the bot's card":
        return await ways.mention(meeting, "what is hsct")
    return meeting.ben.mention(meeting.general, "")


async def test_sharing_what_is_no_entry_shows_it_to_everyone(meeting: Meeting) -> None:
    offered = await ways.slash_shared(meeting, "hsct cost and recovery")
    assert title(offered) == OFFERED
    assert not offered.is_ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_mention_in_a_thread_is_answered_there(general: Channel, anna: Person) -> None:
    thread = anna.start_thread(general, "the cost of it all")
    asked = anna.mention(thread, "what is hsct")
    answer = await thread.reply_to(asked)
    assert title(answer) == AHSCT
    assert general.messages == {}
    again = anna.reply(answer, "hsct cost and recovery")
    assert title(await thread.reply_to(again)) == OFFERED
    used = await anna.slash(thread, "ask", question="what is hsct").answer()
    assert title(used) == AHSCT


@pytest.mark.usefixtures("bot")
async def test_where_threads_are_closed_to_it_the_bot_writes_to_the_member(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    thread = anna.start_thread(general, "the cost of it all")
    general.deny(sandbox.bot, Permission.SEND_IN_THREADS)
    anna.mention(thread, "what is hsct")
    assert "where I may not write" in (await anna.inbox.next_message()).text
    assert title(await anna.inbox.next_message()) == AHSCT


@pytest.mark.usefixtures("bot")
async def test_a_sticker_to_the_bot_alone_is_answered_with_the_help(
    general: Channel, anna: Person
) -> None:
    """Discord's own app offers to wave at whom nobody has written to yet."""
    sticker = anna.send_sticker(anna.inbox, "wave")
    assert title(await anna.inbox.reply_to(sticker)) == "How to ask"
    other = anna.send_sticker(general, "wave")
    told = await anna.context_menu(other, MENU_NAME, general).answer()
    assert "I can only read words" in told.text


@pytest.mark.usefixtures("bot")
async def test_a_sticker_to_nobody_is_not_answered(general: Channel, anna: Person) -> None:
    anna.send_sticker(general, "wave")
    asked = anna.mention(general, "what is hsct")
    assert (await general.next_message()).reply_to is asked


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("question", "heading"), EVERY_OUTCOME.items())
async def test_what_is_forwarded_is_answered(meeting: Meeting, question: str, heading: str) -> None:
    said = meeting.ben.say(meeting.elsewhere, question)
    forwarded = meeting.anna.forward(said, meeting.general)
    answer = await meeting.anna.context_menu(forwarded, MENU_NAME, meeting.general).answer()
    assert title(answer) == heading
    sent = meeting.anna.forward(said, meeting.anna.inbox)
    assert title(await meeting.anna.inbox.reply_to(sent)) == heading


@pytest.mark.usefixtures("bot")
def test_the_readme_names_every_command(sandbox: Sandbox) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for body in (command.body for command in sandbox.world.commands.values()):
        for option in body.options:
            if option.holds_options:
                assert f"/faq {option.name}`" in readme or f" `{option.name}`" in readme
        assert body.type is not CommandKind.SLASH or f"`/{body.name}" in readme


@pytest.mark.usefixtures("bot")
def test_the_commands_are_offered_everywhere(sandbox: Sandbox) -> None:
    all_bodies = [command.body for command in sandbox.world.commands.values()]
    # Those of the people who look after a server or the FAQ are hidden from members.
    bodies = [body for body in all_bodies if body.name not in {"faq", "settings"}]
    assert len(all_bodies) == len(bodies) + 2
    for body in all_bodies:
        if body not in bodies:
            assert (body.contexts, body.integration_types) == ((0,), (0,)), body.name
            assert body.default_member_permissions
    names = {body.name for body in bodies}
    assert names == {"ask", MENU_NAME, "topics", "sources", "about", "privacy", "help"}
    for body in bodies:
        assert (body.contexts, body.integration_types) == ((0, 1, 2), (0, 1)), body.name
        assert not body.default_member_permissions


@pytest.mark.usefixtures("bot")
def test_the_bot_asks_for_messages_only(sandbox: Sandbox) -> None:
    """No privileged intent, and not even the list of servers."""
    [session] = sandbox.gateway.live
    assert session.intents == Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES
