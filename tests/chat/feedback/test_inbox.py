"""The editors' inbox: what waits, what the bot says to it now, and what can be made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.chat.editing.conftest import options
from tests.chat.editing.test_writing import HEAD, NEW
from tests.chat.feedback.conftest import TODAY
from tests.support import change

if TYPE_CHECKING:
    from bot.sandbox import Message, Person
    from tests.chat.editing.conftest import Office
    from tests.chat.feedback.conftest import Kept

CLOSE = "Dealt with: delete it"


async def put(kept: Kept, text: str, days_ago: int = 0) -> None:
    """Let a question wait."""
    assert await kept.store.inbox.put(text, TODAY - timedelta(days=days_ago))


async def waiting(kept: Kept) -> list[str]:
    """Return the questions that wait."""
    return [one.text for one in await kept.store.inbox.list(TODAY)]


async def inbox(office: Office, editor: Person) -> Message:
    """Open the inbox."""
    return await editor.slash(office.general, "faq inbox").answer()


async def looked_at(office: Office, editor: Person, number: int = 1) -> Message:
    """Open the inbox and look at a question."""
    page = await inbox(office, editor)
    return await editor.choose(page, str(number)).answer()


async def test_what_waits_is_listed_oldest_first_and_escaped(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await put(kept_at_home, "is **yoga** good\n# <@1> @everyone", 3)
    await put(kept_at_home, "what is hsct", 1)
    page = await inbox(office, erin)
    assert page.is_ephemeral
    first, second = page.text.index("yoga"), page.text.index("what is hsct")
    assert first < second
    assert "**yoga**" not in page.text
    assert "\n#" not in page.text.removeprefix("##")
    assert "<@1>" not in page.text.replace("\\<", "")
    assert "2026-11-20" in page.text
    assert "Now: declined" in page.text
    assert "Now: answered (nearest: what-is-ahsct" in page.text


async def test_an_empty_inbox_says_so(kept_at_home: Kept, office: Office, erin: Person) -> None:
    assert kept_at_home
    page = await inbox(office, erin)
    assert "None waits." in page.text
    assert not page.menus


async def test_many_questions_are_counted(kept_at_home: Kept, office: Office, erin: Person) -> None:
    for number in range(30):
        await put(kept_at_home, f"{number} " + "long " * 190)
    page = await inbox(office, erin)
    assert "These are the 10 oldest of 30." in page.text
    assert len(page.text) <= 4_000


async def test_what_is_dealt_with_is_deleted(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await put(kept_at_home, "does yoga help")
    page = await looked_at(office, erin)
    assert "does yoga help" in page.text
    done = await erin.press(page, CLOSE).answer()
    assert "Question 1 is deleted" in done.text
    assert await waiting(kept_at_home) == []
    assert b"yoga" not in kept_at_home.bytes_on_disk()


async def test_a_second_editor_is_told_that_it_is_gone(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await put(kept_at_home, "does yoga help")
    page = await looked_at(office, erin)
    await kept_at_home.store.inbox.close(1)
    for label in (CLOSE, "Draft a new entry", "Add it as a wording of an entry"):
        gone = await erin.press(page, label).answer()
        assert gone.text.startswith("That question is gone")


async def test_what_is_older_than_30_days_is_not_shown(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await put(kept_at_home, "too old", 31)
    await put(kept_at_home, "old enough", 30)
    page = await inbox(office, erin)
    assert "too old" not in page.text
    assert "old enough" in page.text


async def test_it_becomes_a_wording_after_the_preview(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await office.alone()
    await put(kept_at_home, "tell me of that\nbig stem cell reset")
    menu = await erin.press(
        await looked_at(office, erin), "Add it as a wording of an entry"
    ).answer()
    chosen = erin.choose(menu, "what-is-ahsct")
    await chosen.answer()
    decision = await chosen.followup()
    assert "+  - tell me of that big stem cell reset" in decision.text
    entry = office.shelf.engine.faq.entry("what-is-ahsct")
    assert entry is not None
    assert "tell me of that big stem cell reset" not in entry.also_asked
    assert "Question 1 leaves the inbox once this is published" in decision.text
    assert await waiting(kept_at_home) != []
    done = await erin.press(decision, "Publish").answer()
    assert "Question 1 in the inbox is dealt with, and deleted." in done.text
    entry = office.shelf.engine.faq.entry("what-is-ahsct")
    assert entry is not None
    assert entry.also_asked[-1] == "tell me of that big stem cell reset"
    assert await waiting(kept_at_home) == []


async def wording(office: Office, editor: Person) -> Message:
    """Make a wording of the first question; return the page with the decision."""
    page = await looked_at(office, editor)
    menu = await editor.press(page, "Add it as a wording of an entry").answer()
    chosen = editor.choose(menu, "what-is-ahsct")
    await chosen.answer()
    return await chosen.followup()


async def test_it_waits_until_a_second_editor_has_approved_the_wording(
    kept_at_home: Kept, office: Office, erin: Person, edda: Person
) -> None:
    await put(kept_at_home, "tell me of that big stem cell reset")
    for end in ("Reject", "Approve"):
        told = await erin.press(await wording(office, erin), "Propose").answer()
        assert "Proposal" in told.text
        listed = await edda.slash(office.general, "faq proposals").answer()
        use = edda.choose(listed, next(iter(options(listed))))
        await use.answer()
        page = await use.followup()
        assert await waiting(kept_at_home) != []
        done = await edda.press(page, end).answer()
        assert ("Question 1 in the inbox is dealt with" in done.text) is (end == "Approve")
    assert await waiting(kept_at_home) == []


async def test_it_waits_on_where_publishing_is_refused(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await office.alone()
    await put(kept_at_home, "tell me of that big stem cell reset")
    page = await wording(office, erin)
    change(office.shelf.root, "entries/ahsct/what-is-ahsct.md", "It is a", "It was a")
    assert "Somebody was faster" in (await erin.press(page, "Publish").answer()).text
    assert await waiting(kept_at_home) != []


async def test_an_unfit_wording_is_told_and_kept_for_another_try(
    kept_at_home: Kept, office: Office, erin: Person
) -> None:
    await put(kept_at_home, "what is hsct " * 20)
    menu = await erin.press(
        await looked_at(office, erin), "Add it as a wording of an entry"
    ).answer()
    unfit = await erin.choose(menu, "what-is-ahsct").answer()
    assert "This cannot be published yet" in unfit.text
    assert "more than 200 characters" in unfit.text


async def test_it_begins_a_new_entry(kept_at_home: Kept, office: Office, erin: Person) -> None:
    await put(kept_at_home, "does yoga help with balance")
    page = await erin.press(await looked_at(office, erin), "Draft a new entry").answer()
    opened = erin.choose(page, "Metformin")
    modal = await opened.modal()
    assert modal.custom_id.startswith("edit:form:new:metformin")
    assert str(modal).count("does yoga help with balance") == 2
    await office.alone()
    typed = {**NEW, "id": "yoga"}
    begun = await erin.submit_modal(opened, typed).answer()
    again = erin.press(begun, "Edit again")
    await again.modal()
    begun = await erin.submit_modal(again, typed).answer()
    rest = erin.press(begun, "Go on")
    await rest.modal()
    sent = erin.submit_modal(rest, HEAD)
    await sent.answer()
    decision = await sent.followup()
    done = await erin.press(decision, "Publish").answer()
    assert "Published: yoga" in done.text
    assert await waiting(kept_at_home) == []


async def test_only_editors_are_let_in(kept_at_home: Kept, office: Office, erin: Person) -> None:
    await put(kept_at_home, "does yoga help")
    manager = office.person("mona", office.managers)
    refused = await inbox(office, manager)
    assert "yoga" not in refused.text
    assert refused.text.startswith("Only members with one of these roles edit the FAQ")
    page = await looked_at(office, erin)
    office.server.members[erin.user.id].roles.clear()
    refused = await erin.press(page, CLOSE).answer()
    assert refused.text.startswith("Only members with one of these roles edit the FAQ")
    assert await waiting(kept_at_home) == ["does yoga help"]


@pytest.mark.usefixtures("bot")
async def test_without_a_desk_the_inbox_is_off(office: Office) -> None:
    owner = office.sandbox.owner_of(office.server)
    told = await owner.slash(office.general, "faq inbox").answer()
    assert told.text.startswith("Editing in Discord is off")
