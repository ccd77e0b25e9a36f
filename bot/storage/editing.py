"""What editors did to the FAQ, and what they propose to do: the only table rows with people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from bot.storage.database import storable
from bot.storage.tables import changes, proposals

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Insert, Row

    from bot.storage.database import Database

NOBODY: Final = 0
"""Stands in the audit trail for an editor who asked to be made nameless."""
_WAITS: Final = proposals.c.approved_by.is_(None)


class Kind(StrEnum):
    """What is done to an entry."""

    EDIT = "edit"
    ADD = "add"
    RETIRE = "retire"
    RESTORE = "restore"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one entry by one editor; no text before an addition, none after the end."""

    at: datetime
    editor: int
    entry: str
    kind: Kind
    before: str | None
    after: str | None
    approved_by: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An edit in the audit trail, and its number there."""

    id: int
    edit: Edit


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits for a second editor; `base` is the version it was written against."""

    at: datetime
    editor: int
    entry: str
    kind: Kind
    base: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that waits, and its number."""

    id: int
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Approved:
    """A proposal that is being published, who approved it, and what stood there before."""

    id: int
    proposal: Proposal
    by: int
    before: str


class Changes:
    """The audit trail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, edit: Edit) -> Change:
        """Write one change into the trail."""
        (change,) = await self.record_all((edit,))
        return change

    async def record_all(self, edits: tuple[Edit, ...]) -> tuple[Change, ...]:
        """Write the changes of one import into the trail: all of them or none."""
        async with self._database.writing() as connection:
            numbers = [
                (await connection.execute(_row_of(edit).returning(changes.c.id))).scalar_one()
                for edit in edits
            ]
        return tuple(Change(number, edit) for number, edit in zip(numbers, edits, strict=True))

    async def list(
        self, entry: str | None = None, *, before: int | None = None, most: int = 25
    ) -> tuple[Change, ...]:
        """Return the latest changes, newest first: of one entry or all, before number `before`."""
        wanted = select(changes).order_by(changes.c.id.desc()).limit(most)
        if entry is not None:
            wanted = wanted.where(changes.c.entry == entry)
        if before is not None:
            wanted = wanted.where(changes.c.id < before)
        async with self._database.reading() as connection:
            return tuple(map(_change, (await connection.execute(wanted)).all()))

    async def get(self, number: int) -> Change | None:
        """Return one change, or None if there is none with this number."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(changes).where(changes.c.id == number))
            row = found.one_or_none()
        return None if row is None else _change(row)

    async def forget(self, editor: int) -> int:
        """Make an editor nameless in all that they did or approved; return in how many changes."""
        async with self._database.writing() as connection:
            touched = 0
            for column in (changes.c.editor, changes.c.approved_by):
                nameless = update(changes).where(column == editor).values({column: NOBODY})
                touched += (await connection.execute(nameless)).rowcount
            await connection.execute(delete(proposals).where(proposals.c.editor == editor))
            nameless = update(proposals).where(proposals.c.approved_by == editor)
            await connection.execute(nameless.values(approved_by=NOBODY))
        await self._database.let_go()
        return touched


class Proposals:
    """Changes that wait for a second editor."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, proposal: Proposal) -> Proposed:
        """Keep a proposal."""
        row = insert(proposals).values(
            at=proposal.at,
            editor=proposal.editor,
            entry=proposal.entry,
            kind=proposal.kind.value,
            base=proposal.base,
            after=_storable(proposal.after),
        )
        async with self._database.writing() as connection:
            kept = await connection.execute(row.returning(proposals.c.id))
            return Proposed(kept.scalar_one(), proposal)

    async def list(self) -> tuple[Proposed, ...]:
        """Return what waits, oldest first."""
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(proposals).where(_WAITS).order_by(proposals.c.id)
            )
            return tuple(map(_proposed, found.all()))

    async def get(self, number: int) -> Proposed | None:
        """Return one proposal, or None if it was decided upon."""
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(proposals).where(proposals.c.id == number, _WAITS)
            )
            row = found.one_or_none()
        return None if row is None else _proposed(row)

    async def take(self, number: int) -> Proposed | None:
        """Remove a proposal to decide upon it; None if another editor was first."""
        taken = delete(proposals).where(proposals.c.id == number, _WAITS).returning(*proposals.c)
        async with self._database.writing() as connection:
            row = (await connection.execute(taken)).one_or_none()
        return None if row is None else _proposed(row)

    async def approve(self, number: int, by: int, before: str) -> Proposed | None:
        """Mark a proposal as being published; None if another editor was first."""
        marked = update(proposals).where(proposals.c.id == number, _WAITS)
        marked = marked.values(approved_by=by, before=storable(before))
        async with self._database.writing() as connection:
            row = (await connection.execute(marked.returning(*proposals.c))).one_or_none()
        return None if row is None else _proposed(row)

    async def approved(self) -> tuple[Approved, ...]:
        """Return what is being published, or was when a process ended; oldest first."""
        marked = select(proposals).where(~_WAITS).order_by(proposals.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(marked)).all()
        return tuple(
            Approved(row.id, _proposed(row).proposal, row.approved_by, row.before) for row in rows
        )

    async def reopen(self, number: int) -> None:
        """Let a proposal wait again."""
        opened = update(proposals).where(proposals.c.id == number)
        async with self._database.writing() as connection:
            await connection.execute(opened.values(approved_by=None, before=None))

    async def complete(self, number: int, edits: tuple[Edit, ...]) -> bool:
        """Remove a proposal and write its changes into the trail; False if that was done before."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(proposals).where(proposals.c.id == number))
            if not gone.rowcount:
                return False
            for edit in edits:
                await connection.execute(_row_of(edit))
        return True


def _row_of(edit: Edit) -> Insert:
    return insert(changes).values(
        at=edit.at,
        editor=edit.editor,
        entry=edit.entry,
        kind=edit.kind.value,
        before=_storable(edit.before),
        after=_storable(edit.after),
        approved_by=edit.approved_by,
    )


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _change(row: Row[Any]) -> Change:
    kind = Kind(row.kind)
    return Change(
        row.id, Edit(row.at, row.editor, row.entry, kind, row.before, row.after, row.approved_by)
    )


def _proposed(row: Row[Any]) -> Proposed:
    kind = Kind(row.kind)
    return Proposed(row.id, Proposal(row.at, row.editor, row.entry, kind, row.base, row.after))
