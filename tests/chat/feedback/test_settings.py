"""What managers set for their server, and only they."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.chat.house import House
from bot.core.help_lines import home_first, names
from bot.sandbox import CannotDoError, Permission
from bot.storage.servers import ServerSettings
from tests.chat.feedback.conftest import TODAY, keeping_bot, until

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox import Channel, Message, Person, Sandbox, Server
    from tests.chat.feedback.conftest import Kept

CRISIS = "i dont want to live anymore"
SEND = "Send this question to the moderators"


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """Return a server with two channels."""
    return sandbox.add_server("MS support", "general", "faq")


@pytest.fixture
def mona(sandbox: Sandbox, server: Server) -> Person:
    """Return somebody who may manage the server."""
    mona = sandbox.add_person("mona", server)
    role = sandbox.add_role(server, "Managers", Permission.MANAGE_SERVER)
    server.members[mona.user.id].roles.append(role)
    return mona


async def settings(general: Channel, manager: Person) -> Message:
    """Open the settings."""
    return await manager.slash(general, "settings").answer()


async def switch(general: Channel, manager: Person, what: str) -> Message:
    """Press one of the three switches."""
    page = await settings(general, manager)
    label = next(b.label for b in page.buttons if b.label and b.label.startswith(what))
    pressed = manager.press(page, label)
    await pressed.acknowledged()
    return await pressed.answer()


def said(message: Message) -> list[str | None]:
    """Return what stands on the buttons."""
    return [button.label for button in message.buttons]


def test_the_usual_rules_are_the_same_here_and_where_they_are_kept() -> None:
    usual = House(**ServerSettings().model_dump())
    assert usual == House()


async def test_the_settings_are_told_in_words(kept: Kept, general: Channel, mona: Person) -> None:
    assert kept
    page = await settings(general, mona)
    assert page.is_ephemeral
    assert "Mentions are answered in every channel." in page.text
    assert "Answers to commands are seen by one member." in page.text


async def test_mentions_are_answered_only_where_managers_want_them(
    kept: Kept, server: Server, general: Channel, anna: Person, mona: Person
) -> None:
    assert kept
    faq = server.channel("faq")
    page = await settings(general, mona)
    chosen = await mona.choose(page, faq, menu=0).answer()
    assert f"Mentions are answered in <#{faq.id}> only." in chosen.text
    # Silence is proved by what comes first: the answer to the mention where it is wanted.
    anna.mention(general, "what is hsct")
    anna.mention(general, "what is metformin")
    await faq.reply_to(anna.mention(faq, "what is hsct"))
    helped = await general.reply_to(anna.mention(general, CRISIS))
    assert "You are not alone" in helped.text
    await settings(general, mona)
    assert [one for one in general.messages.values() if one.author.bot and not one.only_for] == [
        helped
    ]
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    assert answer.text.startswith("## What is AHSCT?")


async def test_no_channel_chosen_is_every_channel(
    kept: Kept, server: Server, general: Channel, anna: Person, mona: Person
) -> None:
    await kept.keeping.houses.set(server.id, House(mentions_in=(1,)))
    page = await settings(general, mona)
    chosen = await mona.choose(page, menu=0).answer()
    assert "in every channel" in chosen.text
    await general.reply_to(anna.mention(general, "what is hsct"))


async def test_answers_can_be_open_by_default(
    kept: Kept, general: Channel, anna: Person, mona: Person
) -> None:
    assert kept
    page = await switch(general, mona, "Answers to commands are open")
    assert "seen by all, unless" in page.text
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    assert not answer.is_ephemeral
    private = await anna.slash(general, "ask", question="what is hsct", share=False).answer()
    assert private.is_ephemeral
    helped = await anna.slash(general, "ask", question=CRISIS).answer()
    assert helped.is_ephemeral
    asked = anna.say(general, "what is metformin")
    shared = await anna.context_menu(asked, "Answer from the FAQ", general).answer()
    assert not shared.is_ephemeral
    assert "An answer to [this message]" in shared.text


async def test_help_lines_of_the_country_come_first_and_none_is_lost(
    kept: Kept, general: Channel, anna: Person, mona: Person
) -> None:
    assert kept
    before = await anna.slash(general, "ask", question=CRISIS).answer()
    page = await settings(general, mona)
    chosen = await mona.choose(page, "Spain", menu=1).answer()
    assert "Help lines: Spain first." in chosen.text
    after = await anna.slash(general, "ask", question=CRISIS).answer()
    lines = [line for line in after.text.split("\n") if line.startswith("- ")]
    assert "Spain" in lines[0]
    assert sorted(after.text.split("\n")) == sorted(before.text.split("\n"))
    assert before.text != after.text
    page = await settings(general, mona)
    await mona.choose(page, "In the order of the FAQ", menu=1).answer()
    again = await anna.slash(general, "ask", question=CRISIS).answer()
    assert again.text == before.text


def test_only_lines_of_lists_move_and_only_within_their_list() -> None:
    text = "UK first\n- USA: 1\n- UK, Ireland: 2\n\n- USA: 3\n- UKRAINE: 4\n- UK: 5"
    moved = "UK first\n- UK, Ireland: 2\n- USA: 1\n\n- UK: 5\n- USA: 3\n- UKRAINE: 4"
    assert home_first(text, "UK") == moved
    assert names(text, "Ireland")
    assert not names("UK first", "UK")


async def test_the_same_answer_is_not_given_twice_in_a_channel(
    kept: Kept, server: Server, general: Channel, anna: Person, mona: Person
) -> None:
    page = await settings(general, mona)
    await mona.choose(page, "After 1 minute", menu=2).answer()
    first = await general.reply_to(anna.mention(general, "what is hsct"))
    again = await general.reply_to(anna.mention(general, "what is hsct"))
    assert again.text.startswith("That was answered here a short while ago.")
    assert f"{server.id}/{general.id}/{first.id}" in again.text
    private = await anna.slash(general, "ask", question="what is hsct", share=True).answer()
    assert private.is_ephemeral
    other = await general.reply_to(anna.mention(general, "what is metformin"))
    assert other.text.startswith("## ")
    kept.bot.watch.advance(61)
    later = await general.reply_to(anna.mention(general, "what is hsct"))
    assert later.text == first.text


async def test_feedback_can_be_switched_off(
    kept: Kept, general: Channel, anna: Person, mona: Person
) -> None:
    before = await general.reply_to(anna.mention(general, "what is hsct"))
    await switch(general, mona, "Answers ask")
    answer = await general.reply_to(anna.mention(general, "what is hsct"))
    assert "Helpful" not in said(answer)
    old = await anna.press(before, "Helpful").answer()
    assert old.text.startswith("The people who manage this server have switched that off.")
    assert await kept.votes() == {}
    await switch(general, mona, "Answers ask")
    assert "Helpful" in said(await general.reply_to(anna.mention(general, "what is hsct")))


async def test_the_inbox_can_be_switched_off(
    kept: Kept, general: Channel, anna: Person, mona: Person
) -> None:
    before = await general.reply_to(anna.mention(general, "does yoga help with balance"))
    opened = anna.press(before, SEND)
    await opened.modal()
    await switch(general, mona, "Questions can be sent")
    answer = await anna.slash(general, "ask", question="does yoga help with balance").answer()
    assert SEND not in said(answer)
    assert "Your words" not in answer.text
    for use in (
        anna.press(before, SEND),
        anna.submit_modal(opened, {"Your question": "does yoga help"}),
    ):
        assert (await use.answer()).text.startswith("The people who manage this server have")
    assert await kept.store.inbox.list(TODAY) == ()


async def test_only_managers_of_this_server_change_anything(
    kept: Kept, sandbox: Sandbox, server: Server, general: Channel, mona: Person
) -> None:
    page = await settings(general, mona)
    server.members[mona.user.id].roles.clear()
    label = page.buttons[0].label
    assert label is not None
    refused = await mona.press(page, label).answer()
    assert refused.text.startswith("How I behave here is set by members who may manage")
    refused = await mona.choose(page, server.channel("faq"), menu=0).answer()
    assert refused.text.startswith("How I behave here is set by members who may manage")
    assert await kept.store.servers.known() == frozenset()
    other = sandbox.add_server("Another", "general")
    owner = sandbox.owner_of(other)
    await switch(other.channel("general"), owner, "Answers to commands are open")
    assert await kept.store.servers.known() == {other.id}


async def test_members_do_not_see_the_command(kept: Kept, general: Channel, anna: Person) -> None:
    assert kept
    with pytest.raises(CannotDoError):
        anna.slash(general, "settings")


async def test_settings_hold_after_a_restart(
    sandbox: Sandbox, server: Server, general: Channel, mona: Person, tmp_path: Path
) -> None:
    assert server
    async with keeping_bot(sandbox, tmp_path / "bot.db"):
        await switch(general, mona, "Answers to commands are open")
    async with keeping_bot(sandbox, tmp_path / "bot.db"):
        assert "seen by all, unless" in (await settings(general, mona)).text


def lose_settings(file: Path) -> None:
    """Take the table away beside the bot, in a thread: the bot may be writing."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("begin immediate")
        database.execute("alter table servers rename to gone")
        database.commit()


