"""Whatever breaks: the member gets an apology and a number, the log the number and the place."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import TYPE_CHECKING, NoReturn

import pytest

from bot.chat.commands import MENU_NAME
from bot.sandbox import Refusal, errors
from bot.settings import Settings
from tests.chat.broken import WORD, breakable
from tests.chat.conftest import logging_as, served, shipped_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.sandbox import Channel, Message, Person, Sandbox
    from tests.chat.conftest import Bot

SECRET = f"does my {WORD} have lesions"
ASKED = "what is hsct"
NOTES = shipped_engine().faq.talk.notes
CALLBACK = "/interactions/*/callback"
INCIDENT = re.compile(r"`([0-9a-f]{6})`")


@pytest.fixture
async def bot(sandbox: Sandbox, general: Channel) -> AsyncIterator[Bot]:
    """Return a bot that breaks at a certain word."""
    engine = breakable(shipped_engine())
    assert general
    async with served(sandbox, lambda: engine) as bot:
        yield bot


async def by_mention(anna: Person, general: Channel) -> Message:
    return await general.reply_to(anna.mention(general, SECRET))


async def by_direct_message(anna: Person, _: Channel) -> Message:
    return await anna.inbox.reply_to(anna.dm(SECRET))


async def by_command(anna: Person, general: Channel) -> Message:
    return await anna.slash(general, "ask", question=SECRET).answer()


async def by_menu(anna: Person, general: Channel) -> Message:
    return await anna.context_menu(anna.say(general, SECRET), MENU_NAME, general).answer()


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("way", [by_mention, by_direct_message, by_command, by_menu])
async def test_every_way_in_apologises_with_a_number_that_is_in_the_log(
    anna: Person,
    general: Channel,
    way: Callable[[Person, Channel], Coroutine[None, None, Message]],
    log: Callable[[], str],
) -> None:
    apology = await way(anna, general)
    assert apology.text.startswith(NOTES.failed)
    found = INCIDENT.search(apology.text)
    assert found is not None
    told = log()
    assert f"failure {found[1]}: " in told
    assert "ValueError, from:" in told
    assert "broken.py:" in told
    assert WORD not in told
    assert str(anna.user.id) not in told
    assert way in {by_mention, by_direct_message} or apology.only_for in {anna.user, None}
    # It goes on.
    assert (await anna.slash(general, "ask", question=ASKED).answer()).text.startswith("## ")


@pytest.mark.usefixtures("bot")
async def test_suggestions_that_break_are_none(
    anna: Person, general: Channel, log: Callable[[], str]
) -> None:
    assert await anna.autocomplete(general, "ask", question=f"my {WORD}").choices() == ()
    assert await anna.autocomplete(general, "ask", question="hsct").choices() != ()
    told = log()
    assert "suggestions for interaction" in told
    assert WORD not in told
    assert str(anna.user.id) not in told


@pytest.mark.usefixtures("bot")
async def test_suggestions_that_come_too_late_tell_nothing_of_whom(
    sandbox: Sandbox, anna: Person, general: Channel, log: Callable[[], str]
) -> None:
    sandbox.faults.next("POST", CALLBACK, Refusal(errors.unknown_interaction()))
    anna.autocomplete(general, "ask", question="quagga")
    await sandbox.requests.until("POST", CALLBACK)
    await anna.autocomplete(general, "ask", question="hsct").choices()
    told = log()
    assert "quagga" not in told
    assert str(anna.user.id) not in told


@pytest.mark.parametrize("way", ["command", "mention"])
async def test_an_apology_that_fails_is_survived(
    bot: Bot,
    sandbox: Sandbox,
    anna: Person,
    general: Channel,
    way: str,
    log: Callable[[], str],
) -> None:
    refusal = Refusal(errors.invalid_form([]))
    if way == "command":
        sandbox.faults.next("POST", CALLBACK, refusal)
        anna.slash(general, "ask", question=SECRET)
        await sandbox.requests.until("POST", CALLBACK)
    else:
        sandbox.faults.next("POST", "/channels/*/messages", refusal)
        anna.mention(general, SECRET)
        await sandbox.requests.until("POST", "/channels/*/messages")
    await general.reply_to(anna.mention(general, ASKED))
    told = log()
    assert "status 400, code 50035" in told
    assert ("apology for interaction" in told) == (way == "command")
    assert "Ignoring" not in told
    assert WORD not in told
    assert not bot.run.done()


def raise_something() -> NoReturn:
    raise ValueError(SECRET) from KeyError(SECRET)


def logged(settings: Settings) -> str:
    """Return what a log of these settings shows of a sound event and of a broken one."""
    log = logging.getLogger("bot.of.the.test")
    library = logging.getLogger("discord.of.the.test")
    with logging_as(settings) as told:
        log.debug("a small thing")
        log.info("%d entries", 71)
        library.debug("an event with %s in it", SECRET)
        logging.getLogger("other").debug("an event with %s in it", SECRET)
        library.warning("waiting %.2f s", 2)
        try:
            raise_something()
        except ValueError:
            log.exception("failure")
            library.exception("Ignoring exception in %r for %.2f", SECRET, 1.5)
            logging.getLogger("asyncio").exception(SECRET)
        return told()


def test_the_log_as_text() -> None:
    text = logged(Settings(log_level="DEBUG", log_format="text"))
    when = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 ", re.MULTILINE)
    lines = [line for line in when.sub("@", text).splitlines() if line.startswith("@")]
    assert lines == [
        "@DEBUG bot.of.the.test: a small thing",
        "@INFO bot.of.the.test: 71 entries",
        "@WARNING discord.of.the.test: waiting 2.00 s",
        "@ERROR bot.of.the.test: failure",
        "@ERROR discord.of.the.test: Ignoring exception in … for …",
        "@ERROR asyncio: something broke",
    ]
    assert text.count("ValueError, from:\n") == 3
    assert text.count("KeyError, from:\n") == 3
    assert "in logged" in text
    assert WORD not in text


def test_the_log_as_json() -> None:
    text = logged(Settings(log_level="INFO", log_format="json"))
    events = [json.loads(line) for line in text.splitlines()]
    assert [event["level"] for event in events] == ["INFO", "WARNING", "ERROR", "ERROR", "ERROR"]
    assert events[0]["event"] == "71 entries"
    assert events[0]["logger"] == "bot.of.the.test"
    assert set(events[0]) == {"time", "level", "logger", "event"}
    assert events[2]["failure"].startswith("ValueError, from:\n")
    assert WORD not in text


async def test_a_task_that_nobody_waited_for_is_logged_without_its_words(
    log: Callable[[], str],
) -> None:
    async def breaks() -> None:
        raise ValueError(SECRET)

    task = asyncio.create_task(breaks())
    await asyncio.wait({task})
    del task
    told = log()
    assert "asyncio: something broke" in told
    assert WORD not in told


def test_a_line_that_cannot_be_written_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_as(Settings()) as told:
        logging.getLogger("bot.of.the.test").info("%d entries", SECRET)
        assert told() == "a line could not be logged: TypeError\n"
    assert capsys.readouterr().err == ""
