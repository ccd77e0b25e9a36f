"""The bot on Discord: what arrives, and who answers it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import discord

from bot.chat.buttons import PickMenu, PressButton
from bot.chat.chores import daily
from bot.chat.commands import command_tree
from bot.chat.failures import kind, note_failure
from bot.chat.messages import Messages, words_of
from bot.chat.presses import answer_press
from bot.chat.recent import Turn
from bot.chat.sending import is_too_late
from bot.chat.showing import is_direct, show, tell
from bot.chat.syncing import sync_if_changed
from bot.chat.uses import work_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Sequence

    from bot.chat.custom_ids import Press
    from bot.chat.desk import Desk, Served
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.gate import IdentifyGate
    from bot.chat.house import House, HouseKeeper
    from bot.chat.recent import Pace

    Interaction: TypeAlias = discord.Interaction["FaqClient"]

_log = logging.getLogger(__name__)

_TASKS_END_WITHIN: Final = 5.0

INTENTS: discord.Intents = discord.Intents(guild_messages=True, dm_messages=True)
"""What the bot is told of: messages, whose text it sees only where it is meant. No privileged
intent, and not even GUILDS, which would cost fourteen times the memory a server."""


@dataclass(frozen=True, slots=True)
class Shards:
    """Which shards this process serves, of how many; None for what Discord recommends."""

    ids: Sequence[int] | None = None
    count: int | None = None

    @property
    def are_all(self) -> bool:
        """Whether no other process serves any."""
        return self.ids is None or len(set(self.ids)) == self.count

    @property
    def lead(self) -> bool:
        """Whether this process does what one of them does for all: the one with shard 0."""
        return self.ids is None or 0 in self.ids


class FaqClient(discord.AutoShardedClient):
    """One connection to Discord. A new one is made after it broke; what is remembered stays."""

    def __init__(
        self,
        desk: Desk,
        messages: Messages,
        gate: IdentifyGate,
        *,
        editing: EditingDesk | None = None,
        shards: Shards | None = None,
        heartbeat_timeout: float = 60.0,
    ) -> None:
        shards = shards or Shards()
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05,  # servers are not waited for: nothing here needs them
            shard_ids=list(shards.ids or ()) or None,  # pyright: ignore[reportArgumentType]
            shard_count=shards.count,
            heartbeat_timeout=heartbeat_timeout,
        )
        self.desk = desk
        self.editing = editing
        self.feedback = messages.feedback
        self._messages = messages
        self._gate = gate
        self._leads = shards.lead
        self._tasks: list[asyncio.Task[None]] = []
        self._busy = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.tree = command_tree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this shard's turn; the library would wait 5 s between any two."""
        del initial
        await self._gate.wait(shard_id or 0)

    async def setup_hook(self) -> None:
        """Get ready between the login and the first event."""
        self.add_dynamic_items(PressButton, PickMenu)
        _, _, limit = await self.http.get_bot_gateway()
        self._gate.allow(limit["max_concurrency"])
        if self._leads:
            await self._lead()
        if self.editing is not None:
            standing_by = self.editing.stand_by(self)
            self._tasks.append(asyncio.create_task(standing_by, name="editing"))

    async def _lead(self) -> None:
        """Do what one process does for all."""
        try:
            if await sync_if_changed(self.tree):
                _log.info("the commands had changed and were registered anew")
        except discord.HTTPException as error:
            # Mentions, and the commands Discord has, work without it.
            _log.warning("the commands could not be compared or registered (%s)", kind(error))
        attic = self._messages.houses.attic
        if attic is not None:
            self._tasks.append(asyncio.create_task(daily(self, attic), name="chores"))

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            # The driver of a database that is closed in the middle never comes to an end.
            await asyncio.wait(self._tasks, timeout=_TASKS_END_WITHIN)
        await super().close()

    def serves(self, server: int) -> bool:
        """Whether this process is the one that hears of a server, once it is connected."""
        return (server >> 22) % (self.shard_count or 1) in self.shards

    async def on_ready(self) -> None:
        """Say in the log that the bot serves."""
        _log.info("connected as %s, %d shards", self.user, len(self.shards))

    async def on_message(self, message: discord.Message) -> None:
        """Answer what is written to the bot."""
        me = self.user
        if me is None or not self._messages.concern(message, me):
            return
        with self._at_work():
            try:
                await self._messages.answer(message, me)
            except Exception as error:  # noqa: BLE001
                # Whatever breaks, the member is told.
                await self._apologise(message, error)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer what editors press and fill in, and the leftovers of older versions."""
        work = work_of(interaction)
        if work is not None:
            await self.attend(interaction, work)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Note what broke in a handler, without its arguments: they hold what members wrote."""
        _log.error("failure in %s", event_method, exc_info=True)

    async def attend(self, interaction: Interaction, work: Coroutine[Any, Any, object]) -> None:
        """Do the work of an interaction; whatever breaks, the member gets a number."""
        with self._at_work():
            try:
                await work
            except Exception as error:  # noqa: BLE001
                # Whatever breaks, the member is told.
                await self.fail(interaction, error)

    async def fail(self, interaction: Interaction, error: Exception) -> None:
        """Apologise for a failure, with its number; the operator's log has the rest."""
        if is_too_late(error):
            _log.info("interaction %d: the answer came too late", interaction.id)
            return
        incident = note_failure("interaction", interaction.id, error)
        try:
            await tell(interaction, f"{self.desk.notes.failed} `{incident}`")
        except Exception as second:  # noqa: BLE001
            # Then at least the operator is told.
            note_failure("apology for interaction", interaction.id, second)

    async def press(self, interaction: Interaction, press: Press) -> None:
        """Answer a press of a button, or a pick in a menu."""
        await self.attend(interaction, self._press(interaction, press))

    async def _press(self, interaction: Interaction, press: Press) -> None:
        if await self.in_turn(interaction, self._messages.presses):
            house = await self.house_of(interaction)
            shown = await answer_press(self.desk, house, interaction, press)
            if shown is not None:
                await self.shown(interaction, shown.message, shown.entry)

    @property
    def house_keeper(self) -> HouseKeeper | None:
        """Where the rules of each server are kept, if they are."""
        return self._messages.houses.keeper

    async def house_of(self, interaction: Interaction) -> House:
        """Return the rules of the place where something is used."""
        return await self._messages.houses.of(interaction.guild_id)

    def count(self, served: Served) -> None:
        """Count what a question came to, when it is answered."""
        if self.feedback is not None:
            self.feedback.came(served)

    def stands_already(self, interaction: Interaction, served: Served, house: House) -> bool:
        """Whether the server wants an answer not given again yet to all in this channel."""
        place = interaction.channel_id or 0
        return self._messages.given.already(place, served.entry, house) is not None

    def stands(self, interaction: Interaction, served: Served, message: int | None) -> None:
        """Remember that all in this channel see an answer."""
        if served.entry is not None:
            self._messages.given.note(interaction.channel_id or 0, served.entry, message)

    def serve(
        self,
        number: int,
        question: str,
        house: House,
        *,
        share: Press | None,
        private: bool = False,
    ) -> Served:
        """Return what a question gets, and log what kind of thing that is."""
        served = self.desk.ask(question, share=share, house=house, private=private)
        _log.info(
            "interaction %d: %s, %s at %.2f",
            number,
            served.outcome,
            served.entry or "no entry",
            served.confidence,
        )
        return served

    def suggest(self, interaction: Interaction, typed: str) -> list[tuple[str, str]]:
        """Return suggestions for what is being typed; none if something breaks."""
        try:
            return self.desk.suggest(typed)
        except Exception as error:  # noqa: BLE001
            # The library would log the member's number.
            note_failure("suggestions for interaction", interaction.id, error)
            return []

    async def in_turn(self, interaction: Interaction, pace: Pace | None = None) -> bool:
        """Whether this member may go on now; if not, they have been told to wait."""
        pace = pace or self._messages.members
        if pace.take(interaction.user.id) is Turn.YES:
            return True
        await tell(interaction, self.desk.notes.busy)
        return False

    async def shown(self, interaction: Interaction, sent: int | None, entry: str | None) -> None:
        """Remember for minutes which entry was shown, so that a reply can go on from it."""
        if entry is None:
            return
        direct = interaction.channel_id if is_direct(interaction) else None
        for number in (sent, direct):
            if number is not None:
                self._messages.shown.note(number, entry)

    async def show_page(
        self, interaction: Interaction, name: Literal["about", "privacy", "help"]
    ) -> None:
        """Show one of the fixed pages."""
        text = {
            "about": self.desk.talk.about,
            "privacy": self.desk.talk.privacy,
            "help": self.desk.talk.help,
        }[name]
        await self.attend(interaction, show(interaction, self.desk.page(text)))

    def words_of(self, message: discord.Message) -> str:
        """Return what a message says, without the mentions of the bot itself."""
        return words_of(message, self.user.id if self.user else 0)

    async def _apologise(self, message: discord.Message, error: Exception) -> None:
        incident = note_failure("message", message.id, error)
        try:
            await self._messages.apologise(message, f"{self.desk.notes.failed} `{incident}`")
        except Exception as second:  # noqa: BLE001
            # Then at least the operator is told.
            note_failure("apology for message", message.id, second)

    @contextmanager
    def _at_work(self) -> Generator[None]:
        self._busy += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._quiet.set()

    async def finish(self, within: float) -> None:
        """Wait until every answer in flight is out, for so many seconds at most; then leave."""
        try:
            await asyncio.wait_for(self._quiet.wait(), within)
        except TimeoutError:
            _log.warning("left with %d answers unfinished", self._busy)
        await self.close()
