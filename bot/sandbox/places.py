"""Servers, channels and the people in them: the state a person can look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from bot.sandbox.messages import Message
from bot.sandbox.permissions import EVERYTHING, ORDINARY, Permission
from bot.sandbox.users import User
from bot.sandbox.waiting import PATIENCE, Changes


class ChannelKind(IntEnum):
    """Where people talk, with Discord's numbers."""

    SERVER_TEXT = 0
    DIRECT = 1
    GROUP = 3
    THREAD = 11


@dataclass(eq=False)
class Role:
    """What its holders may do in the whole server."""

    id: int
    name: str
    permissions: Permission


@dataclass(eq=False)
class Member:
    """Somebody in a server."""

    user: User
    joined: float
    roles: list[Role] = field(default_factory=list[Role])


@dataclass
class Overwrite:
    """What a channel changes about a role's or member's permissions."""

    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE


@dataclass(eq=False)
class Channel:
    """A place to talk: in a server, with the bot alone, or between people where the bot is not."""

    id: int
    kind: ChannelKind
    name: str = ""
    server: "Server | None" = field(default=None, repr=False)
    people: tuple[User, ...] = ()
    parent: "Channel | None" = field(default=None, repr=False)
    """The channel that a thread hangs on: who may do what there may do it here."""
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    messages: dict[int, Message] = field(default_factory=dict[int, Message], repr=False)
    typing: int = 0
    changes: Changes = field(default_factory=Changes, repr=False)
    _unread: list[Message] = field(default_factory=list[Message], repr=False)

    def put(self, message: Message) -> None:
        """Show a message, and wake who waits for one of the bot's."""
        self.messages[message.id] = message
        if message.author.bot:
            self._unread.append(message)
        self.changes.notify()

    async def next_message(self, *, within: float = PATIENCE) -> Message:
        """Wait for the first message of a bot that was not handed out yet, and hand it out."""
        return await self._hand_out(lambda _: True, f"a message in {self}", within)

    async def reply_to(self, message: Message, *, within: float = PATIENCE) -> Message:
        """Wait for a bot's reply to this message. It counts as handed out."""
        return await self._hand_out(
            lambda one: one.reply_to is message, f"a reply to {message.content!r}", within
        )

    def forget(self) -> None:
        """Forget every message."""
        self.messages.clear()
        self._unread.clear()

    async def _hand_out(self, fits: Callable[[Message], bool], what: str, within: float) -> Message:
        def look() -> Message | None:
            ready = (one for one in self._unread if not one.is_thinking and fits(one))
            return next(ready, None)

        found = await self.changes.until(look, what=what, within=within)
        self._unread.remove(found)
        return found

    def allow(self, target: User | Role, permissions: Permission) -> None:
        """Allow here what is not allowed in the whole server."""
        overwrite = self.overwrites.setdefault(target.id, Overwrite())
        overwrite.allow |= permissions
        overwrite.deny &= ~permissions

    def deny(self, target: User | Role, permissions: Permission) -> None:
        """Forbid here what is allowed in the whole server."""
        overwrite = self.overwrites.setdefault(target.id, Overwrite())
        overwrite.deny |= permissions
        overwrite.allow &= ~permissions

    @property
    def sending(self) -> Permission:
        """What it takes to write here."""
        return Permission.SEND_MESSAGES if self.parent is None else Permission.SEND_IN_THREADS

    def permissions_of(self, user: User) -> Permission:
        """Return what this person may do here. In direct channels everybody may do everything."""
        if self.parent is not None:
            return self.parent.permissions_of(user)
        if self.server is None:
            return EVERYTHING
        whole = self.server.permissions_of(user)
        if Permission.ADMINISTRATOR in whole:
            return EVERYTHING
        for overwrite in self._overwrites_for(user):
            whole = (whole & ~overwrite.deny) | overwrite.allow
        return whole

    def _overwrites_for(self, user: User) -> Iterator[Overwrite]:
        """Yield them in Discord's order: everyone, then all roles together, then the member."""
        server = self.server
        if server is None or user.id not in server.members:
            return
        held = [self.overwrites.get(role.id) for role in server.members[user.id].roles]
        together = Overwrite()
        for one in filter(None, held):
            together.allow |= one.allow
            together.deny |= one.deny
        yield self.overwrites.get(server.everyone.id, Overwrite())
        yield together
        yield self.overwrites.get(user.id, Overwrite())

    def __str__(self) -> str:
        people = " and ".join(str(person) for person in self.people)
        return f"#{self.name}" if self.server else f"the direct channel of {people}"


@dataclass(eq=False)
class Server:
    """A community."""

    id: int
    name: str
    owner: User
    created: float
    roles: dict[int, Role] = field(default_factory=dict[int, Role], repr=False)
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel], repr=False)
    members: dict[int, Member] = field(default_factory=dict[int, Member], repr=False)

    def __post_init__(self) -> None:
        """Give it the role that everybody has."""
        self.roles[self.id] = Role(self.id, "@everyone", ORDINARY)

    @property
    def everyone(self) -> Role:
        """The role that everybody has."""
        return self.roles[self.id]

    def channel(self, name: str) -> Channel:
        """Return the channel of this name."""
        return next(one for one in self.channels.values() if one.name == name)

    def permissions_of(self, user: User) -> Permission:
        """Return what this person may do in the whole server: nothing for strangers."""
        granted = self.granted_to(user)
        everything = user is self.owner or Permission.ADMINISTRATOR in granted
        return EVERYTHING if everything else granted

    def granted_to(self, user: User) -> Permission:
        """Return what this person's roles say, without what follows from it."""
        member = self.members.get(user.id)
        if member is None:
            return Permission.NONE
        granted = self.everyone.permissions
        for role in member.roles:
            granted |= role.permissions
        return granted
