"""The book that editing in Discord is handed, kept in the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from bot.chat.editing.parts import Approval, Deed, Home, Kind, LedgerError, Proposal
from bot.core.changes import Change
from bot.storage import editing
from bot.storage.failures import StorageError
from bot.storage.servers import HomeSettings

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from bot.storage.store import Store


@dataclass(frozen=True)
class _Proposed:
    """What a proposal would write, as it is kept: file, text and base version of each."""

    files: tuple[tuple[str, str | None, str], ...]
    question: int | None = None


_proposed = TypeAdapter(_Proposed)
_texts = TypeAdapter(dict[str, str | None])


class StoredLedger:
    """The ledger of `bot.chat.editing`, on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def home(self) -> Home:
        """Return what was set up."""
        with _told():
            kept = await self._store.home.get()
        return Home(kept.editors, kept.moderators_channel, kept.two_person)

    async def set_home(self, home: Home) -> None:
        """Keep what was set up."""
        settings = HomeSettings(
            editors=home.editors, moderators_channel=home.channel, two_person=home.two_person
        )
        with _told():
            await self._store.home.set(settings)

    async def record(self, deeds: Sequence[Deed]) -> None:
        """Write down what was done: all of it or nothing."""
        with _told():
            await self._store.changes.record_all(tuple(map(_edit, deeds)))

    async def history(self, file: str | None) -> Sequence[tuple[int, Deed]]:
        """Return what was done to a file, or to any, the newest first."""
        with _told():
            found = await self._store.changes.list(file)
        return [(one.id, _deed(one.edit)) for one in found]

    async def deed(self, number: int) -> Deed | None:
        """Return one of them."""
        with _told():
            found = await self._store.changes.get(number)
        return None if found is None else _deed(found.edit)

    async def propose(self, proposal: Proposal) -> int:
        """Keep a proposal; return its number."""
        base = proposal.base
        files = tuple((one.file, one.text, base.get(one.file, "")) for one in proposal.changes)
        kept = editing.Proposal(
            at=proposal.at,
            editor=proposal.editor,
            entry=proposal.entry,
            kind=editing.Kind(proposal.kind.value),
            base=None,
            after=_proposed.dump_json(_Proposed(files, proposal.question)).decode(),
        )
        with _told():
            return (await self._store.proposals.put(kept)).id

    async def proposals(self) -> Sequence[tuple[int, Proposal]]:
        """Return what waits, the oldest first."""
        with _told():
            found = await self._store.proposals.list()
        return [(one.id, _proposal(one.proposal)) for one in found]

    async def proposal(self, number: int) -> Proposal | None:
        """Return one proposal."""
        with _told():
            found = await self._store.proposals.get(number)
        return None if found is None else _proposal(found.proposal)

    async def take(self, number: int) -> Proposal | None:
        """Remove a proposal that is rejected."""
        with _told():
            found = await self._store.proposals.take(number)
        return None if found is None else _proposal(found.proposal)

    async def approve(
        self, number: int, by: int, before: Mapping[str, str | None]
    ) -> Approval | None:
        """Mark a proposal, which is then published."""
        texts = _texts.dump_json(dict(before)).decode()
        with _told():
            found = await self._store.proposals.approve(number, by, texts)
        return None if found is None else Approval(_proposal(found.proposal), by, before)

    async def approved(self) -> Sequence[tuple[int, Approval]]:
        """Return what is marked."""
        with _told():
            found = await self._store.proposals.approved()
        return [
            (one.id, Approval(_proposal(one.proposal), one.by, _texts.validate_json(one.before)))
            for one in found
        ]

    async def reopen(self, number: int) -> None:
        """Let a proposal that was marked wait again."""
        with _told():
            await self._store.proposals.reopen(number)

    async def complete(self, number: int, deeds: Sequence[Deed]) -> None:
        """Write down what was done and remove the proposal, in one step and only once."""
        with _told():
            await self._store.proposals.complete(number, tuple(map(_edit, deeds)))


def _edit(deed: Deed) -> editing.Edit:
    return editing.Edit(
        at=deed.at,
        editor=deed.editor,
        entry=deed.file,
        kind=editing.Kind(deed.kind.value),
        before=deed.before,
        after=deed.after,
        approved_by=deed.approved_by,
    )


def _deed(edit: editing.Edit) -> Deed:
    return Deed(
        at=edit.at,
        editor=edit.editor,
        file=edit.entry,
        kind=Kind(edit.kind.value),
        before=edit.before,
        after=edit.after,
        approved_by=edit.approved_by,
    )


def _proposal(kept: editing.Proposal) -> Proposal:
    try:
        proposed = _proposed.validate_json(kept.after or "")
    except ValidationError:
        # Written by another version: it can be looked at and rejected, and changes nothing.
        proposed = _Proposed(())
    return Proposal(
        at=kept.at,
        editor=kept.editor,
        entry=kept.entry,
        kind=Kind(kept.kind.value),
        changes=tuple(Change(file, text) for file, text, _ in proposed.files),
        base={file: base for file, _, base in proposed.files},
        question=proposed.question,
    )


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except StorageError as error:
        raise LedgerError from error
