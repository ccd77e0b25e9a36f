"""A whole session's log, as detailed as it gets: nothing in it tells who asked, or what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.commands import MENU_NAME
from bot.sandbox import (
    Permission,
    Refusal,
    ResetConnection,
    ServerError,
    TooManyRequests,
    errors,
)
from tests.chat.broken import WORD, breakable
from tests.chat.conftest import served, shipped_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from bot.sandbox import Channel, Person, Sandbox, Server
    from bot.sandbox.shapes import JsonObject
    from tests.chat.conftest import Bot

CALLBACK = "/interactions/*/callback"
MESSAGES = "/channels/*/messages"
QUESTIONS = (
    "what is hsct",
    "what is hsct quokka",
    "should my wife stop ocrevus for ahsct wombat",
    "metformin and stem cells axolotl",
    "best pizza in pangolin",
    "i want to kill myself okapi",
    "chest pain after ahsct numbat",
    f"{WORD} tapir",
)
SECRETS = ("quokka", "wombat", "axolotl", "pangolin", "okapi", "numbat", WORD, "tapir", "kinkajou")


class Session:
    """Two members use everything there is, and everything goes wrong once."""

    def __init__(self, sandbox: Sandbox, server: Server, bot: Bot) -> None:
        self.sandbox, self.bot = sandbox, bot
        self.general: Channel = server.channel("general")
        self.people = [sandbox.add_person(name, server) for name in ("Xanthippe", "Bartholomew")]

    async def ask(self, person: Person, question: str) -> None:
        """Ask on every way in."""
        self.bot.watch.advance(1000)
        general = self.general
        mention = person.mention(general, question)
        answer = await general.reply_to(mention)
        self.bot.watch.advance(1000)
        shown = await person.slash(general, "ask", question=question).answer()
        for button in shown.buttons:
            self.bot.watch.advance(10)
            await person.press(shown, button.custom_id or "").answer()
        self.bot.watch.advance(1000)
        await person.context_menu(mention, MENU_NAME, general).answer()
        self.bot.watch.advance(1000)
        await person.inbox.reply_to(person.dm(question))
        await person.autocomplete(general, "ask", question=question).choices()
        self.bot.watch.advance(1000)
        await general.reply_to(person.reply(answer, question))

    async def suffer(self, person: Person) -> None:
        """Ask while something is wrong, each time something else."""
        for fault in (
            TooManyRequests(0.01),
            TooManyRequests(0.01, everywhere=True),
            ResetConnection(),
            Refusal(errors.unknown_interaction()),
            Refusal(errors.missing_access()),
            Refusal(errors.invalid_form([])),
        ):
            for method in (CALLBACK, MESSAGES):
                self.bot.watch.advance(1000)
                self.sandbox.faults.next("POST", method, fault)
                person.slash(self.general, "ask", question="kinkajou")
                person.mention(self.general, "kinkajou")
                await self.heard(person)
                self.sandbox.faults.clear()
        self.sandbox.faults.next("POST", CALLBACK, Refusal(errors.unknown_interaction()))
        person.autocomplete(self.general, "ask", question="kinkajou")
        await self.heard(person)
        self.general.deny(self.sandbox.bot, Permission.SEND_MESSAGES)
        person.user.blocks_bot = True
        self.bot.watch.advance(1000)
        person.mention(self.general, "kinkajou")
        await self.heard(person)

    async def heard(self, person: Person) -> None:
        """Wait until the bot has heard what was said before."""
        for _ in range(3):
            used = person.slash(self.general, "about")
            await used.changes.until(lambda used=used: used.acknowledged_by, what="about")

    async def reconnect(self, person: Person) -> None:
        """Break the connection in every way, with a broken event that quotes somebody."""
        gateway = self.sandbox.gateway
        self.sandbox.faults.drop_sockets()
        await gateway.until_resumed()
        self.sandbox.faults.next("GET", "/", ServerError(502))
        again = gateway.identifies + 1
        self.sandbox.faults.invalidate_sessions(resumable=False)
        await gateway.until_identified(again)
        again = gateway.identifies + 1
        quote: JsonObject = {
            "author": person.user.name,
            "content": "kinkajou",
            "id": str(person.user.id),
        }
        self.sandbox.faults.send_event("MESSAGE_CREATE", quote)
        await gateway.until_identified(again)


async def test_the_log_of_a_whole_session_tells_nothing_of_members(
    sandbox: Sandbox,
    server: Server,
    log: Callable[[], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine = breakable(shipped_engine())
    async with served(sandbox, lambda: engine) as bot:
        session = Session(sandbox, server, bot)
        xanthippe, bartholomew = session.people
        for question in QUESTIONS:
            await session.ask(xanthippe, question)
        await session.reconnect(bartholomew)
        await session.ask(bartholomew, QUESTIONS[0])
        await session.suffer(bartholomew)
        await bot.leave()
    told = log() + capfd.readouterr().err
    # It is a log worth reading.
    for wanted in ("answered, what-is-ahsct", "crisis", "guarded", "failure", "RESUMED", "late"):
        assert wanted in told
    people = [*session.people, sandbox.owner_of(server)]
    names = [person.user.name for person in people] + [str(person.user.id) for person in people]
    secrets = (*QUESTIONS, *SECRETS, *names, sandbox.token)
    assert [secret for secret in secrets if secret in told] == []
