"""The FAQ that answers come from while its files change."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from bot.content.opening import open_engine
from bot.content.problems import Problem, errors
from bot.content.snapshot import mark_of, signature, take
from bot.content.watching import changes
from bot.content.workshop import Workshop, WorkshopError
from bot.core.changes import Published, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from bot.content.rebuilding import Told
    from bot.core.changes import Change, Outcome
    from bot.core.engine import Engine

_log = logging.getLogger(__name__)

_TRIES: Final = 5
_FAILED: Final = Problem(
    ".",
    1,
    "the bot failed to read the FAQ, through no fault of yours",
    "save a file again to have it try once more; its operator finds the reason in the log",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of looking at the folder."""

    kind: Literal["swapped", "mended", "refused", "unchanged"]
    """`swapped`: another FAQ answers now. `mended`: so it does, or the one that answers stands in
    the folder again, after it was `refused`: the last good one goes on answering."""
    problems: tuple[Problem, ...]
    """Of a FAQ that was refused: what to mend, by file and line. Of others: what to consider."""
    fresh: tuple[Problem, ...]
    """What there is to consider only since this change; nothing if an editor published it, who was
    shown it before."""
    entries: int
    """How many entries are answered from."""
    seconds: float
    """How long reading, checking and building took."""


class LiveFaq:
    """The FAQ that answers come from. It follows its folder, and keeps the last good one."""

    def __init__(
        self,
        root: Path,
        data_dir: Path,
        *,
        today: Callable[[], date],
        told: Callable[[Notice], None],
    ) -> None:
        """Read the FAQ. `told` hears of each change of what answers, and of each refusal, once.

        Raises:
            ContentError: with every problem that keeps the FAQ from being used.

        """
        self.root = root
        self.today = today
        self._told = [told]
        snapshot = take(root)
        self._engine = open_engine(snapshot, data_dir, today())
        self._version = snapshot.version()
        learned = self._engine.screener.listener.learned
        self.workshop = Workshop(root, data_dir, learned, mark_of(snapshot.learned_files()))
        self._seen = snapshot.signature
        self._refused: tuple[Problem, ...] = ()
        self._considered: frozenset[tuple[str, str]] = frozenset()
        self._one_at_a_time = asyncio.Lock()

    @property
    def engine(self) -> Engine:
        """What answers now: always whole, and never changed afterwards."""
        return self._engine

    @property
    def version(self) -> str:
        """Hash of what stood in the folder when the engine was built from it."""
        return self._version

    def listen(self, told: Callable[[Notice], None]) -> None:
        """Have `told` hear, too, of what comes from now on."""
        self._told.append(told)

    async def follow(
        self, stop: asyncio.Event, *, polling: bool = False, rest: float = 0.0
    ) -> None:
        """Look at the folder now and whenever it changes, until `stop` is set.

        The first look, which takes long, waits for `rest` seconds unless something is changed
        before. `polling` is for volumes that do not tell of changes, such as those of a network.
        """
        # What is being built when the bot is stopped is not waited for.
        closing = asyncio.create_task(self._close_after(stop))
        begun = time.monotonic()
        looked = rest <= 0
        try:
            if looked:
                await self.reload()
            async for _ in changes(self.root, stop, polling=polling):
                is_time = not looked and time.monotonic() - begun >= rest
                if (is_time or await self._has_changed()) and not stop.is_set():
                    await self.reload()
                    looked = True
        finally:
            closing.cancel()
            await self.close()

    async def _close_after(self, stop: asyncio.Event) -> None:
        await stop.wait()
        await self.close()

    async def close(self) -> None:
        """End the process that builds; what is live goes on answering."""
        await asyncio.to_thread(self.workshop.close)

    async def reload(self) -> Notice:
        """Look at the folder now: read, check, run the cases, and swap in one step, or refuse."""
        async with self._one_at_a_time:
            return await self._reloaded()

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what the FAQ would be after `changes`, and leave everything as it is.

        Raises:
            WorkshopError: if that cannot be known, for no fault of the changes.

        """
        told, engine = await asyncio.to_thread(self.workshop.try_out, changes, self.today())
        return Trial(told.problems, told.case_changes, engine)

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Write `changes`, all of them or none, and have them answer.

        `base` has for each file the `version_of` the text that the editor began from; a file that
        is not in it, or has "" there, is a new one.

        Raises:
            WorkshopError: if it failed; then all of the changes were written, or none.

        """
        # Whoever follows the folder waits: it would take the change for one of somebody else.
        async with self._one_at_a_time:
            done = await asyncio.to_thread(self.workshop.publish, changes, base, self.today())
            if isinstance(done, Published):
                await self._reloaded(published=True)
            return done

    async def _reloaded(self, *, published: bool = False) -> Notice:
        start = time.monotonic()
        try:
            told, engine = await self._rebuilt()
        except WorkshopError:
            if self.workshop.closed:
                return self._unchanged(start)
            _log.exception("the FAQ could not be built; the last good one goes on answering")
            # To be tried again once something is saved, not every second.
            self._seen = await asyncio.to_thread(signature, self.root)
            return self._refuse((_FAILED,), start)
        if errors(told.problems):
            return self._refuse(tuple(errors(told.problems)), start)
        return self._take_over(told, engine, start, published=published)

    async def _rebuilt(self) -> tuple[Told, Engine | None]:
        tries = 0
        while True:
            tries += 1
            try:
                told, engine = await asyncio.to_thread(
                    self.workshop.rebuild, self.today(), self._version
                )
            except WorkshopError:
                # Somebody, or the system out of memory, may have ended the process.
                if tries > 1 or self.workshop.closed:
                    raise
                continue
            self._seen = told.signature
            # What is unfit may be half of what somebody is just saving.
            if tries > _TRIES or not errors(told.problems) or not await self._has_changed():
                return told, engine

    async def _has_changed(self) -> bool:
        return await asyncio.to_thread(signature, self.root) != self._seen

    def _take_over(
        self, told: Told, engine: Engine | None, start: float, *, published: bool
    ) -> Notice:
        kind: Literal["swapped", "mended", "unchanged"] = "unchanged"
        if engine is not None:
            kind = "swapped"
            self._engine, self._version = engine, told.version
        if self._refused:
            kind = "mended"
        self._refused = ()
        # Without the lines: whatever is written above a sentence moves it.
        new = [one for one in told.problems if (one.file, one.what) not in self._considered]
        self._considered = frozenset((one.file, one.what) for one in told.problems)
        fresh = () if published else tuple(new)
        seconds = time.monotonic() - start
        return self._tell(Notice(kind, told.problems, fresh, told.entries, seconds))

    def _unchanged(self, start: float) -> Notice:
        entries = len(self._engine.faq.entries)
        return Notice("unchanged", (), (), entries, time.monotonic() - start)

    def _refuse(self, problems: tuple[Problem, ...], start: float) -> Notice:
        entries = len(self._engine.faq.entries)
        notice = Notice("refused", problems, (), entries, time.monotonic() - start)
        if problems == self._refused:
            return notice
        self._refused = problems
        return self._tell(notice)

    def _tell(self, notice: Notice) -> Notice:
        if notice.kind != "unchanged":
            for told in self._told:
                told(notice)
        return notice
