"""What may go wrong between a bot and Discord, switched on by a test.

    sandbox.faults.next("POST", "/interactions/*/callback", TooManyRequests(0.1))

strikes the next such request and no other. Several faults strike one request each, in order.
A fault is a callable that gets the request and what would have answered it, so a test can write
its own. The connection to the gateway is a request too: `("GET", "/")`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox.errors import RefusedError
from bot.sandbox.gateway.connection import cut
from bot.sandbox.gateway.hub import INVALID_SESSION, RECONNECT, Hub
from bot.sandbox.gateway.sessions import frame
from bot.sandbox.rest.door import PREFIX, Handler, json_response
from bot.sandbox.shapes import JsonObject

Fault: TypeAlias = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class TooManyRequests:
    """A 429: for one bucket, or for everything the bot does."""

    retry_after: float
    everywhere: bool = False

    async def __call__(self, request: web.Request, _: Handler) -> web.StreamResponse:
        """Answer 429 instead."""
        body: JsonObject = {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.everywhere,
        }
        response = json_response(body, 429)
        # Without Via, discord.py takes a 429 for a ban by the proxy before Discord.
        response.headers["Via"] = "1.1 sandbox"
        response.headers["Retry-After"] = str(self.retry_after)
        response.headers["X-RateLimit-Scope"] = "global" if self.everywhere else "user"
        if self.everywhere:
            response.headers["X-RateLimit-Global"] = "true"
        else:
            response.headers["X-RateLimit-Limit"] = "5"
            response.headers["X-RateLimit-Remaining"] = "0"
            response.headers["X-RateLimit-Reset-After"] = str(self.retry_after)
            response.headers["X-RateLimit-Bucket"] = f"{request.method}:{request.path}"
        return response


@dataclass(frozen=True)
class ServerError:
    """A 5xx that is not Discord's own, as a proxy in trouble gives it."""

    status: int = 502

    async def __call__(self, _: web.Request, __: Handler) -> web.StreamResponse:
        """Answer with the status instead."""
        return web.Response(status=self.status, text="trouble on the way")


@dataclass(frozen=True)
class Refusal:
    """Any of Discord's own refusals: `Refusal(errors.missing_permissions())`."""

    error: RefusedError

    async def __call__(self, _: web.Request, __: Handler) -> web.StreamResponse:
        """Answer with the refusal instead."""
        raise self.error


@dataclass(frozen=True)
class ResetConnection:
    """The line breaks: before anything was done or, worse, afterwards."""

    afterwards: bool = False

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Break the line instead of answering."""
        response = await handler(request) if self.afterwards else web.Response(status=500)
        cut(request)
        return response


@dataclass(frozen=True)
class SlowAnswer:
    """Nothing happens until the test opens the gate."""

    gate: asyncio.Event

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Wait, then answer as usual."""
        await self.gate.wait()
        return await handler(request)


class Faults:
    """Switches faults on; nothing is wrong unless a test says so here."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._once: list[tuple[str, str, Fault]] = []
        self._always: list[tuple[str, str, Fault]] = []

    def next(self, method: str, pattern: str, *faults: Fault) -> None:
        """Let each fault strike one of the next requests whose path (without host) fits."""
        self._once += [(method, pattern, fault) for fault in faults]

    def always(self, method: str, pattern: str, fault: Fault) -> None:
        """Let the fault strike every such request, until `clear`."""
        self._always.append((method, pattern, fault))

    def clear(self) -> None:
        """Let nothing be wrong any more."""
        self._once.clear()
        self._always.clear()
        self._hub.answers_heartbeats = True

    def drop_sockets(self, code: int | None = None) -> None:
        """Close every connection to the gateway with this code, or break the lines."""
        for outlet in tuple(self._hub.outlets):
            outlet.close(code)

    def ask_to_reconnect(self) -> None:
        """Send op 7: the bot shall connect anew and resume."""
        self._send(frame(RECONNECT, None))

    def invalidate_sessions(self, *, resumable: bool) -> None:
        """Send op 9: the session is in doubt, and may be resumed or is lost."""
        self._send(frame(INVALID_SESSION, resumable))
        if not resumable:
            self._hub.sessions.clear()

    def send_event(self, name: str, data: JsonObject) -> None:
        """Send any event to every shard, however malformed."""
        for session in self._hub.live:
            session.tell(name, data)

    def ignore_heartbeats(self) -> None:
        """Leave heartbeats unanswered, until `clear`."""
        self._hub.answers_heartbeats = False

    @property
    def middleware(self) -> Middleware:
        """What the server has every request pass through."""

        @web.middleware
        async def strike(request: web.Request, handler: Handler) -> web.StreamResponse:
            fault = self._take(request.method, request.path.removeprefix(PREFIX))
            return await (fault(request, handler) if fault else handler(request))

        return strike

    def _take(self, method: str, path: str) -> Fault | None:
        for known in (self._once, self._always):
            for entry in known:
                if entry[0] == method and fnmatchcase(path, entry[1]):
                    if known is self._once:
                        known.remove(entry)
                    return entry[2]
        return None

    def _send(self, text: str) -> None:
        for session in self._hub.live:
            if session.outlet:
                session.outlet.put(text)
