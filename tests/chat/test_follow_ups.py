"""Short questions that go on from an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chat.conftest import shipped_engine
from tests.chat.ways import title

if TYPE_CHECKING:
    from bot.sandbox import Channel, Message, Person, Sandbox
    from tests.chat.conftest import Bot

pytestmark = pytest.mark.usefixtures("bot")

SHORT = "is it a cure?"
RISKY = "and how risky is it?"
FULL = "what is metformin"
SUBJECTS = ("what-is-ahsct", "what-is-metformin")


def expected(question: str, context: str | None) -> tuple[str, ...]:
    """Return the title of what a question gets after an entry, and what is offered with it."""
    made = shipped_engine().consider(question, context).reply
    return (made.title, *(choice.question for choice in made.choices))


async def shown(channel: Channel, anna: Person, asked: Message) -> Message:
    """Wait for the answer, and until the bot has noted which entry it showed.

    It notes that when it learns the answer's number. One more round trip comes after that.
    """
    answer = await channel.reply_to(asked)
    await anna.slash(anna.inbox, "help").answer()
    return answer


def test_the_questions_of_these_tests_depend_on_what_was_shown() -> None:
    for question in (SHORT, RISKY):
        given = {expected(question, context) for context in (None, *SUBJECTS)}
        assert len(given) == 3, question
    assert expected(FULL, None) == expected(FULL, "what-is-ahsct")


@pytest.mark.parametrize("question", [SHORT, RISKY])
@pytest.mark.parametrize("entry", SUBJECTS)
async def test_a_reply_goes_on_from_the_answer(
    general: Channel, anna: Person, question: str, entry: str
) -> None:
    answer = await shown(general, anna, anna.mention(general, entry))
    follow_up = await shown(general, anna, anna.reply(answer, question))
    assert title(follow_up) == expected(question, entry)[0]
    offered = [button.label for button in follow_up.buttons]
    assert set(expected(question, entry)[1:]) <= set(offered)


async def test_anybody_may_go_on(general: Channel, anna: Person, sandbox: Sandbox) -> None:
    assert general.server
    ben = sandbox.add_person("ben", general.server)
    answer = await shown(general, anna, anna.mention(general, "what-is-metformin"))
    follow_up = await shown(general, anna, ben.reply(answer, SHORT))
    assert title(follow_up) == expected(SHORT, "what-is-metformin")[0]


@pytest.mark.parametrize("entry", SUBJECTS)
async def test_a_direct_message_goes_on_from_the_last_answer(anna: Person, entry: str) -> None:
    await shown(anna.inbox, anna, anna.dm(entry))
    follow_up = await shown(anna.inbox, anna, anna.dm(SHORT))
    assert title(follow_up) == expected(SHORT, entry)[0]


async def test_a_command_in_direct_messages_counts_as_the_last_answer(anna: Person) -> None:
    await anna.slash(anna.inbox, "ask", question="what-is-metformin").answer()
    await anna.slash(anna.inbox, "help").answer()
    assert title(await shown(anna.inbox, anna, anna.dm(SHORT))) == expected(SHORT, SUBJECTS[1])[0]


async def test_a_button_in_direct_messages_counts_as_the_last_answer(anna: Person) -> None:
    answer = await shown(anna.inbox, anna, anna.dm("what-is-ahsct"))
    [button, *_] = [one for one in answer.buttons if (one.custom_id or "").startswith("faq:show:")]
    await anna.press(answer, str(button.label)).answer()
    pressed = str(button.custom_id).removeprefix("faq:show:")
    assert expected(RISKY, pressed) != expected(RISKY, None)
    await anna.slash(anna.inbox, "help").answer()
    assert title(await shown(anna.inbox, anna, anna.dm(RISKY))) == expected(RISKY, pressed)[0]


async def test_a_reply_goes_on_from_an_answer_that_was_shared(
    general: Channel, anna: Person
) -> None:
    private = await anna.slash(general, "ask", question="what-is-metformin").answer()
    by_button = await anna.press(private, "Show everyone").answer()
    used = anna.slash(general, "ask", question="what-is-metformin", share=True)
    by_option = await used.answer()
    await anna.slash(anna.inbox, "help").answer()
    for shared in (by_button, by_option):
        follow_up = await shown(general, anna, anna.reply(shared, SHORT))
        assert title(follow_up) == expected(SHORT, "what-is-metformin")[0]


async def test_after_a_quarter_of_an_hour_it_is_forgotten(
    bot: Bot, general: Channel, anna: Person
) -> None:
    answer = await shown(general, anna, anna.mention(general, "what-is-metformin"))
    await shown(anna.inbox, anna, anna.dm("what-is-metformin"))
    bot.watch.advance(14 * 60)
    for follow_up in (
        await shown(general, anna, anna.reply(answer, SHORT)),
        await shown(anna.inbox, anna, anna.dm(SHORT)),
    ):
        assert title(follow_up) == expected(SHORT, "what-is-metformin")[0]
    bot.watch.advance(16 * 60)
    for follow_up in (
        await shown(general, anna, anna.reply(answer, SHORT)),
        await shown(anna.inbox, anna, anna.dm(SHORT)),
    ):
        assert title(follow_up) == expected(SHORT, None)[0]


async def test_a_full_question_stands_by_itself(general: Channel, anna: Person) -> None:
    answer = await shown(general, anna, anna.mention(general, "what-is-ahsct"))
    follow_up = await shown(general, anna, anna.reply(answer, FULL))
    assert title(follow_up) == expected(FULL, None)[0]


async def test_a_channel_has_no_last_answer(general: Channel, anna: Person) -> None:
    """Other people talk there too: only a reply says which answer is meant."""
    await shown(general, anna, anna.mention(general, "what-is-metformin"))
    follow_up = await shown(general, anna, anna.mention(general, SHORT))
    assert title(follow_up) == expected(SHORT, None)[0]
