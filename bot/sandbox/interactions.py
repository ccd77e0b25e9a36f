"""One use of the app by a person, and what came of it."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from bot.sandbox.messages import Message, Origin
from bot.sandbox.places import Channel
from bot.sandbox.shapes import JsonObject
from bot.sandbox.users import User
from bot.sandbox.waiting import PATIENCE, Changes
from bot.sandbox.wire.callbacks import CallbackKind, Choice, Modal
from bot.sandbox.wire.commands import CommandKind

SECONDS_TO_ANSWER: Final = 3.0
SECONDS_OF_TOKEN: Final = 15 * 60.0


class InteractionKind(IntEnum):
    """What a person did, with Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Context(IntEnum):
    """Where a person did it."""

    SERVER = 0
    BOT_DM = 1
    PRIVATE = 2


@dataclass(eq=False)
class Interaction:
    """A slash command, a press, a choice, a filled modal; what the bot answered hangs on it."""

    id: int
    token: str
    kind: InteractionKind
    data: JsonObject
    user: User
    channel: Channel
    created: float
    owners: dict[str, str]
    command: str | None = None
    command_kind: CommandKind | None = None
    message: Message | None = None
    """The message whose component was used."""
    opened_by: "Interaction | None" = None
    """The use that opened the modal, if this is the filling in of one."""

    acknowledged_by: CallbackKind | None = None
    original: Message | None = None
    """What `@original` means to the bot."""
    shown_modal: Modal | None = None
    shown_choices: tuple[Choice, ...] | None = None
    followups: list[Message] = field(default_factory=list[Message])
    changes: Changes = field(default_factory=Changes, repr=False)
    _read_followups: int = 0

    @property
    def context(self) -> Context:
        """Where it was used."""
        if self.channel.server is not None:
            return Context.SERVER
        return Context.BOT_DM if any(one.bot for one in self.channel.people) else Context.PRIVATE

    @property
    def is_personal_only(self) -> bool:
        """Whether only the person's own installation brought the app here."""
        return set(self.owners) == {"1"}

    @property
    def origin(self) -> Origin:
        """What a message that answers it says about it."""
        return Origin(
            self.id,
            int(self.kind),
            self.user,
            self.command,
            self.command_kind,
            self.owners,
            self.message.id if self.message else None,
            self.opened_by.origin if self.opened_by else None,
        )

    def failed(self, now: float) -> bool:
        """Say whether the person now reads "The application did not respond"."""
        return self.acknowledged_by is None and now > self.created + SECONDS_TO_ANSWER

    async def acknowledged(self, *, within: float = PATIENCE) -> CallbackKind:
        """Wait for the callback, and return which it was."""
        return await self.changes.until(
            lambda: self.acknowledged_by, what=f"a callback for {self}", within=within
        )

    async def answer(self, *, within: float = PATIENCE) -> Message:
        """Wait for the message that answers, or the pressed message once it is changed."""
        return await self.changes.until(
            lambda: self.original if self.original and not self.original.is_thinking else None,
            what=f"an answer to {self}",
            within=within,
        )

    async def modal(self, *, within: float = PATIENCE) -> Modal:
        """Wait for the modal that opens."""
        return await self.changes.until(
            lambda: self.shown_modal, what=f"a modal for {self}", within=within
        )

    async def choices(self, *, within: float = PATIENCE) -> tuple[Choice, ...]:
        """Wait for the suggestions."""
        return await self.changes.until(
            lambda: self.shown_choices, what=f"choices for {self}", within=within
        )

    async def followup(self, *, within: float = PATIENCE) -> Message:
        """Wait for the next follow-up that was not handed out yet."""
        wanted = self._read_followups
        self._read_followups += 1
        return await self.changes.until(
            lambda: self.followups[wanted] if len(self.followups) > wanted else None,
            what=f"follow-up {wanted + 1} to {self}",
            within=within,
        )

    def __str__(self) -> str:
        used = f"/{self.command}" if self.command else self.kind.name.lower()
        return f"{used} used by {self.user} in {self.channel}"
