"""A small FAQ in a folder, and a book in memory: what editing is handed in these tests."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.editing.parts import LedgerError
from bot.content.load import load, load_cases
from bot.content.retiring import retire
from bot.core.changes import CaseChange, Change, Conflict, Published, Trial, Unfit
from bot.core.engine import Engine
from bot.core.evaluation import name_of
from bot.ledger import StoredLedger
from tests.support import TODAY, problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chat.editing.parts import Deed, Home, Proposal
    from bot.core.changes import Fault, Outcome
    from bot.storage.store import Store


class Shelf:
    """The folder of a FAQ. `doors` are closed by a test that wants to do something meanwhile."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = engine_of(root)
        self.doors = asyncio.Event()
        self.doors.set()
        self.trials = 0

    def write(self, change: Change) -> None:
        """Write one file, as somebody with a shell would."""
        _write(self.root, (change,))

    def reload(self) -> None:
        """Answer from what stands in the folder now."""
        self.engine = engine_of(self.root)

    def text(self, file: str) -> str | None:
        """Return what stands in a file."""
        path = self.root / file
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def version(self, text: str | None) -> str:
        """Return the version of a text."""
        return "" if text is None else hashlib.sha256(text.encode()).hexdigest()

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what would come of changes, once the doors are open."""
        self.trials += 1
        await self.doors.wait()
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "faq"
            shutil.copytree(self.root, root)
            _write(root, changes)
            found = tuple(problems(root))
            if any(one.severity == "error" for one in found):
                return Trial(found, (), None)
            return self._compared(root, found)

    def _compared(self, root: Path, found: Sequence[Fault]) -> Trial:
        engine = engine_of(root)
        placed, _ = load_cases(root)
        changed: list[CaseChange] = []
        for one in placed:
            before, after = (_outcome(each, one.case.ask) for each in (self.engine, engine))
            if before != after:
                changed.append(CaseChange(one.case.ask, one.set_name, before, after))
        return Trial(tuple(found), tuple(changed), engine)

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Write changes, unless a file is no longer what it was."""
        for change in changes:
            now = self.text(change.file)
            if self.version(now) != base[change.file]:
                return Conflict(change.file, now)
        trial = await self.try_out(changes)
        if not trial.is_fit:
            return Unfit(trial.faults)
        _write(self.root, changes)
        self.reload()
        return Published("live")

    def retire(self, entry_id: str) -> Sequence[Change]:
        """Return what has to change for an entry to leave."""
        return retire(self.root, entry_id)

    async def pack(self) -> bytes:
        """Return the folder as a zip."""
        return b"PK the whole folder"

    async def unpack(self, data: bytes, name: str) -> Sequence[Change] | Sequence[Fault]:
        """Return the files in an upload."""
        return [Change(name, data.decode())]


class Book(StoredLedger):
    """The ledger on a real database, and a switch: `lost_after` so many uses it is away."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.lost_after: int | None = None

    async def home(self) -> Home:
        """Return what was set up, unless it is away."""
        self._use()
        return await super().home()

    async def record(self, deeds: Sequence[Deed]) -> None:
        """Write down what was done, unless it is away."""
        self._use()
        await super().record(deeds)

    async def propose(self, proposal: Proposal) -> int:
        """Keep a proposal, unless it is away."""
        self._use()
        return await super().propose(proposal)

    def _use(self) -> None:
        if self.lost_after is not None:
            self.lost_after -= 1
            if self.lost_after < 0:
                raise LedgerError


def engine_of(root: Path) -> Engine:
    """Return what answers from a folder."""
    loaded = load(root, TODAY)
    assert loaded.faq is not None, loaded.problems
    return Engine.of(loaded.faq, loaded.weights)


def _outcome(engine: Engine, question: str) -> str:
    outcome = engine.consider(question).outcome
    entry = getattr(outcome, "entry", None)
    return f"{name_of(outcome)} {entry.id}" if entry else name_of(outcome)


def _write(root: Path, changes: Sequence[Change]) -> None:
    for change in changes:
        path = root / change.file
        if change.text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change.text, encoding="utf-8")
