"""A line to PostgreSQL that can be held, cut, and made to lose an answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter


class Line:
    """A port of 127.0.0.1 that leads to a socket."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loses: bytes | None = None
        self.lost = asyncio.Event()
        self.port = 0

    async def __aenter__(self) -> Self:
        """Open the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the port and every connection."""
        assert self._server is not None
        self._server.close()
        self._open.set()
        self.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._server.wait_closed()

    def hold(self) -> None:
        """Let nothing through, without closing anything."""
        self._open.clear()

    def let_go(self) -> None:
        """Let through what was held."""
        self._open.set()

    def cut(self) -> None:
        """Break every connection."""
        for writer in self._writers:
            writer.transport.abort()

    def lose_the_answer_to(self, words: bytes) -> None:
        """Break the connection that next sends `words`, when the server has answered them."""
        self._loses = words
        self.lost.clear()

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self._socket)
        both = {writer, there_writer}
        self._writers |= both
        losing = asyncio.Event()
        ways = (
            self._carry(reader, there_writer, losing, back=False),
            self._carry(there_reader, writer, losing, back=True),
        )
        tasks = {asyncio.create_task(way) for way in ways}
        self._tasks |= tasks
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.transport.abort()
        await asyncio.wait(tasks)
        self._writers -= both
        self._tasks -= tasks

    async def _carry(
        self, source: StreamReader, to: StreamWriter, losing: asyncio.Event, *, back: bool
    ) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65_536):
                await self._open.wait()
                if back and losing.is_set():
                    self.lost.set()
                    return
                if not back and self._loses is not None and self._loses in data:
                    self._loses = None
                    losing.set()
                to.write(data)
                await to.drain()
