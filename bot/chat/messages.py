"""Mentions in servers, direct messages, and replies to the bot's answers."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import discord

from bot.chat.failures import kind
from bot.chat.given import Given
from bot.chat.house import Houses, server_of
from bot.chat.recent import Pace, Recent, Turn
from bot.chat.sending import is_deleted, once_more

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from bot.chat.cards import Card
    from bot.chat.desk import Desk, Served
    from bot.chat.feedback.desk import FeedbackDesk
from bot.chat.house import House

_log = logging.getLogger(__name__)

_MINUTES: Final = 15 * 60.0
_MEMBER: Final = (5, 8.0)
"""Questions of a member at once, and seconds until one more."""
_PRESSES: Final = (20, 1.0)
"""The same for presses of buttons, which somebody who reads around makes many of."""
_CHANNEL: Final = (10, 2.0)
_HELP: Final = (10, 6.0)
"""The same for calls for help, of a channel: they pass where other questions have to wait."""
_NOTES: Final = (10, 6.0)
"""The same for apologies and requests to wait, of a channel."""
_REFUSALS: Final = (200, 3.0)
"""Refusals by Discord at once, and seconds until one more: 400 in ten minutes at most, of the
10,000 at which Discord shuts an address out."""
_COUNTED: Final = frozenset({401, 403, 429})
"""What Discord counts as such a refusal."""
_MENTION = re.compile(r"<@!?(\d+)>")
_TALK: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Messages:
    """Answers what is written to the bot."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], float],
        houses: Houses | None = None,
        feedback: FeedbackDesk | None = None,
    ) -> None:
        self._desk = desk
        self.houses = houses or Houses()
        self.feedback = feedback
        self.shown = Recent[str](_MINUTES, clock)
        """The number of an answer, or of a direct channel → the entry that was shown there."""
        self.members = Pace(*_MEMBER, clock)
        self.presses = Pace(*_PRESSES, clock)
        self._channels = Pace(*_CHANNEL, clock)
        self._help = Pace(*_HELP, clock)
        self.given = Given(clock)
        self._notes = Pace(*_NOTES, clock)
        self._refusals = Pace(*_REFUSALS, clock, most=1)
        self._closed = Recent[str](_MINUTES, clock)
        """Channels, and members' direct messages, to which Discord let nothing through."""

    def concern(self, message: discord.Message, me: discord.ClientUser) -> bool:
        """Whether a message is meant for the bot: by a person, and to it."""
        if message.author.bot or message.webhook_id is not None or message.type not in _TALK:
            return False
        return is_direct(message) or any(one.id == me.id for one in message.mentions)

    async def answer(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Answer a message that concerns the bot."""
        question = words_of(message, me.id)
        house = await self.houses.of(server_of(message))
        served = self._served(message, question, house)
        place = message.channel.id
        if served is not None and served.is_danger:
            if self._help.take(place) is Turn.YES:
                self._count(served)
                await self._deliver(message, served.card, is_danger=True)
            return
        if not is_direct(message) and not house.answers_in(place):
            return
        turn = self.members.take(message.author.id)
        if turn is Turn.YES:
            turn = self._channels.take(place)
        if turn is Turn.TOO_SOON:
            await self._say(message, self._desk.notes.busy)
        if turn is not Turn.YES:
            return
        self._count(served)
        already = self.given.already(place, served.entry if served else None, house)
        if already is not None:
            link = f"<https://discord.com/channels/{server_of(message)}/{place}/{already}>"
            await self._say(message, f"{self._desk.notes.just_answered} {link}")
            return
        card = served.card if served else self._desk.page(self._desk.talk.help)
        sent = await self._deliver(message, card, is_danger=False)
        if served is not None and served.entry is not None:
            self.given.note(place, served.entry, sent)
            for number in (sent, place if is_direct(message) else None):
                if number is not None:
                    self.shown.note(number, served.entry)

    async def apologise(self, message: discord.Message, sentence: str) -> None:
        """Tell the author that something went wrong, if they can be told."""
        await self._say(message, sentence)

    def _count(self, served: Served | None) -> None:
        if served is not None and self.feedback is not None:
            self.feedback.came(served)

    def _served(self, message: discord.Message, question: str, house: House) -> Served | None:
        if not question:
            return None
        served = self._desk.ask(question, self._context(message), house=house)
        _log.info(
            "message %d: %s, %s at %.2f",
            message.id,
            served.outcome,
            served.entry or "no entry",
            served.confidence,
        )
        return served

    def _context(self, message: discord.Message) -> str | None:
        answered = message.reference.message_id if message.reference else None
        entry = self.shown.get(answered) if answered is not None else None
        if entry is None and is_direct(message):
            entry = self.shown.get(message.channel.id)
        return entry

    async def _say(self, message: discord.Message, sentence: str) -> None:
        place = message.channel.id
        if not self._is_open(place) or self._notes.take(place) is not Turn.YES:
            return
        try:
            await self._reply(message, f"{message.id}n", content=sentence)
        except discord.HTTPException as error:
            self._refused(message, error, place)

    async def _deliver(
        self, message: discord.Message, card: Card, *, is_danger: bool
    ) -> int | None:
        """Reply where it was asked; where that is not allowed, by direct message."""
        if self._is_open(message.channel.id):
            try:
                return await self._reply(message, f"{message.id}", view=card, anyhow=is_danger)
            except discord.Forbidden as error:
                self._refused(message, error, message.channel.id)
            except discord.HTTPException as error:
                if not is_deleted(error):
                    raise
                # Whoever takes a question back does not want it answered in front of others.
                _log.info("message %d: deleted before it was answered", message.id)
                return None
        return None if is_direct(message) else await self._write_to_author(message, card)

    async def _write_to_author(self, message: discord.Message, card: Card) -> int | None:
        author = message.author
        if not self._is_open(author.id):
            return None
        try:
            with self._at_risk():
                elsewhere = self._desk.notes.elsewhere
                await once_more(lambda: author.send(elsewhere, nonce=f"{message.id}e"))
                sent = await once_more(lambda: author.send(view=card, nonce=f"{message.id}d"))
        except discord.Forbidden as error:
            self._refused(message, error, author.id)
            return None
        return sent.id if sent else None

    async def _reply(
        self,
        message: discord.Message,
        nonce: str,
        *,
        content: str | None = None,
        view: Card | None = None,
        anyhow: bool = False,
    ) -> int | None:
        reference = message.to_reference(fail_if_not_exists=not anyhow)
        send = message.channel.send
        # Discord drops a second message with the same nonce: trying twice never answers twice.
        with self._at_risk():
            if view is not None:
                sent = await once_more(lambda: send(view=view, reference=reference, nonce=nonce))
            else:
                sent = await once_more(lambda: send(content, reference=reference, nonce=nonce))
        return sent.id if sent else None

    @contextmanager
    def _at_risk(self) -> Generator[None]:
        """Take a refusal before it is known whether it comes; give it back if it does not."""
        self._refusals.take(0)
        refused = False
        try:
            yield
        except discord.HTTPException as error:
            refused = error.status in _COUNTED
            raise
        finally:
            if not refused:
                self._refusals.give_back(0)

    def _is_open(self, place: int) -> bool:
        """Whether something may be sent to a channel or a member, as far as is known."""
        return self._closed.get(place) is None and self._refusals.has(0)

    def _refused(self, message: discord.Message, error: discord.HTTPException, place: int) -> None:
        if isinstance(error, discord.Forbidden):
            self._closed.note(place, "closed")
        _log.warning("message %d: Discord refused the answer (%s)", message.id, kind(error))


def is_direct(message: discord.Message) -> bool:
    """Whether a message was written to the bot alone."""
    return isinstance(message.channel, discord.DMChannel)


def words_of(message: discord.Message, me: int) -> str:
    """Return what a message says, or what it forwards, without the mentions of the bot itself."""
    own = str(me)
    said = "\n".join([message.content, *(one.content for one in message.message_snapshots)])
    return _MENTION.sub(lambda found: " " if found[1] == own else found[0], said).strip()
