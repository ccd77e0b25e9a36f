"""What editing in Discord is handed: the folder of the FAQ, and the book of who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.core.changes import Change, Fault, Outcome, Trial
    from bot.core.engine import Engine

TwoPerson: TypeAlias = Literal["treatment", "always", "never"]
"""Which changes need a second editor: those about treatment (`advice` is not none), all, none."""


class Kind(StrEnum):
    """What is done to the FAQ."""

    EDIT = "edit"
    ADD = "add"
    RETIRE = "retire"
    RESTORE = "restore"
    IMPORT = "import"


class LedgerError(Exception):
    """The book cannot be read or written now."""


@dataclass(frozen=True, slots=True)
class Home:
    """Who edits the FAQ, and how."""

    editors: tuple[int, ...] = ()
    """The roles that may edit."""
    channel: int | None = None
    """Where moderators are told what waits for them."""
    two_person: TwoPerson = "treatment"


@dataclass(frozen=True, slots=True)
class Deed:
    """One file that was changed."""

    at: datetime
    editor: int
    file: str
    kind: Kind
    before: str | None
    after: str | None
    approved_by: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that wait for a second editor."""

    at: datetime
    editor: int
    entry: str
    kind: Kind
    changes: tuple[Change, ...]
    base: Mapping[str, str]
    """File → version of the text that the editor began from."""


class Ledger(Protocol):
    """The book of what editors did, of what waits, and of who may edit.

    Every method raises LedgerError if the book cannot be read or written.
    """

    async def home(self) -> Home:
        """Return what was set up: nobody edits where nothing was."""
        ...

    async def set_home(self, home: Home) -> None:
        """Keep what was set up."""
        ...

    async def record(self, deeds: Sequence[Deed]) -> None:
        """Write down what was done: all of it or nothing."""
        ...

    async def history(self, file: str | None) -> Sequence[tuple[int, Deed]]:
        """Return what was done to a file, or to any, each with its number, the newest first."""
        ...

    async def deed(self, number: int) -> Deed | None:
        """Return one of them."""
        ...

    async def propose(self, proposal: Proposal) -> int:
        """Keep a proposal; return its number."""
        ...

    async def proposals(self) -> Sequence[tuple[int, Proposal]]:
        """Return what waits, the oldest first."""
        ...

    async def proposal(self, number: int) -> Proposal | None:
        """Return one proposal; None if it was decided upon."""
        ...

    async def take(self, number: int) -> Proposal | None:
        """Remove a proposal to decide upon it; None if another editor was first."""
        ...


class Library(Protocol):
    """The folder of the FAQ, and what answers from it."""

    @property
    def engine(self) -> Engine:
        """What answers now."""
        ...

    def text(self, file: str) -> str | None:
        """Return what stands in a file now; None if there is no such file."""
        ...

    def version(self, text: str | None) -> str:
        """Return the version of a text, the same in every process; empty for None."""
        ...

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what would come of changes; without any, how the FAQ does now."""
        ...

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Write all changes or none, and answer from them.

        `base` is the version of each file that the editor began from, empty for a new one.
        """
        ...

    def retire(self, entry_id: str) -> Sequence[Change]:
        """Return everything that has to change for an entry to leave the FAQ."""
        ...

    async def pack(self) -> bytes:
        """Return the folder as a zip."""
        ...

    async def unpack(self, data: bytes, name: str) -> Sequence[Change] | Sequence[Fault]:
        """Return the files in an upload, or why it cannot be taken. Nothing is written."""
        ...
