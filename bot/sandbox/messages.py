"""Messages as people see them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from bot.sandbox.users import User
from bot.sandbox.waiting import PATIENCE, Changes
from bot.sandbox.wire.components import Button, Component, EntitySelect, StringSelect, TextDisplay
from bot.sandbox.wire.layout import walk
from bot.sandbox.wire.messages import COMPONENTS_V2, EPHEMERAL, LOADING, Embed

Found = TypeVar("Found")


@dataclass(frozen=True)
class Upload:
    """A file on its way."""

    filename: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    description: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that has an address."""

    id: int
    file: Upload
    url: str


@dataclass(frozen=True)
class Sticker:
    """A picture that is sent by its name."""

    id: int
    name: str


@dataclass(frozen=True)
class Reference:
    """What a message replied to, or forwarded, by ids: it may be gone."""

    message_id: int
    channel_id: int
    server_id: int | None


@dataclass(frozen=True)
class Origin:
    """The use of the app that a message answers."""

    interaction_id: int
    kind: int
    user: User
    command: str | None
    command_kind: int | None
    owners: dict[str, str]
    message_id: int | None = None
    """The message whose component was used."""
    opened_by: "Origin | None" = None
    """The use that opened the modal, if this is the filling in of one."""


@dataclass(eq=False)
class Message:
    """What somebody said, and what hangs on it. It changes when it is edited."""

    id: int
    channel_id: int
    server_id: int | None
    author: User
    created: float
    content: str = ""
    embeds: tuple[Embed, ...] = ()
    components: tuple[Component, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    stickers: tuple[Sticker, ...] = ()
    flags: int = 0
    edited: float | None = None
    deleted: bool = False
    reply_to: "Message | None" = field(default=None, repr=False)
    reference: Reference | None = None
    forwarded: "Message | None" = field(default=None, repr=False)
    """What is forwarded, as it was then."""
    pinged: tuple[User, ...] = ()
    pings_everyone: bool = False
    pinged_roles: tuple[int, ...] = ()
    only_for: User | None = None
    """Who alone sees it, if it is ephemeral."""
    origin: Origin | None = None
    changes: Changes = field(default_factory=Changes, repr=False)

    @property
    def is_layout(self) -> bool:
        """Whether it is made of Components V2."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_thinking(self) -> bool:
        """Whether it only says that an answer is being made."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything a person reads in it, in order."""
        return "\n".join(filter(None, self._texts()))

    def _texts(self) -> Iterator[str]:
        yield self.content
        for embed in self.embeds:
            yield from embed.texts()
        for component in walk(self.components):
            if isinstance(component, TextDisplay):
                yield component.content

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button, in order."""
        return tuple(one for one in walk(self.components) if isinstance(one, Button))

    @property
    def menus(self) -> tuple[StringSelect | EntitySelect, ...]:
        """Every menu, in order."""
        return tuple(
            one for one in walk(self.components) if isinstance(one, StringSelect | EntitySelect)
        )

    async def until(
        self, look: "Callable[[Message], Found | None]", *, what: str, within: float = PATIENCE
    ) -> Found:
        """Wait until this message, when edited or deleted, is as looked for."""
        return await self.changes.until(lambda: look(self), what=what, within=within)

    async def until_edited(self, *, within: float = PATIENCE) -> "Message":
        """Wait for the next edit, and return the message."""
        before = self.edited
        await self.changes.until(
            lambda: True if self.edited != before else None, what="an edit", within=within
        )
        return self

    async def until_deleted(self, *, within: float = PATIENCE) -> None:
        """Wait until it is gone."""
        await self.changes.until(lambda: self.deleted or None, what="a deletion", within=within)
