"""Changing the FAQ from within: tried out, written as a whole, and taken over like a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.core.changes import Published, Trial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.content.live import LiveFaq
    from bot.core.changes import Change, Outcome


class Publisher:
    """Changes the FAQ that is live."""

    def __init__(self, live: LiveFaq) -> None:
        self._live = live

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what the FAQ would be after `changes`, and leave everything as it is.

        Raises:
            WorkshopError: if that cannot be known, for no fault of the changes.

        """
        live = self._live
        told, engine = await asyncio.to_thread(live.workshop.try_out, changes, live.today())
        return Trial(told.problems, told.case_changes, engine)

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Write `changes`, all of them or none, and have them answer.

        `base` has for each file the `version_of` the text that the editor began from; a file that
        is not in it, or has "" there, is a new one.

        Raises:
            WorkshopError: if it failed; then all of the changes were written, or none.

        """
        live = self._live
        done = await asyncio.to_thread(live.workshop.publish, changes, base, live.today())
        if isinstance(done, Published):
            await live.reload()
        return done
