"""When to look at the FAQ's folder again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType] - of anyio's types

from bot.content.folder import ignored

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_log = logging.getLogger(__name__)

_QUIET_MS: Final = 40
"""Nothing may have happened for so long: who saves ten files gets one answer. Who saves one waits
for that, and once more until it was looked."""
_AT_MOST_MS: Final = 500
_LOOK_MS: Final = 1_000
_POLL_MS: Final = 250
_AGAIN: Final = 0.25


async def changes(root: Path, stop: asyncio.Event, *, polling: bool) -> AsyncGenerator[None]:
    """Yield when something may have changed in `root`, until `stop` is set; at least each second.

    A folder that is removed, or replaced by another one, is followed again when it is back.
    """
    while not stop.is_set():
        try:
            async with aclosing(_watched(root, stop, polling=polling)) as watched:
                async for _ in watched:
                    yield
        except OSError as error:
            # Out of watches, or a volume that knows none: then times are compared instead.
            if _number(root) is not None and not polling:
                polling = True
                _log.info("the FAQ's folder is polled, it cannot be watched (%s)", error)
        except RuntimeError:
            _log.warning("watching the FAQ's folder failed; trying again", exc_info=True)
        yield
        await _pause(stop)


async def _watched(root: Path, stop: asyncio.Event, *, polling: bool) -> AsyncGenerator[None]:
    number = _number(root)
    if number is None:
        return
    watch = awatch(
        root,
        watch_filter=lambda _, path: _is_ours(root, path),
        debounce=_AT_MOST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        force_polling=polling,
        poll_delay_ms=_POLL_MS,
    )
    async with aclosing(watch):
        async for _ in watch:
            yield
            # The system watches a folder, not its name: another one may have taken its place.
            if _number(root) != number:
                return


def _is_ours(root: Path, path: str) -> bool:
    try:
        parts = Path(path).relative_to(root.absolute()).parts
    except ValueError:
        return True
    return not any(map(ignored, parts))


def _number(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), _AGAIN)
    except TimeoutError:
        return
