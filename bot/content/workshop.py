"""The process beside the bot in which FAQs are built: started when needed, ended with the bot."""

from __future__ import annotations

import ctypes
import gc
import pickle
import signal
import subprocess
import sys
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from bot.content.learned import DamagedError, read_learned
from bot.content.load import ordinary_words
from bot.content.rebuilding import Rebuilder, Told
from bot.content.sharing_out import processes_at_hand
from bot.content.snapshot import mark_of
from bot.core.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.content.rebuilding import Built
    from bot.core.changes import Change, Outcome
    from bot.core.faq import Faq
    from bot.core.fitting import Index
    from bot.core.listening import Learned

_MOST_PROCESSES: Final = 4
_IDLE_AFTER: Final = 30.0
# One thread: the process copies itself to run the cases, and threads are not copied.
_START: Final = (
    "import os, sys; os.environ['OPENBLAS_NUM_THREADS'] = '1'; sys.path.insert(0, sys.argv[1]); "
    "from bot.content.workshop import work; work(sys.argv[2:])"
)


class WorkshopError(Exception):
    """The process failed, or is gone. The text says how, for a log."""


class Workshop:
    """Builds FAQs without keeping an event loop waiting. To be used from other threads than its."""

    def __init__(self, root: Path, data_dir: Path, learned: Learned | None, mark: str) -> None:
        """Begin with what is `learned` at present, and its `mark`; it need not be sent then."""
        self._root = root
        self._data_dir = data_dir
        self._learned = learned
        self._mark = mark
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._busy = Lock()
        self.closed = False

    @property
    def process_id(self) -> int | None:
        """The number of the process; None as long as there is none."""
        return None if self._process is None else self._process.pid

    def rebuild(self, today: date, known: str) -> tuple[Told, Engine | None]:
        """Return the FAQ as it stands in the folder; no engine if it is unfit or `known`.

        Raises:
            WorkshopError: if it cannot be built, for no fault of the FAQ.

        """
        with self._busy:
            told = cast("Told", self._ask("rebuild", today, known))
            return told, self._engine()

    def try_out(self, changes: Sequence[Change], today: date) -> tuple[Told, Engine | None]:
        """Return the FAQ as it would be, and the cases that would come out differently.

        Raises:
            WorkshopError: if it cannot be built, for no fault of the change.

        """
        with self._busy:
            told = cast("Told", self._ask("try_out", tuple(changes), today))
            return told, self._engine()

    def publish(self, changes: Sequence[Change], base: Mapping[str, str], today: date) -> Outcome:
        """Write the changes if what comes of them is fit, all of them or none.

        Raises:
            WorkshopError: if that failed; then all of them were written, or none.

        """
        with self._busy:
            answer = self._ask("publish", tuple(changes), dict(base), today)
            return cast("Outcome", answer)

    def close(self) -> None:
        """End the process for good, whatever it is doing."""
        self.closed = True
        if self._process is not None:
            self._process.kill()
        with self._busy:
            self._clear()

    def _ask(self, name: str, *arguments: object) -> object:
        try:
            self._start().send((name, arguments, self._mark))
            failure, answer = self._receive()
        except (EOFError, OSError) as error:
            self._clear()
            raise WorkshopError("the process that builds the FAQ has ended") from error
        if failure:
            raise WorkshopError(failure)
        return answer

    def _start(self) -> Connection:
        if self.closed:
            raise WorkshopError("the process that builds the FAQ was ended with the bot")
        if self._line is None:
            here, there = cast("tuple[Connection, Connection]", Pipe())
            folder = Path(__file__).parents[2]
            arguments = (folder, there.fileno(), self._root, self._data_dir)
            self._process = subprocess.Popen(  # noqa: S603 - ourselves, with fixed words
                [sys.executable, "-c", _START, *map(str, arguments)],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            there.close()
            self._line = here
        return self._line

    def _receive(self) -> tuple[str, object]:
        """Return what comes next; in pieces, since nothing else runs while one is unpacked."""
        if self._line is None:
            raise EOFError
        return cast("tuple[str, object]", pickle.loads(self._line.recv_bytes()))  # noqa: S301

    def _engine(self) -> Engine | None:
        try:
            names = cast("list[str]", self._receive()[1])
            parts = {name: self._receive()[1] for name in names}
        except (EOFError, OSError) as error:
            self._clear()
            raise WorkshopError("the process that builds the FAQ has ended") from error
        if not parts:
            return None
        if "learned" in parts:
            self._take_learned(cast("tuple[bytes, bytes | None]", parts["learned"]))
        faq = cast("Faq", parts["faq"])
        faq = faq.model_copy(update={"ordinary_words": ordinary_words()})
        return Engine.of(faq, self._learned, cast("Index", parts["index"]))

    def _take_learned(self, files: tuple[bytes, bytes | None]) -> None:
        try:
            self._learned = read_learned(*files)
        except DamagedError:
            # The check has said so already; phrases stand alone then.
            self._learned = None
        self._mark = mark_of(files)

    def _clear(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


def work(arguments: Sequence[str]) -> None:
    """Do what the other side asks for until it is gone: the main program of the process."""
    # Ctrl-C goes to every process of a terminal; the bot itself ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Searching for garbage while building takes a tenth of the time; it is done in between.
    gc.disable()
    line = Connection(int(arguments[0]))
    processes = min(_MOST_PROCESSES, processes_at_hand())
    bench = _Bench(line, Rebuilder(Path(arguments[1]), Path(arguments[2]), processes))
    while True:
        try:
            if not line.poll(_IDLE_AFTER):
                _give_back_memory()
            name, given, mark = cast("tuple[str, tuple[object, ...], str]", line.recv())
            bench.do(name, given, mark)
        except (EOFError, OSError):
            return
        gc.collect()


def _give_back_memory() -> None:
    """Return to the system what building needed and nobody uses, some tens of MB."""
    # Only glibc keeps it, and has this.
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is not None:
        give_back(0)


class _Bench:
    def __init__(self, line: Connection, rebuilder: Rebuilder) -> None:
        self._line = line
        self._rebuilder = rebuilder

    def do(self, name: str, given: tuple[object, ...], mark: str) -> None:
        try:
            answer, built = self._done(name, given)
            parts = _parts(built, mark)
        except Exception:  # noqa: BLE001 - told to the other side, which logs it
            self._line.send((traceback.format_exc(), None))
            return
        self._line.send(("", answer))
        if name != "publish":
            self._line.send(("", list(parts)))
            for part in parts.values():
                self._line.send_bytes(part)
        if name == "rebuild" and built is not None:
            self._rebuilder.keep(built)

    def _done(self, name: str, given: tuple[object, ...]) -> tuple[object, Built | None]:
        if name == "publish":
            changes, base, today = cast("tuple[tuple[Change, ...], dict[str, str], date]", given)
            return self._rebuilder.publish(changes, base, today), None
        if name == "try_out":
            changes, today = cast("tuple[tuple[Change, ...], date]", given)
            built, told = self._rebuilder.try_out(changes, today)
            return replace(built.told, case_changes=told), built
        today, known = cast("tuple[date, str]", given)
        built, signature = self._rebuilder.rebuild(today)
        told = replace(built.told, signature=signature)
        return told, built if built.is_fit and built.version != known else None


def _parts(built: Built | None, mark: str) -> dict[str, bytes]:
    pieces = built.pieces if built is not None else None
    if pieces is None:
        return {}
    parts: dict[str, object] = {
        # Words that both sides have anyhow.
        "faq": pieces.faq.model_copy(update={"ordinary_words": frozenset[str]()}),
        "index": pieces.index,
    }
    if mark_of(pieces.learned) != mark:
        parts["learned"] = pieces.learned
    return {name: pickle.dumps(("", part), pickle.HIGHEST_PROTOCOL) for name, part in parts.items()}
