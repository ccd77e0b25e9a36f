"""Who may manage the home server chooses who edits, and where moderators hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.editing.parts import Home

if TYPE_CHECKING:
    from tests.chat.editing.conftest import Office

pytestmark = pytest.mark.usefixtures("bot")


async def test_everything_is_set_up_by_menus_and_holds_at_once(office: Office) -> None:
    await office.book.set_home(Home())
    boss = office.sandbox.owner_of(office.server)
    page = await boss.slash(office.general, "faq setup").answer()
    assert page.is_ephemeral
    assert "nobody yet" in page.text
    assert "Integrations" in page.text
    await boss.choose(page, office.editors, office.managers).acknowledged()
    await boss.choose(page, office.general, menu=1).acknowledged()
    await boss.choose(page, "One person is enough", menu=2).acknowledged()
    assert await office.book.home() == Home(
        (office.editors.id, office.managers.id), office.general.id, "never"
    )
    assert f"<@&{office.editors.id}>" in page.text
    assert f"<#{office.general.id}>" in page.text
    erin = office.person("erin", office.editors)
    assert "The check" in (await erin.slash(office.general, "faq check").answer()).text


async def test_what_was_chosen_can_be_taken_back(office: Office) -> None:
    await office.set_up(channel=office.general)
    boss = office.sandbox.owner_of(office.server)
    page = await boss.slash(office.general, "faq setup").answer()
    await boss.choose(page).acknowledged()
    await boss.choose(page, menu=1).acknowledged()
    assert await office.book.home() == Home()


async def test_a_manager_who_is_no_editor_sets_up_and_edits_nothing(office: Office) -> None:
    boss = office.sandbox.owner_of(office.server)
    assert "Editing the FAQ" in (await boss.slash(office.general, "faq setup").answer()).text
    told = await boss.slash(office.general, "faq check").answer()
    assert "You have none of them now" in told.text
