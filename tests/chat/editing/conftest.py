"""The bot with a small FAQ that its editors, Erin and Edda, may change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.chat.editing.desk import EditingDesk
from bot.chat.editing.drafts import Drafts
from bot.chat.editing.gate import Gate
from bot.chat.editing.parts import Home
from bot.sandbox import Permission
from bot.storage.store import Store
from tests.chat.conftest import Watch, served
from tests.chat.editing.shelf import Book, Shelf
from tests.support import small

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.chat.editing.parts import TwoPerson
    from bot.sandbox import Channel, Interaction, Message, Person, Sandbox, Server
    from bot.sandbox.filling import FieldValue
    from bot.sandbox.places import Role
    from tests.chat.conftest import Bot


@dataclass
class Office:
    """The home server: what editors work with, and who they are."""

    sandbox: Sandbox
    server: Server
    general: Channel
    shelf: Shelf
    book: Book
    watch: Watch
    desk: EditingDesk
    editors: Role
    managers: Role

    def person(self, name: str, *roles: Role) -> Person:
        """Return somebody new in the server with these roles."""
        person = self.sandbox.add_person(name, self.server)
        self.server.members[person.user.id].roles.extend(roles)
        return person

    async def alone(self) -> None:
        """Let one editor be enough for everything."""
        await self.set_up(two_person="never")

    async def set_up(
        self, *, channel: Channel | None = None, two_person: TwoPerson = "treatment"
    ) -> None:
        """Set up the home server."""
        number = channel.id if channel else None
        await self.book.set_home(Home((self.editors.id,), number, two_person))

    def restarted(self) -> EditingDesk:
        """Return the desk as it is after a restart: what was kept in memory is gone."""
        return replace(self.desk, drafts=Drafts(self.watch))

    async def form(self, person: Person, page: Message, part: str) -> Interaction:
        """Choose a part of an entry; return the use that opened its form."""
        opened = person.choose(page, part)
        await opened.modal()
        return opened

    async def edit(
        self, person: Person, entry: str, part: str, typed: Mapping[str, FieldValue]
    ) -> Interaction:
        """Use `/faq edit`, fill in the form of a part, and send it."""
        page = await person.slash(self.general, "faq edit", entry=entry).answer()
        opened = await self.form(person, page, part)
        return person.submit_modal(opened, typed)

    async def decision(
        self, person: Person, entry: str, part: str, typed: Mapping[str, FieldValue]
    ) -> Message:
        """Do the same; return the page with the decision, which follows the preview."""
        sent = await self.edit(person, entry, part, typed)
        await sent.answer()
        return await sent.followup()


@pytest.fixture
async def office(
    sandbox: Sandbox, server: Server, general: Channel, tmp_path: Path
) -> AsyncIterator[Office]:
    """Return the home server with its FAQ."""
    async with Store.open(tmp_path / "bot.sqlite") as store:
        office = _office(sandbox, server, general, Shelf(small(tmp_path)), Book(store))
        await office.set_up()
        yield office


def _office(sandbox: Sandbox, server: Server, general: Channel, shelf: Shelf, book: Book) -> Office:
    editors = sandbox.add_role(server, "Editors", Permission.MANAGE_SERVER)
    managers = sandbox.add_role(server, "Managers", Permission.MANAGE_SERVER)
    watch = Watch()
    desk = EditingDesk(
        gate=Gate(server.id, book),
        library=shelf,
        ledger=book,
        drafts=Drafts(watch),
        now=lambda: datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    return Office(sandbox, server, general, shelf, book, watch, desk, editors, managers)


@pytest.fixture
async def bot(sandbox: Sandbox, office: Office) -> AsyncIterator[Bot]:
    """Return the bot, answering from the small FAQ."""
    async with served(sandbox, lambda: office.shelf.engine, office.desk) as bot:
        yield bot


@pytest.fixture
def erin(office: Office) -> Person:
    """Return an editor."""
    return office.person("erin", office.editors)


@pytest.fixture
def edda(office: Office) -> Person:
    """Return another editor."""
    return office.person("edda", office.editors)
