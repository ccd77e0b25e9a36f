"""The way in: from an HTTP request to a plain call, and from its result to an answer."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox import errors
from bot.sandbox.composing import Parcel
from bot.sandbox.errors import RefusedError
from bot.sandbox.rest.journal import Exchange, Journal
from bot.sandbox.rest.reading import read_parcel
from bot.sandbox.shapes import Json

PREFIX: Final = "/api/v10"
_EXCHANGE: Final = web.RequestKey("exchange", Exchange)

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Call:
    """What a bot asks, without HTTP. `names` are the variable parts of the address."""

    names: Mapping[str, str]
    query: Mapping[str, str]
    parcel: Parcel

    def id(self, name: str) -> int:
        """Return a part of the address that is an id; what is no id is found nowhere."""
        text = self.names[name]
        return int(text) if text.isascii() and text.isdigit() else 0

    def asks(self, name: str) -> bool:
        """Say whether something beyond the usual is asked for, as `with_response` is."""
        return self.query.get(name, "").lower() in {"1", "true"}

    def number(self, name: str, otherwise: int) -> int:
        """Return a number that is asked for, or what is usual."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else otherwise


@dataclass(frozen=True)
class Route:
    """One thing a bot can ask. A result of None is answered 204."""

    method: str
    path: str
    carry_out: Callable[[Call], Json]
    open: bool = False
    """Whether it works without the bot's token: a webhook's address holds its own."""


def json_response(body: Json, status: int = 200) -> web.Response:
    """Return a JSON answer whose type says nothing more, as clients compare it exactly."""
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, headers={"Content-Type": "application/json"})


def served(route: Route, token: str) -> Handler:
    """Return the HTTP side of a route."""

    async def handle(request: web.Request) -> web.StreamResponse:
        exchange = request[_EXCHANGE]
        if not route.open and request.headers.get("Authorization") != f"Bot {token}":
            raise errors.unauthorized()
        parcel = await read_parcel(request)
        exchange.body = parcel.body
        exchange.files = tuple(one.filename for one in parcel.files.values())
        answer = route.carry_out(Call(request.match_info, request.query, parcel))
        exchange.answer = answer
        return web.Response(status=204) if answer is None else json_response(answer)

    return handle


def recorder(journal: Journal) -> Middleware:
    """Return what notes every request, whatever becomes of it."""

    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        exchange = Exchange(request.method, request.path.removeprefix(PREFIX), dict(request.query))
        request[_EXCHANGE] = exchange
        journal.add(exchange)
        response = await handler(request)
        exchange.status = response.status
        journal.answered()
        return response

    return record


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in Discord's way what is refused, and what is not there."""
    try:
        return await handler(request)
    except RefusedError as refusal:
        return json_response(refusal.body, refusal.status)
    except web.HTTPMethodNotAllowed:
        return json_response(errors.no_such_method().body, 405)
    except web.HTTPNotFound:
        return json_response(errors.no_such_address().body, 404)
    except web.HTTPRequestEntityTooLarge:
        return json_response(errors.too_large().body, 413)
