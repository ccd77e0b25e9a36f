"""How much one member, one channel and all of them together can make the bot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.recent import Pace, Recent, Turn
from bot.sandbox import Permission
from tests.chat.broken import WORD, breakable
from tests.chat.conftest import Watch, served, shipped_engine

if TYPE_CHECKING:
    from bot.sandbox import Channel, Message, Person, Sandbox, Server
    from tests.chat.conftest import Bot

ASKED = "what is hsct"
TITLE = "## What is AHSCT?"
MESSAGES = "/channels/*/messages"
DANGER = "i want to kill myself"
YES, TOO_SOON, STILL = Turn.YES, Turn.TOO_SOON, Turn.STILL_TOO_SOON
NOTES = shipped_engine().faq.talk.notes


def test_a_pace_says_no_once_and_is_silent_until_there_was_a_rest() -> None:
    watch = Watch()
    pace = Pace(2, 10.0, watch)
    assert [pace.take(1) for _ in range(4)] == [YES, YES, TOO_SOON, STILL]
    assert pace.take(2) is YES
    watch.advance(10)
    assert [pace.take(1) for _ in range(2)] == [YES, STILL]
    watch.advance(20)
    assert [pace.take(1) for _ in range(3)] == [YES, YES, TOO_SOON]


def test_a_pace_remembers_no_more_than_it_may() -> None:
    pace = Pace(1, 10.0, Watch(), most=3)
    for number in range(10):
        assert pace.has(number)
        assert pace.take(number) is YES
    assert pace.take(9) is TOO_SOON
    assert pace.take(0) is YES
    for number in range(100, 110):
        assert pace.has(number)
    assert pace.take(9) is YES


def test_what_is_recent_is_forgotten_in_time_and_in_number() -> None:
    watch = Watch()
    recent = Recent[str](60.0, watch, most=2)
    for number in range(5):
        recent.note(number, f"entry-{number}")
    assert [recent.get(number) for number in range(5)] == [None, None, None, "entry-3", "entry-4"]
    assert len(recent) == 2
    watch.advance(60)
    assert recent.get(3) == "entry-3"
    watch.advance(1)
    assert recent.get(3) is None
    assert len(recent) == 1


async def asked(person: Person, channel: Channel, times: int) -> list[Message]:
    """Return the answers to questions asked one after another, each of which must get one."""
    return [await channel.reply_to(person.mention(channel, ASKED)) for _ in range(times)]


async def test_a_member_who_asks_too_much_is_told_once_and_may_ask_again_later(
    bot: Bot, general: Channel, anna: Person, sandbox: Sandbox, server: Server
) -> None:
    ben = sandbox.add_person("ben", server)
    answers = await asked(anna, general, 6)
    assert [one.text.startswith(TITLE) for one in answers] == [True] * 5 + [False]
    assert answers[-1].text == NOTES.busy
    for _ in range(3):
        anna.mention(general, ASKED)
    # Somebody else is answered, and nothing was said in between.
    bens = ben.mention(general, ASKED)
    assert (await general.next_message()).reply_to is bens
    bot.watch.advance(8)
    [again] = await asked(anna, general, 1)
    assert again.text.startswith(TITLE)


async def test_a_channel_that_asks_too_much_is_told_once(
    bot: Bot, general: Channel, sandbox: Sandbox, server: Server
) -> None:
    people = [sandbox.add_person("a member", server) for _ in range(14)]
    texts = [(await asked(person, general, 1))[0].text for person in people[:11]]
    assert [text.startswith(TITLE) for text in texts] == [True] * 10 + [False]
    assert texts[-1] == NOTES.busy
    people[11].mention(general, ASKED)
    people[12].mention(general, ASKED)
    # Other channels do not suffer.
    people[13].dm(ASKED)
    assert (await people[13].inbox.next_message()).text.startswith(TITLE)
    bot.watch.advance(2)
    again = people[13].mention(general, ASKED)
    assert (await general.next_message()).reply_to is again


@pytest.mark.usefixtures("bot")
async def test_danger_is_answered_whatever_the_pace(general: Channel, anna: Person) -> None:
    await asked(anna, general, 6)
    call = anna.mention(general, DANGER)
    assert "988" in (await general.reply_to(call)).text
    # In private, too.
    for _ in range(3):
        await anna.slash(general, "ask", question=ASKED).answer()
    assert "988" in (await anna.slash(general, "ask", question=DANGER).answer()).text


@pytest.mark.usefixtures("bot")
async def test_every_command_beyond_the_pace_gets_a_private_sentence(
    general: Channel, anna: Person
) -> None:
    answers = [await anna.slash(general, "ask", question=ASKED).answer() for _ in range(8)]
    assert [one.text == NOTES.busy for one in answers] == [False] * 5 + [True] * 3
    assert all(one.is_ephemeral for one in answers)


@pytest.mark.usefixtures("bot")
async def test_presses_have_a_pace_of_their_own(general: Channel, anna: Person) -> None:
    shown = await anna.slash(general, "ask", question=ASKED).answer()
    button = shown.buttons[-1].label or ""
    texts = [(await anna.press(shown, button).answer()).text for _ in range(21)]
    assert [text == NOTES.busy for text in texts] == [False] * 20 + [True]


@pytest.fixture
def crowd(sandbox: Sandbox, server: Server) -> list[Person]:
    """Return more members than any channel has at once."""
    return [sandbox.add_person("a member", server) for _ in range(100)]


async def heard_all(sandbox: Sandbox) -> None:
    """Wait until the bot has heard all that was said before."""
    eva = sandbox.add_person("eva", next(iter(sandbox.world.servers.values())))
    await eva.slash(eva.inbox, "about").answer()
    eva.dm(ASKED)
    await eva.inbox.next_message()


async def test_a_flood_where_it_may_not_write_makes_a_handful_of_requests(
    bot: Bot, sandbox: Sandbox, general: Channel, crowd: list[Person]
) -> None:
    general.deny(sandbox.bot, Permission.SEND_MESSAGES)
    for person in crowd:
        person.user.blocks_bot = True
    for person in crowd * 5:
        person.mention(general, ASKED)
    await heard_all(sandbox)
    assert not bot.run.done()
    await bot.leave()
    refused = [one for one in sandbox.requests if one.status in {401, 403, 429}]
    sent = [one for one in sandbox.requests if one.method == "POST"]
    # Ten turns of the channel begin before the first refusal is back: ten replies, ten direct
    # messages, and one request to wait.
    assert 1 <= len(refused) <= 21
    assert len(sent) <= 40


async def test_a_flood_where_it_may_write_is_answered_with_measure(
    sandbox: Sandbox, general: Channel, crowd: list[Person]
) -> None:
    async with served(sandbox) as bot:
        for person in crowd * 5:
            person.mention(general, ASKED)
        await heard_all(sandbox)
        await bot.leave()
        assert len(sandbox.requests.of("POST", f"/channels/{general.id}/messages")) <= 20


async def test_a_broken_engine_does_not_apologise_to_a_whole_flood(
    sandbox: Sandbox, general: Channel, crowd: list[Person]
) -> None:
    engine = breakable(shipped_engine())
    async with served(sandbox, lambda: engine) as bot:
        for person in crowd:
            person.mention(general, f"what of the {WORD}")
        first = await general.next_message()
        assert first.text.startswith(NOTES.failed)
        await heard_all(sandbox)
        await bot.leave()
        assert len(sandbox.requests.of("POST", f"/channels/{general.id}/messages")) == 10


async def test_refusals_stay_far_below_what_discord_shuts_out(
    bot: Bot, sandbox: Sandbox, server: Server, crowd: list[Person]
) -> None:
    # The worst case: every refusal is in another channel, and none is known to be closed. 200 may
    # be had at once, and 200 more in ten minutes; Discord's limit in that time is 10,000.
    for person in crowd:
        person.user.blocks_bot = True
    for at, person in enumerate(crowd * 4):
        channel = sandbox.world.add_channel(server, f"closed {at}")
        channel.deny(sandbox.bot, Permission.SEND_MESSAGES)
        person.mention(channel, ASKED)
    await sandbox.requests.until("POST", MESSAGES, times=200)
    eva = sandbox.add_person("eva", server)
    await eva.slash(eva.inbox, "about").answer()
    await bot.leave()
    refused = [one for one in sandbox.requests if one.status in {401, 403, 429}]
    # One more every three seconds: a slow machine takes some seconds for all this.
    assert 200 <= len(refused) < 300


async def test_answers_that_get_through_use_up_nothing(
    bot: Bot, sandbox: Sandbox, server: Server, crowd: list[Person]
) -> None:
    for at, person in enumerate((crowd * 3)[:220]):
        person.mention(sandbox.world.add_channel(server, f"open {at}"), ASKED)
        if at % 55 == 54:
            await heard_all(sandbox)
    await sandbox.requests.until("POST", MESSAGES, times=220)
    assert not bot.run.done()
