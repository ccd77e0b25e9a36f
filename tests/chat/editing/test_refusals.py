"""Who may not edit is told why and what to do, where only they see it, at every step."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.chat.editing.gate import Gate
from bot.chat.editing.parts import Home
from bot.sandbox import CannotDoError, Permission
from tests.chat.conftest import served
from tests.chat.editing.shelf import Book
from tests.support import write

if TYPE_CHECKING:
    from bot.chat.editing.parts import Ledger
    from bot.sandbox import Channel, Interaction, Person, Sandbox
    from tests.chat.editing.conftest import Office

EVERY = {
    "test": {"question": "hsct"},
    "show": {"entry": "ahsct-cost"},
    "edit": {"entry": "ahsct-cost"},
    "add": {"topic": "ahsct"},
    "retire": {"entry": "ahsct-cost"},
    "proposals": {},
    "history": {},
    "export": {},
    "check": {},
    "due": {},
    "setup": {},
}


async def refused(use: Interaction) -> str:
    answer = await use.answer()
    assert answer.is_ephemeral
    return answer.text


@pytest.mark.usefixtures("bot")
async def test_no_other_server_may_edit_whatever_one_may_do_there(
    sandbox: Sandbox, office: Office
) -> None:
    other = sandbox.add_server("Another server", "lobby")
    boss = sandbox.owner_of(other)
    for name, options in EVERY.items():
        told = await refused(boss.slash(other.channel("lobby"), f"faq {name}", **options))
        assert "in one server only" in told, name
        assert "/about" in told
    assert office.shelf.trials == 0


class Watching(Gate):
    """The gate, with a list of who came."""

    def __init__(self, home_guild: int, ledger: Ledger) -> None:
        super().__init__(home_guild, ledger)
        self.came: list[discord.Member] = []

    async def editors(self, interaction: discord.Interaction[Any]) -> Home:
        """Let editors in, and note who came."""
        assert isinstance(interaction.user, discord.Member)
        self.came.append(interaction.user)
        return await super().editors(interaction)


async def test_the_library_tells_the_roles_of_a_member_nowhere_else(
    sandbox: Sandbox, office: Office, erin: Person
) -> None:
    """If this fails, the gate can do without an attribute that is none of its business."""
    gate = Watching(office.server.id, office.book)
    desk = replace(office.desk, gate=gate)
    async with served(sandbox, lambda: office.shelf.engine, editing=desk):
        listed = await erin.slash(office.general, "faq proposals").answer()
    assert "Nothing." in listed.text
    [member] = gate.came
    assert list(member._roles) == [office.editors.id]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    assert member.roles == []
    assert member.get_role(office.editors.id) is None


@pytest.mark.usefixtures("bot")
async def test_roles_of_the_same_number_count_in_the_home_server_only(
    sandbox: Sandbox, office: Office
) -> None:
    other = sandbox.add_server("Another server", "lobby")
    role = sandbox.add_role(other, "Editors", Permission.MANAGE_SERVER)
    role.id = office.editors.id
    person = sandbox.add_person("eve", other)
    other.members[person.user.id].roles.append(role)
    told = await refused(person.slash(other.channel("lobby"), "faq check"))
    assert "in one server only" in told


@pytest.mark.usefixtures("bot")
async def test_without_the_role_nobody_edits(office: Office) -> None:
    person = office.person("mel", office.managers)
    for name, options in EVERY.items():
        if name == "setup":
            continue
        told = await refused(person.slash(office.general, f"faq {name}", **options))
        assert f"<@&{office.editors.id}>" in told, name
        assert "Ask somebody who may manage this server" in told
    assert office.shelf.trials == 0


@pytest.mark.usefixtures("bot")
async def test_members_do_not_even_see_the_commands(office: Office) -> None:
    member = office.person("anna")
    with pytest.raises(CannotDoError):
        member.slash(office.general, "faq check")
    with pytest.raises(CannotDoError):
        member.slash(member.inbox, "faq check")


@pytest.mark.usefixtures("bot")
async def test_only_who_may_manage_the_server_sets_up(office: Office, erin: Person) -> None:
    office.general.deny(erin.user, Permission.MANAGE_SERVER)
    page = await office.sandbox.owner_of(office.server).slash(office.general, "faq setup").answer()
    page.only_for = None
    told = await refused(erin.choose(page, office.managers))
    assert "may manage this server" in told
    assert (await office.book.home()).editors == (office.editors.id,)


@pytest.mark.usefixtures("bot")
async def test_before_anything_is_set_up_nobody_edits(office: Office, erin: Person) -> None:
    await office.book.set_home(Home())
    assert "`/faq setup`" in await refused(erin.slash(office.general, "faq check"))


async def test_without_a_home_server_editing_is_off(
    sandbox: Sandbox, office: Office, erin: Person
) -> None:
    desk = replace(office.desk, gate=Gate(None, office.book))
    for one in (desk, None):
        async with served(sandbox, lambda: office.shelf.engine, editing=one):
            told = await refused(erin.slash(office.general, "faq check"))
        assert "Editing in Discord is off" in told
        assert "HOME_GUILD_ID" in told


@pytest.mark.usefixtures("bot")
async def test_while_nobody_can_tell_who_may_edit_nobody_does(office: Office, erin: Person) -> None:
    office.book.lost_after = 0
    told = await refused(erin.slash(office.general, "faq check"))
    assert "cannot look up who may edit" in told
    assert "database" in told


async def test_nobody_waits_longer_than_discord_does_to_hear_who_may_edit(
    sandbox: Sandbox, office: Office, erin: Person
) -> None:
    class Slow(Book):
        async def home(self) -> Home:
            return await asyncio.get_running_loop().create_future()

    slow = Gate(office.server.id, Slow(office.store), within=0.01)
    desk = replace(office.desk, gate=slow)
    async with served(sandbox, lambda: office.shelf.engine, editing=desk):
        told = await refused(erin.slash(office.general, "faq check"))
    assert "cannot look up who may edit" in told


@pytest.mark.usefixtures("bot")
async def test_a_role_that_is_taken_away_ends_it_at_once(office: Office, erin: Person) -> None:
    menu = await erin.slash(office.general, "faq edit", entry="ahsct-cost").answer()
    opened = await office.form(erin, menu, "text")
    office.server.members[erin.user.id].roles.clear()
    assert "You have none of them now" in await refused(erin.choose(menu, "asked"))
    sent = erin.submit_modal(opened, {"short": "Something else."})
    assert "You have none of them now" in await refused(sent)
    assert office.shelf.trials == 0


@pytest.mark.usefixtures("bot")
async def test_a_role_that_is_taken_away_ends_every_press(office: Office, erin: Person) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Something else."})
    before = office.shelf.text("entries/ahsct/ahsct-cost.md")
    office.server.members[erin.user.id].roles.clear()
    for label in ("Publish", "Edit again", "Discard"):
        assert "You have none of them now" in await refused(erin.press(page, label)), label
    assert office.shelf.text("entries/ahsct/ahsct-cost.md") == before
    assert len(office.desk.drafts) == 1


@pytest.mark.usefixtures("bot")
async def test_another_role_that_is_chosen_ends_it_too(office: Office, erin: Person) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Something else."})
    await office.book.set_home(Home(editors=(office.managers.id,), two_person="never"))
    assert f"<@&{office.managers.id}>" in await refused(erin.press(page, "Publish"))


@pytest.mark.usefixtures("bot")
async def test_a_question_is_answered_while_a_draft_is_tried_out(
    office: Office, erin: Person, general: Channel
) -> None:
    office.shelf.doors.clear()
    anna = office.person("anna")
    sent = await office.edit(erin, "ahsct-cost", "text", {"short": "Something else."})
    await sent.acknowledged()
    answer = await anna.slash(general, "ask", question="hsct price").answer()
    assert "tens of thousands" in answer.text
    asked = anna.mention(general, "hsct meaning")
    assert "What is AHSCT?" in (await general.reply_to(asked)).text
    office.shelf.doors.set()
    assert "Something else." in (await sent.answer()).text


@pytest.mark.usefixtures("bot")
async def test_what_breaks_is_told_with_a_number_and_without_what_was_typed(
    office: Office, erin: Person, caplog: pytest.LogCaptureFixture
) -> None:
    sent = await office.edit(erin, "ahsct-cost", "asked", {"also_asked": "SECRET WORDS"})
    await sent.answer()
    write(office.shelf.root, "entries/ahsct/ahsct-cost.md", b"\xff\xfe")
    told = await refused(erin.slash(office.general, "faq show", entry="ahsct-cost"))
    assert "`" in told
    assert "SECRET WORDS" not in caplog.text
    assert "UnicodeDecodeError" in caplog.text