async def test_settings_that_cannot_be_kept_are_not_changed(
    kept: Kept, general: Channel, mona: Person
) -> None:
    page = await settings(general, mona)
    await asyncio.to_thread(lose_settings, kept.file)
    label = page.buttons[0].label
    assert label is not None
    told = await mona.press(page, label).answer()
    assert told.text.startswith("My database does not answer, so nothing was changed.")


async def test_what_a_server_left_behind_and_what_is_old_is_deleted(
    sandbox: Sandbox, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "bot.db"
    left = sandbox.add_server("Left", "general")
    async with keeping_bot(sandbox, file) as kept:
        for one in (server, left):
            await kept.keeping.houses.set(one.id, replace(House(), cooldown=60))
        await kept.store.inbox.put("old question", TODAY - timedelta(days=31))
        await kept.store.inbox.put("new question", TODAY)
    sandbox.remove_bot(left)
    async with keeping_bot(sandbox, file) as kept:
        rows = ""

        def tidied() -> bool:
            nonlocal rows
            with closing(sqlite3.connect(file)) as database:
                found = database.execute("select guild from servers").fetchall()
                texts = database.execute("select text from inbox").fetchall()
            rows = f"{found} {texts}"
            return str(left.id) not in rows and "old question" not in rows

        await until(tidied)
        assert str(server.id) in rows
        assert "new question" in rows


async def test_without_a_database_there_are_no_settings(
    bot: object, general: Channel, mona: Person
) -> None:
    assert bot
    assert (await settings(general, mona)).text.startswith("This bot keeps no settings")
