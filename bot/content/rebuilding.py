"""What runs beside the bot, in a process of its own: reads, checks and builds each new FAQ.

The bot's own process only takes over what was built, so that answers wait for nothing. Between
two changes this process keeps what it made of the files, so that only what changed is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.content.cache import cached_index, keep_index
from bot.content.check import kept_problems, stale_calibration, written_problems
from bot.content.journal import changing, replace_files
from bot.content.load import load, load_cases, load_examples
from bot.content.naming import unfit_names, version_of
from bot.content.problems import Problem, errors, shown
from bot.content.reading import Memory
from bot.content.running import Runner
from bot.content.snapshot import Snapshot, signature, take
from bot.content.trials import case_changes, report_change
from bot.core.changes import Conflict, Published, Unfit
from bot.core.engine import Engine
from bot.core.phrases import PhraseError
from bot.core.remembering import Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from bot.content.load import Loaded, Placed
    from bot.core.changes import CaseChange, Change, Outcome
    from bot.core.evaluation import Came
    from bot.core.faq import Faq
    from bot.core.fitting import Index
    from bot.core.listening import Learned

_KEPT: Final = 2
"""FAQs that are kept at hand: the one that is live, and the last one that was tried out."""
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Pieces:
    """What an engine is made of in no time."""

    faq: Faq
    index: Index
    learned: tuple[bytes, bytes | None]
    """The files in which it stands: it cannot be sent itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said of a FAQ that was read and checked."""

    version: str
    """Hash of every file."""
    problems: tuple[Problem, ...]
    entries: int
    signature: str = ""
    """Of the folder when it was read, see `bot.content.snapshot.signature`."""
    case_changes: tuple[CaseChange, ...] = ()


@dataclass(slots=True)
class Built:
    """A FAQ that was read and checked. Without an engine it could not even be read."""

    version: str
    problems: tuple[Problem, ...]
    placed: Sequence[Placed] = ()
    engine: Engine | None = None
    pieces: Pieces | None = None
    came: Sequence[Came] | None = None
    """What came of each of `placed`; None as long as nobody has asked."""

    @property
    def is_fit(self) -> bool:
        """Whether nothing keeps it from answering members."""
        return self.pieces is not None and not errors(self.problems)

    @property
    def told(self) -> Told:
        """What is to be said of it."""
        entries = 0 if self.engine is None else len(self.engine.faq.entries)
        return Told(self.version, self.problems, entries)


class Rebuilder:
    """Builds the FAQ in one folder, as it changes."""

    def __init__(self, root: Path, data_dir: Path, processes: int) -> None:
        self._root = root
        self._cache = data_dir / "cache"
        self._memory = Memory()
        self._remembered = Remembered()
        self._runner = Runner(processes)
        self._built: dict[tuple[str, date], Built] = {}

    def rebuild(self, today: date) -> tuple[Built, str]:
        """Return the FAQ as it stands in the folder now, and the folder's signature."""
        snapshot = take(self._root)
        return self._build(snapshot, today), snapshot.signature

    def keep(self, built: Built) -> None:
        """Keep the index for the next start of the bot."""
        if built.pieces is not None and built.is_fit:
            faq, index = built.pieces.faq, built.pieces.index
            if cached_index(self._cache, faq) is None:
                keep_index(self._cache, faq, index)

    def try_out(
        self, changes: Sequence[Change], today: date
    ) -> tuple[Built, tuple[CaseChange, ...]]:
        """Return the FAQ as it would be, and every case that would come out differently."""
        snapshot = take(self._root)
        built = self._changed(snapshot, changes, today)
        before = self._build(snapshot, today)
        if built.engine is None or before.engine is None:
            return built, ()
        was, now = self._came(before), self._came(built)
        return built, (
            *case_changes(built.placed, was, now),
            *report_change(_of_report(before.placed, was), _of_report(built.placed, now)),
        )

    def publish(self, changes: Sequence[Change], base: Mapping[str, str], today: date) -> Outcome:
        """Write the changes if what comes of them is fit, all of them or none."""
        for _ in range(_TRIES):
            snapshot = take(self._root)
            conflict = _conflict(snapshot, changes, base)
            if conflict is not None:
                return conflict
            built = self._changed(snapshot, changes, today)
            if not built.is_fit:
                return Unfit(built.problems)
            try:
                with changing(self._root):
                    if signature(self._root) != snapshot.signature:
                        # Somebody wrote while we were checking: check again, with theirs.
                        continue
                    replace_files(self._root, {c.file: _bytes(c.text) for c in changes})
            except OSError as error:
                return Unfit((_unwritten(changes[0], error),))
            return Published(built.version)
        what = "other files are being changed all the time"
        return Unfit((Problem(".", 1, what, "try again when they are done"),))

    def _changed(self, snapshot: Snapshot, changes: Sequence[Change], today: date) -> Built:
        existing = {snapshot.name(path) for path in snapshot.files}
        problems = tuple(sorted(set(unfit_names(changes, existing))))
        if problems:
            return Built("", problems)
        return self._build(snapshot.with_changes({c.file: c.text for c in changes}), today)

    def _build(self, snapshot: Snapshot, today: date) -> Built:
        key = snapshot.version(), today
        built = self._built.pop(key, None)
        if built is None:
            built = self._anew(snapshot, today)
            self._memory.forget()
        self._built[key] = built
        while len(self._built) > _KEPT:
            del self._built[next(iter(self._built))]
        return built

    def _anew(self, snapshot: Snapshot, today: date) -> Built:
        loaded = load(snapshot, today, phrases=False, memory=self._memory)
        placed, unread_cases = load_cases(snapshot, memory=self._memory)
        _, unread_examples = load_examples(snapshot, memory=self._memory)
        problems = {*loaded.problems, *unread_cases, *unread_examples}
        engine = self._engine(loaded.faq, loaded.weights) if loaded.faq is not None else None
        if engine is None:
            # Phrases are read by the engine; where there is none, nobody has told of them.
            problems |= set(load(snapshot, today, memory=self._memory).problems)
        elif not errors(unread_cases):
            problems |= self._checked(engine, placed, loaded)
        learned = snapshot.learned_files()
        pieces = Pieces(engine.faq, engine.index, learned) if engine else None
        return Built(snapshot.version(), tuple(sorted(problems)), placed, engine, pieces)

    def _engine(self, faq: Faq, learned: Learned | None) -> Engine | None:
        try:
            # Not from the cache: what is remembered of building it makes the next one fast.
            return Engine.of(faq, learned, None, self._remembered)
        except PhraseError:
            return None

    def _checked(self, engine: Engine, placed: Sequence[Placed], loaded: Loaded) -> set[Problem]:
        # The report set only measures: it refuses nothing, so nothing waits for it.
        held = [one for one in placed if one.set_name != "report"]
        came = self._runner.came(engine, [one.case for one in held], whole=False)
        return {
            *written_problems(engine, placed, loaded.trees, self._runner),
            *kept_problems(held, came),
            *stale_calibration(engine.faq),
        }

    def _came(self, built: Built) -> Sequence[Came]:
        if built.came is None and built.engine is not None:
            built.came = self._runner.came(built.engine, [one.case for one in built.placed])
        return built.came or ()


def _of_report(placed: Sequence[Placed], came: Sequence[Came]) -> list[Came]:
    return [c for one, c in zip(placed, came, strict=True) if one.set_name == "report"]


def _conflict(
    snapshot: Snapshot, changes: Sequence[Change], base: Mapping[str, str]
) -> Conflict | None:
    for change in changes:
        data, _ = snapshot.files.get(snapshot.root / change.file, (None, []))
        text = None if data is None else data.decode("utf-8", "replace")
        if base.get(change.file, "") != ("" if text is None else version_of(text)):
            return Conflict(change.file, text)
    return None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _unwritten(change: Change, error: OSError) -> Problem:
    what = f"this cannot be written ({shown(error.strerror or 'unknown reason')})"
    return Problem(change.file, 1, what, "let the bot's user write the FAQ's folder, and try again")
