"""The sandbox itself: one world, one server for it, and the things a test takes hold of."""

import socket
import ssl
from dataclasses import dataclass
from typing import Final, Self

from aiohttp import web

from bot.sandbox.answers import Answers
from bot.sandbox.clock import Clock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.gateway.connection import connect
from bot.sandbox.gateway.hub import GatewayRules, Hub
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.people import Person
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel, Role, Server
from bot.sandbox.rest.commands import CommandRoutes
from bot.sandbox.rest.door import PREFIX, recorder, refusals, served
from bot.sandbox.rest.home import HomeRoutes
from bot.sandbox.rest.interactions import InteractionRoutes
from bot.sandbox.rest.journal import Journal
from bot.sandbox.rest.messages import MessageRoutes
from bot.sandbox.users import User
from bot.sandbox.waiting import PATIENCE
from bot.sandbox.world import Application, World

_HOST: Final = "127.0.0.1"
_LARGEST_REQUEST: Final = 110 * 1024 * 1024
_SHUTDOWN: Final = 1.0


@dataclass(frozen=True)
class Addresses:
    """Where the sandbox tells a bot to find the gateway and files."""

    gateway: str
    cdn: str


class Sandbox:
    """A Discord in miniature. Inside `async with` it listens at `address`, on this machine only."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        rules: GatewayRules | None = None,
        tls: ssl.SSLContext | None = None,
        addresses: Addresses | None = None,
        bot_name: str = "MS FAQ",
    ) -> None:
        self._socket = socket.create_server((_HOST, 0))
        self._tls = tls
        self.clock = clock or Clock()
        found = addresses or Addresses(
            gateway=f"ws://{_HOST}:{self.port}/", cdn=f"http://{_HOST}:{self.port}"
        )
        self.world = World(self.clock, bot_name=bot_name, cdn=found.cdn)
        self.gateway = Hub(self.world, rules or GatewayRules(), found.gateway)
        self.events = Events(self.world, self.gateway)
        self.faults = Faults(self.gateway)
        self.requests = Journal()
        self._runner = web.AppRunner(
            self._application(found.gateway), access_log=None, shutdown_timeout=_SHUTDOWN
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    @property
    def address(self) -> str:
        """What `point_discord_py_at` takes."""
        return f"{'https' if self._tls else 'http'}://{_HOST}:{self.port}"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.app.token

    @property
    def application(self) -> Application:
        """The bot's application, for a test to set up as its owner would."""
        return self.world.app

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.world.bot

    def grant(self, intents: Intents) -> None:
        """Let the bot ask for these privileged intents."""
        self.world.app.granted |= intents

    def add_server(self, name: str, *channels: str, with_bot: bool = True) -> Server:
        """Return a new server with these text channels, and with the bot unless told otherwise."""
        server = self.world.add_server(name, self.world.add_user(f"owner of {name}"))
        for channel in channels or ("general",):
            self.world.add_channel(server, channel)
        if with_bot:
            self.events.joined(server, self.bot)
        return server

    def add_role(self, server: Server, name: str, permissions: Permission) -> Role:
        """Return a new role of a server."""
        return self.world.add_role(server, Role(self.world.ids.next(), name, permissions))

    def add_person(self, name: str, *servers: Server) -> Person:
        """Return somebody new, in these servers."""
        person = Person(self.world.add_user(name), self.world, self.events)
        for server in servers:
            person.join(server)
        return person

    def add_bot(self, name: str, *servers: Server) -> Person:
        """Return another bot, in these servers; it only talks."""
        bot = Person(self.world.add_user(name, bot=True), self.world, self.events)
        for server in servers:
            bot.join(server)
        return bot

    def owner_of(self, server: Server) -> Person:
        """Return the owner of a server, who may do everything in it."""
        return Person(server.owner, self.world, self.events)

    def private_channel(self, *people: Person) -> Channel:
        """Return the direct channel of people among themselves; the bot is not in it."""
        return self.world.direct_channel(*(person.user for person in people))

    def invite_bot(self, server: Server) -> None:
        """Let the bot join a server."""
        self.events.joined(server, self.bot)

    def remove_bot(self, server: Server) -> None:
        """Let the bot be removed from a server."""
        self.events.left(server, self.bot)

    def forget(self) -> None:
        """Forget what was said and asked so far, so that a long run does not fill the memory.

        What is still under way would be lost: call it when all is answered.
        """
        self.world.forget()
        self.requests.forget()

    async def ready(self, shards: int = 1, *, within: float = PATIENCE) -> None:
        """Wait until so many shards of the bot are connected."""
        await self.gateway.until_live(shards, within=within)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, ssl_context=self._tls).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.drop_sockets()
        await self._runner.cleanup()

    def _application(self, gateway: str) -> web.Application:
        application = web.Application(
            client_max_size=_LARGEST_REQUEST,
            middlewares=[recorder(self.requests), refusals, self.faults.middleware],
        )
        routes = [
            *HomeRoutes(self.world, self.events, self.gateway, gateway).routes(),
            *MessageRoutes(self.world, self.events).routes(),
            *CommandRoutes(self.world).routes(),
            *InteractionRoutes(Answers(self.world, self.events)).routes(),
        ]
        for route in routes:
            application.router.add_route(
                route.method, PREFIX + route.path, served(route, self.token)
            )
        application.router.add_get("/", self._connect)
        application.router.add_get("/attachments/{channel}/{file}/{name}", self._file)
        return application

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        return await connect(request, self.gateway)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["file"]
        found = self.world.files.get(int(number)) if number.isdigit() else None
        if found is None:
            raise web.HTTPNotFound
        headers = {"Content-Type": found.file.content_type}
        return web.Response(body=found.file.content, headers=headers)
