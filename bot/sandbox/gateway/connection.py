"""One connection to the gateway, from HELLO to its close."""

import asyncio
import socket as sockets
import struct
from collections import deque
from contextlib import suppress
from typing import Final

from aiohttp import WSMsgType, web
from pydantic import ValidationError

from bot.sandbox.gateway.compression import Packer, packer
from bot.sandbox.gateway.hub import Hub
from bot.sandbox.gateway.sessions import Session, frame
from bot.sandbox.wire import gateway as wire

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED = 4001, 4002, 4003
ALREADY_AUTHENTICATED, RATE_LIMITED = 4005, 4008
_MINUTE: Final = 60.0
_GOODBYE: Final = 1.0
"""Seconds to wait for the other side's close."""

_LARGEST_FRAME: Final = 64 * 1024


def cut(request: web.Request) -> None:
    """Break the line: the other side sees a reset, not a close."""
    transport = request.transport
    if transport is None:
        return
    line = transport.get_extra_info("socket")
    if isinstance(line, sockets.socket) or hasattr(line, "setsockopt"):
        line.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def connect(request: web.Request, hub: Hub) -> web.StreamResponse:
    """Serve one connection until it ends."""
    pack = packer(request.query.get("compress"))
    socket = web.WebSocketResponse(timeout=_GOODBYE, compress=False, max_msg_size=_LARGEST_FRAME)
    await socket.prepare(request)
    if pack is None:
        await socket.close(code=DECODE_ERROR)
        return socket
    connection = Connection(hub, socket, pack, request)
    hub.outlets.add(connection)
    await connection.serve()
    return socket


class Connection:
    """Sends in order what is put into it, and does what the bot asks."""

    def __init__(
        self, hub: Hub, socket: web.WebSocketResponse, pack: Packer, request: web.Request
    ) -> None:
        self._hub = hub
        self._socket = socket
        self._pack = pack
        self._request = request
        self._session: Session | None = None
        self._closing = False
        self._queue: asyncio.Queue[str | int] = asyncio.Queue()
        self._sent_at: deque[float] = deque(maxlen=hub.rules.sends_per_minute)

    def put(self, frame: str) -> None:
        """Send this after what was put before."""
        self._queue.put_nowait(frame)

    def close(self, code: int | None) -> None:
        """Close with this code once all is sent, or cut the line now if there is none."""
        if code is None:
            cut(self._request)
        else:
            self._closing = True
            self._queue.put_nowait(code)

    async def serve(self) -> None:
        """Greet, then send and receive until the connection ends."""
        interval = int(self._hub.rules.heartbeat_interval * 1000)
        self.put(frame(wire.HELLO, {"heartbeat_interval": interval}))
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    self._receive(message.data)
        finally:
            if not self._closing:
                writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
            goodbye = None if self._closing else self._socket.close_code
            self._hub.disconnected(self._session, self, goodbye)

    async def _write(self) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, int):
                await self._socket.close(code=item)
                return
            packed = self._pack(item)
            try:
                if isinstance(packed, str):
                    await self._socket.send_str(packed)
                else:
                    await self._socket.send_bytes(packed)
            except ConnectionError:
                return

    def _receive(self, data: str | bytes) -> None:
        if self._sends_too_much():
            self.close(RATE_LIMITED)
            return
        try:
            self._do(wire.Sent.model_validate_json(data))
        except ValidationError:
            self.close(DECODE_ERROR)

    def _sends_too_much(self) -> bool:
        now = self._hub.world.clock.now()
        full = len(self._sent_at) == self._sent_at.maxlen
        too_much = full and now - self._sent_at[0] < _MINUTE
        self._sent_at.append(now)
        return too_much

    def _do(self, sent: wire.Sent) -> None:
        match sent.op:
            case wire.HEARTBEAT:
                if self._hub.answers_heartbeats:
                    self.put(frame(wire.HEARTBEAT_ANSWER, None))
            case wire.IDENTIFY | wire.RESUME if self._session is not None:
                self.close(ALREADY_AUTHENTICATED)
            case wire.IDENTIFY:
                self._session = self._hub.identify(wire.Identify.model_validate(sent.d), self)
            case wire.RESUME:
                self._session = self._hub.resume(wire.Resume.model_validate(sent.d), self)
            case wire.PRESENCE | wire.VOICE | wire.MEMBERS:
                if self._session is None:
                    self.close(NOT_AUTHENTICATED)
            case _:
                self.close(UNKNOWN_OPCODE)
