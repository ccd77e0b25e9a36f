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


class LibraryError(Exception):
    """The FAQ could not be tried out or written, for no fault of what was to be changed."""


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
    question: int | None = None
    """The question in the inbox that they answer."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A proposal that is being published."""

    proposal: Proposal
    by: int
    """The editor who approved it."""
    before: Mapping[str, str | None]
    """File → the text that it replaces."""


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
        """Remove a proposal that is rejected; None if another editor was first."""
        ...

    async def approve(
        self, number: int, by: int, before: Mapping[str, str | None]
    ) -> Approval | None:
        """Mark a proposal, which is then published; None if another editor was first."""
        ...

    async def approved(self) -> Sequence[tuple[int, Approval]]:
        """Return what is marked: it is being published, or was when the bot ended."""
        ...

    async def reopen(self, number: int) -> None:
        """Let a proposal that was marked wait again."""
        ...

    async def complete(self, number: int, deeds: Sequence[Deed]) -> None:
        """Write down what was done and remove the proposal, in one step and only once."""
        ...


class Library(Protocol):
    """The folder of the FAQ, and what answers from it.

    What is awaited raises LibraryError if it could not be done; changes are then all written, or
    none.
    """

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

    async def check(self) -> Sequence[Fault]:
        """Return every problem of the FAQ as it stands in its folder."""
        ...

    async def try_out(self, changes: Sequence[Change]) -> Trial:
        """Return what would come of changes."""
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

    async def unpack(self, data: bytes, name: str) -> tuple[Sequence[Change], Sequence[Fault]]:
        """Return the files in an upload, and what is wrong with it. Nothing is written.

        An entry's `name` is where it belongs in the FAQ, a zip's is its own.
        """
        ...
