"""A folder → the engine that answers from it, as fast as can be: for the start of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs] - none exist

from bot.content.cache import cached_index, keep_index
from bot.content.load import load
from bot.content.problems import ContentError, errors
from bot.core.engine import Engine
from bot.core.phrases import PhraseError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from bot.content.folder import Folder


def in_one_thread() -> None:
    """Let matrices be multiplied in one thread from now on.

    One message is too little work to share: handing parts of it to other threads costs more than
    they save, and on a busy machine a hundred times more. Sums then come out the same each time.
    """
    threadpool_limits(limits=1, user_api="blas")


def open_engine(root: Path | Folder, data_dir: Path, today: date) -> Engine:
    """Read the FAQ in `root`, or in a snapshot of it, and build what answers from it.

    Raises:
        ContentError: with every problem that keeps the FAQ from being used.

    """
    in_one_thread()
    loaded = load(root, today, phrases=False)
    if loaded.faq is None:
        raise ContentError(errors(load(root, today).problems))
    cache = data_dir / "cache"
    index = cached_index(cache, loaded.faq)
    try:
        built = Engine.of(loaded.faq, loaded.weights, index)
    except PhraseError as error:
        raise ContentError(errors(load(root, today).problems)) from error
    if index is None:
        keep_index(cache, loaded.faq, built.index)
    return built
