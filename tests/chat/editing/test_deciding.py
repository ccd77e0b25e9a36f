"""The preview is what members get; publishing, a second editor, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.editing.parts import Kind
from bot.core.changes import Change
from bot.sandbox import CannotDoError, Permission
from bot.sandbox.wire.components import Button
from bot.sandbox.wire.layout import walk
from tests.chat.conftest import served
from tests.chat.editing.conftest import options
from tests.support import change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox import Message, Person, Sandbox
    from bot.sandbox.wire.components import Component
    from tests.chat.conftest import Bot
    from tests.chat.editing.conftest import Office

COST = "entries/ahsct/ahsct-cost.md"
CASE = "cases:\n  - ask: the price of hsct\n    must: answer\n    entry: ahsct-cost\n"
LONG = "\n\n".join(f"Paragraph {n} of what there is to say about the cost." for n in range(30))

pytestmark = pytest.mark.usefixtures("bot")


def told(components: Sequence[Component]) -> list[object]:
    """Return what a message shows, apart from whether its buttons are dead."""
    return [
        (one.label, one.style, one.custom_id)
        if isinstance(one, Button)
        else (one.kind, getattr(one, "content", None))
        for one in walk(components)
    ]


async def test_the_preview_is_what_members_then_get(office: Office, erin: Person) -> None:
    await office.alone()
    sent = await office.edit(erin, "ahsct-cost", "text", {"short": "Ask them.", "detail": LONG})
    card, whole, page = await sent.answer(), await sent.followup(), await sent.followup()
    assert card.is_ephemeral
    assert card.buttons
    for button in (*card.buttons, *whole.buttons):
        assert button.disabled
    with pytest.raises(CannotDoError):
        erin.press(card, "More")
    assert "Paragraph 29" not in card.text
    assert "Paragraph 29" in whole.text
    await erin.press(page, "Publish").answer()
    anna = office.person("anna")
    got = await anna.slash(office.general, "ask", question="ahsct-cost").answer()
    assert told(got.components) == told(card.components)
    await anna.press(got, "More").acknowledged()
    assert told(got.components) == told(whole.components)


async def test_a_change_is_told_line_by_line_with_the_cases_it_touches(
    office: Office, erin: Person
) -> None:
    await office.alone()
    case = "cases:\n  - ask: best pizza with mushrooms\n    must: calm\n"
    office.shelf.write(Change("cases/tune/calm.yaml", case))
    entry = office.shelf.engine.faq.entry("ahsct-cost")
    assert entry is not None
    more = {"also_asked": "\n".join((*entry.also_asked, "pizza with mushrooms"))}
    page = await office.decision(erin, "ahsct-cost", "asked", more)
    assert "```diff\n" in page.text
    assert "+  - pizza with mushrooms\n" in page.text
    assert "“best pizza with mushrooms” (tune): declined → answered ahsct-cost" in page.text


async def test_what_editors_type_formats_and_pings_nothing(office: Office, erin: Person) -> None:
    await office.alone()
    sent = await office.edit(erin, "ahsct-cost", "head", {"sources": "*x*<@123><#123> @everyone"})
    page = await sent.answer()
    assert "This cannot be published yet" in page.text
    assert "*x*" not in page.text.replace("\\*", "")
    assert "<#123>" not in page.text.replace("\\<", "")
    assert not page.pings_everyone
    assert page.pinged == ()


async def test_published_is_answered_from_at_once_and_written_down(
    office: Office, erin: Person
) -> None:
    await office.alone()
    before = office.shelf.text(COST)
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    assert "Published" in (await erin.press(page, "Publish").answer()).text
    answer = await erin.slash(office.general, "ask", question="hsct price").answer()
    assert "Ask them." in answer.text
    ((number, deed),) = await office.book.history(COST)
    assert number == 1
    assert (deed.editor, deed.kind, deed.approved_by) == (erin.user.id, Kind.EDIT, None)
    assert (deed.before, deed.after) == (before, office.shelf.text(COST))
    assert deed.at == office.desk.now()


async def test_a_second_press_publishes_nothing_more(office: Office, erin: Person) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    office.shelf.doors.clear()
    uses = [erin.press(page, "Publish") for _ in range(2)]
    for use in uses:
        await use.acknowledged()
    office.shelf.doors.set()
    refused, published = sorted([(await use.answer()).text for use in uses], reverse=True)
    assert "no longer kept" in refused
    assert "Published" in published
    assert len(await office.book.history(None)) == 1


async def test_the_buttons_of_an_older_preview_do_not_publish_a_newer_one(
    office: Office, erin: Person
) -> None:
    await office.alone()
    old = await office.decision(erin, "ahsct-cost", "text", {"short": "The old text."})
    opened = erin.press(old, "Edit again")
    await opened.modal()
    sent = erin.submit_modal(opened, {"short": "The new text."})
    await sent.answer()
    await sent.followup()
    assert "no longer kept" in (await erin.press(old, "Publish").answer()).text
    assert "The new text." not in str(office.shelf.text(COST))


async def test_a_history_that_cannot_be_written_is_told(office: Office, erin: Person) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    office.book.lost_after = 1
    told = await erin.press(page, "Publish").answer()
    assert "Published" in told.text
    assert "could not be written into the history" in told.text


async def test_a_proposal_that_cannot_be_kept_loses_nothing(office: Office, erin: Person) -> None:
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    office.book.lost_after = 1
    assert "nothing was done" in (await erin.press(page, "Propose").answer()).text
    office.book.lost_after = None
    assert "Proposal 1" in (await erin.press(page, "Propose").answer()).text


def in_the_open(office: Office) -> list[Message]:
    return [one for one in office.general.messages.values() if not one.is_ephemeral]


async def proposed(office: Office, erin: Person) -> Message:
    """Have Erin propose a change; return what she is told."""
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    assert "A second editor has to approve this" in page.text
    return await erin.press(page, "Propose").answer()


async def looked_at(office: Office, person: Person) -> tuple[Message, Message]:
    """Return the preview and the page of the first proposal, as this editor sees them."""
    listed = await person.slash(office.general, "faq proposals").answer()
    use = person.choose(listed, "1")
    return await use.answer(), await use.followup()


async def test_what_is_about_treatment_takes_two(
    office: Office, erin: Person, edda: Person
) -> None:
    before = office.shelf.text(COST)
    assert "Proposal 1" in (await proposed(office, erin)).text
    assert office.shelf.text(COST) == before
    card, page = await looked_at(office, edda)
    assert "Ask them." in card.text
    assert all(button.disabled for button in card.buttons)
    assert "+Ask them." in page.text
    assert f"<@{erin.user.id}>" in page.text
    assert "Published" in (await edda.press(page, "Approve").answer()).text
    ((_, deed),) = await office.book.history(COST)
    assert (deed.editor, deed.approved_by) == (erin.user.id, edda.user.id)
    assert "Ask them." in str(office.shelf.text(COST))
    assert "an editor has decided" in (await edda.press(page, "Approve").answer()).text


async def test_nobody_approves_their_own(office: Office, erin: Person, edda: Person) -> None:
    await proposed(office, erin)
    _, own = await looked_at(office, erin)
    assert [button.label for button in own.buttons] == ["Withdraw"]
    _, page = await looked_at(office, edda)
    page.only_for = None
    assert "another editor to approve" in (await erin.press(page, "Approve").answer()).text
    assert "Ask them." not in str(office.shelf.text(COST))
    assert "withdrawn" in (await erin.press(own, "Withdraw").answer()).text
    assert await office.book.proposals() == []


async def test_rejected_is_gone(office: Office, erin: Person, edda: Person) -> None:
    await proposed(office, erin)
    _, page = await looked_at(office, edda)
    assert "rejected" in (await edda.press(page, "Reject").answer()).text
    listed = await edda.slash(office.general, "faq proposals").answer()
    assert "Nothing." in listed.text
    assert "Ask them." not in str(office.shelf.text(COST))


async def test_a_proposal_survives_a_restart(
    bot: Bot, sandbox: Sandbox, office: Office, erin: Person, edda: Person
) -> None:
    await proposed(office, erin)
    _, page = await looked_at(office, edda)
    await bot.leave()
    async with served(sandbox, lambda: office.shelf.engine, editing=office.restarted()):
        assert "Published" in (await edda.press(page, "Approve").answer()).text


async def test_a_proposal_that_was_overtaken_cannot_be_approved(
    office: Office, erin: Person, edda: Person
) -> None:
    await proposed(office, erin)
    _, page = await looked_at(office, edda)
    change(office.shelf.root, COST, "Paid for privately", "As saved in a file")
    told = await edda.press(page, "Approve").answer()
    assert "nothing was overwritten" in told.text
    assert "As saved in a file" in str(office.shelf.text(COST))
    listed = await edda.slash(office.general, "faq proposals").answer()
    look = await edda.choose(listed, next(iter(options(listed)))).answer()
    assert "cannot be approved any more" in look.text
    assert [button.label for button in look.buttons] == ["Reject"]


async def test_a_proposal_that_no_longer_fits_is_told_why(
    office: Office, erin: Person, edda: Person
) -> None:
    await proposed(office, erin)
    _, page = await looked_at(office, edda)
    change(office.shelf.root, "sources.yaml", "id: article", "id: articles")
    told = await edda.press(page, "Approve").answer()
    assert "does not fit any more" in told.text
    assert "Ask them." not in str(office.shelf.text(COST))
    assert len(await office.book.proposals()) == 1


async def test_what_nobody_could_act_on_takes_one(office: Office, erin: Person) -> None:
    page = await office.decision(erin, "ahsct-cost", "head", {"advice": "none"})
    assert "Propose" in [button.label for button in page.buttons]
    change(office.shelf.root, COST, "advice: med", "advice: none")
    office.shelf.reload()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    assert "Publish" in [button.label for button in page.buttons]
    await office.set_up(two_person="always")
    assert "Proposal 1" in (await erin.press(page, "Publish").answer()).text


async def test_the_moderators_channel_hears_of_proposals(
    office: Office, erin: Person, edda: Person
) -> None:
    await office.set_up(channel=office.general)
    told = await proposed(office, erin)
    assert f"I told <#{office.general.id}>" in told.text
    (note,) = in_the_open(office)
    assert "Ask them." not in note.text
    use = edda.press(note, "Look at it")
    await use.answer()
    page = await use.followup()
    assert page.is_ephemeral
    await edda.press(page, "Approve").answer()
    assert "Proposal 1: approved" in in_the_open(office)[-1].text


async def test_a_channel_that_cannot_be_written_to_is_told(office: Office, erin: Person) -> None:
    await office.set_up(channel=office.general)
    office.general.deny(office.sandbox.bot, Permission.SEND_MESSAGES)
    told = await proposed(office, erin)
    assert "I could not tell" in told.text
    assert "`/faq setup`" in told.text


async def test_a_test_question_alone_changes_no_entry(office: Office, erin: Person) -> None:
    before = office.shelf.text(COST)
    page = await office.decision(erin, "ahsct-cost", "case", {"case": "what price is a transplant"})
    assert "Publish" in [button.label for button in page.buttons]
    office.shelf.write(Change("cases/must/ahsct-cost.yaml", CASE))
    assert "Published" in (await erin.press(page, "Publish").answer()).text
    cases = str(office.shelf.text("cases/must/ahsct-cost.yaml"))
    assert cases.startswith(CASE)
    assert "what price is a transplant" in cases
    assert office.shelf.text(COST) == before
    ((_, deed),) = await office.book.history(None)
    assert (deed.file, deed.before) == ("cases/must/ahsct-cost.yaml", CASE)
