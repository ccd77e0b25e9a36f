"""The folder that editing in Discord is handed: the live FAQ, and what publishes into it."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.chat.editing.parts import LibraryError
from bot.content.folder import Folder, decoded
from bot.content.naming import version_of
from bot.content.packing import pack, unpack
from bot.content.retiring import retire
from bot.content.workshop import WorkshopError
from bot.core.changes import Change

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from bot.content.live import LiveFaq
    from bot.core.changes import Fault, Outcome, Trial
    from bot.core.engine import Engine


class LiveLibrary:
    """The library of `bot.chat.editing`, on the FAQ that is live."""

    def __init__(self, live: LiveFaq) -> None:
        self._live = live

    @property
    def engine(self) -> Engine:
        """What answers now."""
        return self._live.engine

    def text(self, file: str) -> str | None:
        """Return what stands in a file now; None if there is no such file, or it is no text."""
        root = self._live.root
        found, _ = Folder(root).read(root / file)
        return found.text if found else None

    def version(self, text: str | None) -> str:
        """Return the version of a text; empty for None."""
        return "" if text is None else version_of(text)

    async def check(self) -> Sequence[Fault]:
        """Return every problem of the FAQ as it stands in its folder."""
        live = self._live
        with _told():
            told, _ = await asyncio.to_thread(live.workshop.rebuild, live.today(), live.version)
        return told.problems

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what would come of changes."""
        with _told():
            return await self._live.try_out(changes)

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Write all changes or none, and answer from them."""
        with _told():
            return await self._live.publish(changes, base)

    def retire(self, entry_id: str) -> Sequence[Change]:
        """Return everything that has to change for an entry to leave the FAQ."""
        return retire(self._live.root, entry_id)

    async def pack(self) -> bytes:
        """Return the folder as a zip."""
        return await asyncio.to_thread(pack, self._live.root)

    async def unpack(self, data: bytes, name: str) -> tuple[Sequence[Change], Sequence[Fault]]:
        """Return the files in an upload, and what is wrong with it."""
        if name.startswith("entries/"):
            file, problems = decoded(name, data)
            return [Change(name, file.text)] if file else [], problems
        return await asyncio.to_thread(unpack, data, name, self._live.engine.faq)


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except WorkshopError as error:
        raise LibraryError from error
