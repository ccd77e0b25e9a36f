"""The same work for many items, on every core: by copies of this process, which end with it."""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")

_TOO_FEW: Final = 100
"""Items that are done before a second process has been started."""


def processes_at_hand() -> int:
    """Return how many processes can work at once; 1 where none can be copied safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def each(function: Callable[[T], R], items: Sequence[T], processes: int) -> list[R]:
    """Return `function` of each item. With several `processes`, this one must have one thread.

    The copies share everything that was built before, so that nothing has to be sent to them;
    what a function changes in its own process is lost.
    """
    if processes < 2 or len(items) < _TOO_FEW:  # noqa: PLR2004 - two or more is several
        return [function(item) for item in items]
    copies = [_copy(function, items[part::processes]) for part in range(1, processes)]
    shares = [[function(item) for item in items[::processes]], *(_share(one) for one in copies)]
    return [shares[place % processes][place // processes] for place in range(len(items))]


@dataclass(frozen=True, slots=True)
class _Copy(Generic[R]):
    process: int
    results: int
    """Where they are read from."""


def _copy(function: Callable[[T], R], items: Sequence[T]) -> _Copy[R]:
    here, there = os.pipe()
    process = os.fork()
    if process:
        os.close(there)
        return _Copy(process, here)
    # Else it would wait for itself to read, if the process it is a copy of is killed.
    os.close(here)
    status = 1
    try:
        with os.fdopen(there, "wb") as results:
            pickle.dump([function(item) for item in items], results, pickle.HIGHEST_PROTOCOL)
        status = 0
    except BrokenPipeError:
        pass
    except BaseException:  # noqa: BLE001 - nothing may get past the copy's own end
        sys.excepthook(*sys.exc_info())  # pyright: ignore[reportArgumentType] - there is one
    finally:
        os._exit(status)


def _share(copy: _Copy[R]) -> list[R]:
    with os.fdopen(copy.results, "rb") as results:
        data = results.read()
    os.waitpid(copy.process, 0)
    return cast("list[R]", pickle.loads(data))  # noqa: S301 - from ourselves
