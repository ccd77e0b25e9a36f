"""The same work for many items, on every core: by copies of this process, which end with it."""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")

_TOO_FEW: Final = 100
"""Items that are done before a second process has been started."""
_MOST_SHARES: Final = 256
"""As many as one byte can number: no two processes ever take the same one."""


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
    size = -(-len(items) // _MOST_SHARES)
    shares = [items[at : at + size] for at in range(0, len(items), size)]
    # Whoever is done takes the next: where one core is busy with something else, nobody waits.
    tickets = _tickets(len(shares))
    copies = [_copy(function, shares, tickets) for _ in range(1, processes)]
    done = dict(_done(function, shares, tickets))
    os.close(tickets)
    for copy in copies:
        done.update(_told(copy))
    return [result for number in range(len(shares)) for result in done[number]]


def _tickets(number: int) -> int:
    """Return what a byte for each share is read from, and then nothing more."""
    here, there = os.pipe()
    os.write(there, bytes(range(number)))
    os.close(there)
    return here


def _done(
    function: Callable[[T], R], shares: Sequence[Sequence[T]], tickets: int
) -> Iterator[tuple[int, list[R]]]:
    """Do one share after the other, as long as there are any; yield each with its number."""
    while ticket := os.read(tickets, 1):
        yield ticket[0], [function(item) for item in shares[ticket[0]]]


@dataclass(frozen=True, slots=True)
class _Copy(Generic[R]):
    process: int
    results: int
    """Where they are read from."""


def _copy(function: Callable[[T], R], shares: Sequence[Sequence[T]], tickets: int) -> _Copy[R]:
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
            pickle.dump(dict(_done(function, shares, tickets)), results, pickle.HIGHEST_PROTOCOL)
        status = 0
    except BrokenPipeError:
        pass
    except BaseException:  # noqa: BLE001 - nothing may get past the copy's own end
        sys.excepthook(*sys.exc_info())  # pyright: ignore[reportArgumentType] - there is one
    finally:
        os._exit(status)


def _told(copy: _Copy[R]) -> dict[int, list[R]]:
    with os.fdopen(copy.results, "rb") as results:
        data = results.read()
    os.waitpid(copy.process, 0)
    return cast("dict[int, list[R]]", pickle.loads(data))  # noqa: S301 - from ourselves
