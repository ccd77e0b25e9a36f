"""A question goes to the moderators only if it is sent, and without who sent it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.quoting import quoted
from bot.sandbox import CannotDoError
from tests.chat.feedback.conftest import TODAY, keeping_bot

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox import Channel, Interaction, Message, Person, Sandbox, Server
    from tests.chat.feedback.conftest import Kept

SEND: Final = "Send this question to the moderators"
ANYWAY: Final = "Send it to the moderators all the same"
FIELD: Final = "Your question"
NO_ANSWER: Final = "does yoga help with balance"
DANGER: Final = "i took 30 metformin tablets"


async def declined(general: Channel, person: Person) -> Message:
    """Return what everybody sees after a question without an answer."""
    return await general.reply_to(person.mention(general, NO_ANSWER))


async def opened(person: Person, message: Message) -> Interaction:
    """Return the press that opened the form."""
    pressed = person.press(message, SEND)
    await pressed.modal()
    return pressed


async def sent(person: Person, message: Message, words: str) -> Interaction:
    """Fill the form in and send it."""
    return person.submit_modal(await opened(person, message), {FIELD: words})


async def waiting(kept: Kept) -> list[str]:
    """Return the questions that the moderators will read."""
    return [one.text for one in await kept.store.inbox.list(TODAY)]


def said(message: Message) -> list[str | None]:
    """Return what stands on the buttons."""
    return [button.label for button in message.buttons]


async def test_what_is_sent_is_kept_with_its_day_alone(
    kept: Kept, general: Channel, anna: Person
) -> None:
    form = await sent(anna, await declined(general, anna), "does yoga help with ms fatigue?")
    thanks = await form.answer()
    assert thanks.is_ephemeral
    assert thanks.text.startswith("Thank you. Your question was passed on")
    [one] = await kept.store.inbox.list(TODAY)
    assert (one.text, one.received) == ("does yoga help with ms fatigue?", TODAY)
    with closing(sqlite3.connect(kept.file)) as database:
        rows = database.execute("select * from inbox").fetchall()
    assert rows == [(1, "does yoga help with ms fatigue?", TODAY.isoformat())]
    for name in ("anna", str(anna.user.id), str(general.id)):
        assert name.encode() not in kept.bytes_on_disk()


async def test_the_form_says_what_is_kept_and_what_to_leave_out(
    kept: Kept, general: Channel, anna: Person
) -> None:
    assert kept
    modal = await (await opened(anna, await declined(general, anna))).modal()
    told = str(modal.components[0])
    assert "30 days" in told
    assert "names" in told
    assert "diagnoses" in told


async def test_nothing_is_kept_before_it_is_sent(
    kept: Kept, general: Channel, anna: Person
) -> None:
    await opened(anna, await declined(general, anna))
    assert await waiting(kept) == []
    assert b"yoga" not in kept.bytes_on_disk()


async def test_a_mention_begins_with_an_empty_form(
    kept: Kept, general: Channel, anna: Person
) -> None:
    assert kept
    press = await opened(anna, await declined(general, anna))
    with pytest.raises(CannotDoError, match="does not take 0 characters"):
        anna.submit_modal(press, {})


@pytest.mark.parametrize(
    "question",
    [NO_ANSWER, "does **yoga** help? <@1> @everyone #a\n- b\\c https://example.org/a_b_c_(d)"],
)
async def test_what_was_asked_in_private_stands_in_the_form(
    kept: Kept, general: Channel, anna: Person, question: str
) -> None:
    answer = await anna.slash(general, "ask", question=question).answer()
    assert answer.is_ephemeral
    form = anna.submit_modal(await opened(anna, answer), {})
    await form.answer()
    assert await waiting(kept) == [question]


async def test_after_none_of_these_it_can_be_sent_too(
    kept: Kept, general: Channel, anna: Person
) -> None:
    question = "hsct cost and recovery"
    menu = await anna.slash(general, "ask", question=question).answer()
    assert SEND not in said(menu)
    none = await anna.press(menu, "None of these").answer()
    form = anna.submit_modal(await opened(anna, none), {})
    await form.answer()
    assert await waiting(kept) == [question]


@pytest.mark.parametrize("question", ["what is hsct", "hsct cost and recovery", DANGER])
async def test_it_is_offered_only_where_no_answer_was(
    kept: Kept, general: Channel, anna: Person, question: str
) -> None:
    assert kept
    answer = await anna.slash(general, "ask", question=question).answer()
    assert SEND not in said(answer)


async def test_what_all_can_see_does_not_repeat_the_question(
    kept: Kept, general: Channel, anna: Person
) -> None:
    assert kept
    answer = await anna.slash(general, "ask", question=NO_ANSWER, share=True).answer()
    assert not answer.is_ephemeral
    assert "yoga" not in answer.text
    assert "yoga" not in (await declined(general, anna)).text


async def test_danger_gets_help_and_is_kept_only_after_a_second_press(
    kept: Kept, general: Channel, anna: Person
) -> None:
    form = await sent(anna, await declined(general, anna), DANGER)
    help_ = await form.answer()
    assert help_.is_ephemeral
    assert help_.text.startswith("**Your question was not passed on.**")
    assert "Please call now about what was taken" in help_.text
    again = await form.followup()
    assert await waiting(kept) == []
    assert b"tablets" not in kept.bytes_on_disk()
    done = await anna.press(again, ANYWAY).answer()
    assert done.text.startswith("Thank you. Your question was passed on")
    assert not done.buttons
    assert await waiting(kept) == [DANGER]


async def test_a_form_from_before_a_restart_is_understood(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person, tmp_path: Path
) -> None:
    assert server
    async with keeping_bot(sandbox, tmp_path / "bot.db"):
        press = await opened(anna, await declined(general, anna))
    async with keeping_bot(sandbox, tmp_path / "bot.db") as kept:
        await anna.submit_modal(press, {FIELD: "does yoga help"}).answer()
        assert await waiting(kept) == ["does yoga help"]


async def test_the_second_press_is_understood_after_a_restart(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person, tmp_path: Path
) -> None:
    assert server
    async with keeping_bot(sandbox, tmp_path / "bot.db"):
        form = await sent(anna, await declined(general, anna), DANGER)
        await form.answer()
        again = await form.followup()
    async with keeping_bot(sandbox, tmp_path / "bot.db") as kept:
        await anna.press(again, ANYWAY).answer()
        assert await waiting(kept) == [DANGER]


async def test_only_spaces_are_no_question(kept: Kept, general: Channel, anna: Person) -> None:
    form = await sent(anna, await declined(general, anna), "   ")
    assert (await form.answer()).text.startswith("I can only read words")
    assert await waiting(kept) == []


async def test_a_member_cannot_fill_the_inbox(kept: Kept, general: Channel, anna: Person) -> None:
    answer = await declined(general, anna)
    for number in range(5):
        await (await sent(anna, answer, f"question {number}")).answer()
    told = await (await sent(anna, answer, "question 5")).answer()
    assert told.text.startswith("That was a lot of questions")
    assert "question 5" in told.text
    assert len(await waiting(kept)) == 5


def fill_inbox(file: Path) -> None:
    """Fill it beside the bot, in a thread: the bot may be in the middle of writing a batch."""
    rows = [(f"question {n}", TODAY.isoformat()) for n in range(1_000)]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("begin immediate")
        database.executemany("insert into inbox (text, received) values (?, ?)", rows)


def drop_inbox(file: Path) -> None:
    """Take the table away, as a damaged database would."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("begin immediate")
        database.execute("drop table inbox")
        database.commit()


async def test_a_full_inbox_says_so_and_gives_the_words_back(
    kept: Kept, general: Channel, anna: Person
) -> None:
    await asyncio.to_thread(fill_inbox, kept.file)
    told = await (await sent(anna, await declined(general, anna), "one more")).answer()
    assert told.text.startswith("So many questions wait")
    assert "one more" in told.text


async def test_a_question_that_cannot_be_kept_is_given_back(
    kept: Kept, general: Channel, anna: Person
) -> None:
    await asyncio.to_thread(drop_inbox, kept.file)
    told = await (await sent(anna, await declined(general, anna), "does yoga help")).answer()
    assert told.text.startswith("Your question could not be kept just now")
    assert "does yoga help" in told.text
    assert SEND in said(told)


@given(st.text(max_size=300))
def test_a_quote_holds_the_words_letter_by_letter(words: str) -> None:
    shown = quoted(words).content.removeprefix("**Your words:** ")
    assert "**" not in shown
    assert "<@" not in shown
    unescaped = ""
    letters = iter(shown)
    for letter in letters:
        unescaped += next(letters) if letter == "\\" else letter
    assert unescaped == words
