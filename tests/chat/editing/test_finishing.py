"""A proposal that is being published is not lost, whenever the bot ends."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.chat.editing.parts import Home, Kind, LibraryError, Proposal
from bot.content.naming import version_of
from bot.core.changes import Change
from bot.keeping import FILE
from bot.ledger import StoredLedger
from bot.storage.store import Store
from tests.chat.conftest import served
from tests.chat.editing.shelf import Shelf
from tests.chat.feedback.conftest import keeping, until
from tests.chat.test_run_command import running
from tests.sandbox.conftest import LONG_PATIENCE
from tests.support import TODAY, small

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Deed
    from bot.core.changes import Outcome
    from bot.sandbox import Person, Sandbox
    from tests.chat.editing.conftest import Office

COST: Final = "entries/ahsct/ahsct-cost.md"
NEW: Final = "Ask them."


def proposal(desk: EditingDesk, editor: int, question: int | None = None) -> Proposal:
    """Return a proposal to change the answer of an entry."""
    text = desk.library.text(COST)
    assert text is not None
    changes = (Change(COST, f"{text.rpartition('---')[0]}---\n{NEW}\n"),)
    base = {COST: desk.library.version(text)}
    return Proposal(desk.now(), editor, "ahsct-cost", Kind.EDIT, changes, base, question)


async def cut_short(desk: EditingDesk, by: int, editor: int, question: int | None = None) -> None:
    """Leave what a bot leaves that ended right after a proposal was marked."""
    number = await desk.ledger.propose(proposal(desk, editor, question))
    assert await desk.ledger.approve(number, by, {COST: desk.library.text(COST)})


async def history(office: Office) -> Sequence[Deed]:
    return [deed for _, deed in await office.book.history(None)]


async def test_what_was_not_published_yet_waits_again(
    sandbox: Sandbox, office: Office, erin: Person, edda: Person
) -> None:
    await cut_short(office.desk, edda.user.id, erin.user.id)
    assert await office.book.proposals() == []
    async with served(sandbox, lambda: office.shelf.engine, editing=office.desk):
        await until_so(office.book.approved, so=False)
        listed = await edda.slash(office.general, "faq proposals").answer()
        use = edda.choose(listed, "1")
        await use.answer()
        assert "Published" in (await edda.press(await use.followup(), "Approve").answer()).text
    [deed] = await history(office)
    assert (deed.editor, deed.approved_by) == (erin.user.id, edda.user.id)


async def until_so(look: Callable[[], Awaitable[object]], *, so: bool = True) -> None:
    """Wait until a database, which tells nobody when it changes, shows something, or nothing."""
    async with asyncio.timeout(LONG_PATIENCE):
        while bool(await look()) is not so:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_what_was_published_is_written_down_and_its_question_closed(
    sandbox: Sandbox, office: Office, erin: Person, edda: Person, tmp_path: Path
) -> None:
    before = office.shelf.text(COST)
    async with keeping(tmp_path / "data" / "bot.db", day=lambda: TODAY) as kept:
        number = await kept.store.inbox.put("what do they take", TODAY)
        await cut_short(office.desk, edda.user.id, erin.user.id, number)
        office.shelf.write(proposal(office.desk, erin.user.id).changes[0])
        office.shelf.reload()
        async with served(
            sandbox, lambda: office.shelf.engine, editing=office.restarted(), kept=kept
        ):
            await until_so(office.book.approved, so=False)
            listed = await edda.slash(office.general, "faq proposals").answer()
            assert "Nothing." in listed.text
            await until_so(lambda: kept.store.inbox.list(TODAY), so=False)
    [deed] = await history(office)
    assert (deed.editor, deed.approved_by) == (erin.user.id, edda.user.id)
    assert (deed.before, deed.after) == (before, office.shelf.text(COST))


class Failing(Shelf):
    """A folder that fails to publish, for no fault of the change: before writing, or after."""

    writes = False

    async def publish(self, changes: Sequence[Change], base: Mapping[str, str]) -> Outcome:
        """Fail."""
        if self.writes:
            await super().publish(changes, base)
        raise LibraryError


@pytest.mark.parametrize("writes", [False, True])
async def test_where_publishing_fails_what_stands_in_the_files_decides(
    sandbox: Sandbox, office: Office, erin: Person, edda: Person, *, writes: bool
) -> None:
    shelf = Failing(office.shelf.root)
    shelf.writes = writes
    desk = replace(office.desk, library=shelf)
    number = await desk.ledger.propose(proposal(desk, erin.user.id))
    async with served(sandbox, lambda: shelf.engine, editing=desk):
        listed = await edda.slash(office.general, "faq proposals").answer()
        use = edda.choose(listed, str(number))
        await use.answer()
        told = await edda.press(await use.followup(), "Approve").answer()
    assert "for no fault of yours" in told.text
    assert len(await office.book.proposals()) == (0 if writes else 1)
    assert len(await history(office)) == (1 if writes else 0)


class Real(Shelf):
    """A folder with versions as the bot has them."""

    def version(self, text: str | None) -> str:
        """Return the version of a text."""
        return "" if text is None else version_of(text)


@dataclass
class Whole:
    """The bot as `msfaq run` runs it, on files and a database of its own."""

    office: Office
    folder: Path
    root: Path
    ledger: StoredLedger

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Process]:
        """Run it."""
        settings = {
            "FAQ_DIR": str(self.root),
            "DATA_DIR": str(self.folder),
            "HOME_GUILD_ID": str(self.office.server.id),
        }
        sandbox = self.office.sandbox
        async with running(sandbox, self.folder, **settings) as process:
            await sandbox.ready(within=LONG_PATIENCE)
            yield process

    def text(self) -> str:
        """Return what stands in the file now."""
        return (self.root / COST).read_text(encoding="utf-8")

    async def approve(self, editor: Person) -> None:
        """Look at the first proposal and press the button."""
        listed = await editor.slash(self.office.general, "faq proposals").answer()
        use = editor.choose(listed, "1")
        await use.answer(within=LONG_PATIENCE)
        editor.press(await use.followup(within=LONG_PATIENCE), "Approve")


@pytest.mark.parametrize("instant", ["marked", "written"])
async def test_a_process_that_is_killed_while_it_publishes_loses_nothing(
    office: Office, erin: Person, edda: Person, tmp_path: Path, instant: str
) -> None:
    root = small(tmp_path / "whole")
    async with Store.open(tmp_path / FILE) as store:
        whole = Whole(office, tmp_path, root, StoredLedger(store))
        desk = replace(office.desk, library=Real(root), ledger=whole.ledger)
        await whole.ledger.set_home(Home((office.editors.id,), None, "treatment"))
        await whole.ledger.propose(proposal(desk, erin.user.id))
        before = whole.text()
        async with whole.running() as process:
            await whole.approve(edda)
            if instant == "marked":
                await until_so(whole.ledger.approved)
            else:
                await until(lambda: NEW in whole.text())
            process.kill()
            await process.wait()
        async with whole.running():
            await until_so(whole.ledger.approved, so=False)
        found = await whole.ledger.history(None)
        if NEW in whole.text():
            assert await whole.ledger.proposals() == []
            [(_, deed)] = found
            assert (deed.before, deed.approved_by) == (before, edda.user.id)
        else:
            assert [number for number, _ in await whole.ledger.proposals()] == [1]
            assert found == []
