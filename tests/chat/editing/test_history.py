"""Who changed what and when, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.editing.parts import Kind
from tests.chat.editing.conftest import options

if TYPE_CHECKING:
    from bot.sandbox import Message, Person
    from tests.chat.editing.conftest import Office

COST = "entries/ahsct/ahsct-cost.md"

pytestmark = pytest.mark.usefixtures("bot")


async def published(office: Office, erin: Person, short: str) -> None:
    page = await office.decision(erin, "ahsct-cost", "text", {"short": short})
    await erin.press(page, "Publish").answer()


async def the_change(office: Office, person: Person, entry: str, number: str) -> Message:
    listed = await person.slash(office.general, "faq history", entry=entry).answer()
    return await person.choose(listed, number).answer()


async def test_each_change_is_listed_with_who_and_when_and_shown_with_the_text_before(
    office: Office, erin: Person
) -> None:
    await office.alone()
    before = office.shelf.text(COST)
    await published(office, erin, "First.")
    await published(office, erin, "Second.")
    listed = await erin.slash(office.general, "faq history", entry="ahsct-cost").answer()
    assert listed.text.index("2. edit") < listed.text.index("1. edit")
    assert f"<@{erin.user.id}>" in listed.text
    assert f"<t:{int(office.desk.now().timestamp())}:f>" in listed.text
    shown = await erin.choose(listed, "1").answer()
    assert "+First." in shown.text
    (attached,) = shown.attachments
    assert attached.file.content.decode() == before


async def test_restoring_is_one_press(office: Office, erin: Person) -> None:
    await office.alone()
    before = office.shelf.text(COST)
    await published(office, erin, "First.")
    shown = await the_change(office, erin, "ahsct-cost", "1")
    told = await erin.press(shown, "Restore the text before").answer()
    assert "Published" in told.text
    assert office.shelf.text(COST) == before
    (_, deed), *_ = await office.book.history(COST)
    assert deed.kind is Kind.RESTORE
    told = await erin.press(shown, "Restore the text before").answer()
    assert "nothing to restore" in told.text


async def test_where_two_people_are_needed_restoring_is_proposed(
    office: Office, erin: Person
) -> None:
    await office.alone()
    await published(office, erin, "First.")
    await office.set_up()
    shown = await the_change(office, erin, "ahsct-cost", "1")
    use = erin.press(shown, "Restore the text before")
    assert "tens of thousands" in (await use.answer()).text
    page = await use.followup()
    assert "Proposal 1" in (await erin.press(page, "Propose").answer()).text
    assert "First." in str(office.shelf.text(COST))


async def test_a_retired_entry_comes_back_with_a_new_test_question(
    office: Office, erin: Person
) -> None:
    await office.alone()
    page = await erin.slash(office.general, "faq retire", entry="ahsct-cost").answer()
    await erin.press(page, "Publish").answer()
    listed = await erin.slash(office.general, "faq history", entry="ahsct-cost").answer()
    shown = await erin.choose(listed, next(iter(options(listed)))).answer()
    unfit = await erin.press(shown, "Restore the text before").answer()
    assert "no case asks for this entry" in unfit.text
    opened = await office.form(erin, unfit, "case")
    sent = erin.submit_modal(opened, {"case": "transplant price please"})
    await sent.answer()
    await erin.press(await sent.followup(), "Publish").answer()
    assert office.shelf.engine.faq.entry("ahsct-cost") is not None


async def test_the_latest_changes_of_the_whole_faq_are_listed(office: Office, erin: Person) -> None:
    none = await erin.slash(office.general, "faq history").answer()
    assert "Nothing of that was changed in Discord" in none.text
    await office.alone()
    page = await erin.slash(office.general, "faq retire", entry="ahsct-cost").answer()
    await erin.press(page, "Publish").answer()
    listed = await erin.slash(office.general, "faq history").answer()
    for file in (COST, "entries/ahsct/what-is-ahsct.md", "cases/tune/small.yaml"):
        assert f"retire **{file}**" in listed.text
