"""Everything there is in the sandbox, and making more of it."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox import errors
from bot.sandbox.clock import Clock
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.interactions import Interaction
from bot.sandbox.messages import Attachment, Message, Upload
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel, ChannelKind, Member, Role, Server
from bot.sandbox.snowflakes import Snowflakes
from bot.sandbox.users import User
from bot.sandbox.wire.commands import CommandBody

_SECRET_BYTES: Final = 24


@dataclass(frozen=True)
class Install:
    """What the "Add App" button asks for. Without scopes it asks for nothing."""

    scopes: tuple[str, ...] = ()
    permissions: Permission = Permission.NONE


@dataclass
class Application:
    """The bot's application, as its owner has set it up."""

    id: int
    name: str
    owner: User
    token: str
    granted: Intents = Intents.NONE
    """The privileged intents it may ask for."""

    public: bool = True
    """Whether others than the owner may add it."""

    needs_code_grant: bool = False
    """Whether adding it takes a web page of the owner's own."""

    interactions_url: str | None = None
    """Where uses of commands are sent instead of to the gateway."""

    install_url: str | None = None
    """Where "Add App" leads instead of to Discord's own page."""

    in_servers: Install | None = field(default_factory=Install)
    """How a server adds it, if servers can."""

    on_accounts: Install | None = field(default_factory=Install)
    """How people add it to their own account, if they can."""


@dataclass(frozen=True)
class Command:
    """A registered command: everywhere, or in one server."""

    id: int
    version: int
    body: CommandBody
    server: Server | None


class World:
    """Users, servers, channels, messages, commands and interactions, each by its id."""

    def __init__(self, clock: Clock, *, bot_name: str, cdn: str) -> None:
        self.clock = clock
        self.cdn = cdn
        self.ids = Snowflakes(clock)
        self.users: dict[int, User] = {}
        self.servers: dict[int, Server] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: dict[int, Command] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.files: dict[int, Attachment] = {}
        self._direct: dict[frozenset[int], Channel] = {}
        self.bot = self.add_user(bot_name, bot=True)
        self.app = Application(
            self.bot.id, bot_name, self.add_user("operator"), _token_for(self.bot.id)
        )

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Return somebody new."""
        user = User(self.ids.next(), name, bot)
        self.users[user.id] = user
        return user

    def add_server(self, name: str, owner: User) -> Server:
        """Return a new server with its owner and nobody else, and no channels."""
        server = Server(self.ids.next_server(), name, owner, self.clock.now())
        server.members[owner.id] = Member(owner, self.clock.now())
        self.servers[server.id] = server
        return server

    def add_role(self, server: Server, role: Role) -> Role:
        """Put a role into a server."""
        server.roles[role.id] = role
        return role

    def add_channel(self, server: Server, name: str) -> Channel:
        """Return a new text channel."""
        channel = Channel(self.ids.next(), ChannelKind.SERVER_TEXT, name, server)
        server.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def add_thread(self, parent: Channel, name: str) -> Channel:
        """Return a new public thread of a channel."""
        thread = Channel(self.ids.next(), ChannelKind.THREAD, name, parent.server, parent=parent)
        self.channels[thread.id] = thread
        return thread

    def direct_channel(self, *people: User) -> Channel:
        """Return the one channel these people have to themselves."""
        among = frozenset(person.id for person in people)
        if among not in self._direct:
            channel = Channel(self.ids.next(), ChannelKind.DIRECT, people=people)
            self.channels[channel.id] = self._direct[among] = channel
        return self._direct[among]

    def add_file(self, channel: Channel, upload: Upload) -> Attachment:
        """Keep a file that somebody sends into a channel."""
        number = self.ids.next()
        url = f"{self.cdn}/attachments/{channel.id}/{number}/{upload.filename}"
        self.files[number] = Attachment(number, upload, url)
        return self.files[number]

    def remember(self, interaction: Interaction) -> None:
        """Make an interaction known by its id and its token."""
        self.interactions[interaction.id] = interaction
        self.by_token[interaction.token] = interaction

    def forget(self) -> None:
        """Forget every message, file and interaction. People, places and commands stay."""
        self.interactions.clear()
        self.by_token.clear()
        self.files.clear()
        for channel in self.channels.values():
            channel.forget()

    def knows_bot(self, server: Server) -> bool:
        """Say whether the bot is in this server."""
        return self.bot.id in server.members

    def server(self, number: int) -> Server:
        """Return one of the bot's servers."""
        server = self.servers.get(number)
        if server is None or not self.knows_bot(server):
            raise errors.unknown_server()
        return server

    def channel(self, number: int) -> Channel:
        """Return a channel that the bot can know of."""
        channel = self.channels.get(number)
        if channel is None:
            raise errors.unknown_channel()
        inside = channel.server and self.knows_bot(channel.server)
        if not inside and self.bot not in channel.people:
            raise errors.missing_access()
        return channel

    def user(self, number: int) -> User:
        """Return anybody."""
        if number not in self.users:
            raise errors.unknown_user()
        return self.users[number]

    def message(self, channel: Channel, number: int) -> Message:
        """Return a message of the channel that not only one member can see."""
        message = channel.messages.get(number)
        if message is None or message.only_for:
            raise errors.unknown_message()
        return message


def _token_for(number: int) -> str:
    """Return a fresh token in Discord's shape: some libraries read the bot's id out of it."""
    owner = base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")
    return f"{owner}.sandbox.{secrets.token_urlsafe(_SECRET_BYTES)}"
