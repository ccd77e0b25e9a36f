"""The bot itself, its application, the gateway's address, servers and people."""

import sys

from bot.sandbox import errors
from bot.sandbox.events import Events
from bot.sandbox.gateway.hub import Hub
from bot.sandbox.payloads import (
    application_json,
    member_json,
    own_server_json,
    own_user_json,
    server_json,
    user_json,
)
from bot.sandbox.rest.door import Call, Route
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

_RESET_AFTER = 14_400_000
_MOST_SERVERS = 200


class HomeRoutes:
    """What a bot asks about itself and its places."""

    def __init__(self, world: World, events: Events, hub: Hub, gateway: str) -> None:
        self._world = world
        self._events = events
        self._hub = hub
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """Return every address."""
        return [
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/@me/guilds", self._servers),
            Route("DELETE", "/users/@me/guilds/{server}", self._leave),
            Route("GET", "/users/{user}", self._user),
            Route("GET", "/applications/@me", self._application),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/gateway", self._address, open=True),
            Route("GET", "/gateway/bot", self._gateway_bot),
            Route("GET", "/guilds/{server}", self._server),
            Route("GET", "/guilds/{server}/members/{user}", self._member),
        ]

    def _me(self, _: Call) -> Json:
        return own_user_json(self._world.bot)

    def _user(self, call: Call) -> Json:
        return user_json(self._world.user(call.id("user")))

    def _application(self, _: Call) -> Json:
        return application_json(self._world.app, self._world.bot)

    def _address(self, _: Call) -> Json:
        return {"url": self._gateway}

    def _gateway_bot(self, _: Call) -> Json:
        rules = self._hub.rules
        return {
            "url": self._gateway,
            "shards": rules.shards,
            "session_start_limit": {
                "total": rules.session_starts,
                "remaining": max(0, rules.session_starts - self._hub.identifies),
                "reset_after": _RESET_AFTER,
                "max_concurrency": rules.max_concurrency,
            },
        }

    def _servers(self, call: Call) -> Json:
        after, before = call.number("after", 0), call.number("before", sys.maxsize)
        mine = [
            one
            for number, one in sorted(self._world.servers.items())
            if after < number < before and self._world.knows_bot(one)
        ]
        limit = min(call.number("limit", _MOST_SERVERS), _MOST_SERVERS)
        page = mine[-limit:] if "before" in call.query else mine[:limit]
        counted = call.asks("with_counts")
        return [own_server_json(one, self._world.bot, counted=counted) for one in page]

    def _server(self, call: Call) -> Json:
        return server_json(self._world.server(call.id("server")))

    def _member(self, call: Call) -> Json:
        server = self._world.server(call.id("server"))
        member = server.members.get(call.id("user"))
        if member is None:
            raise errors.unknown_member()
        return member_json(member)

    def _leave(self, call: Call) -> Json:
        self._events.left(self._world.server(call.id("server")), self._world.bot)
        return None
