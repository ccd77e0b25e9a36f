"""Forms hold what stands there, nothing typed is lost, and nothing of others is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox import CannotDoError
from tests.chat.conftest import served
from tests.support import change

if TYPE_CHECKING:
    from bot.sandbox import Interaction, Message, Person, Sandbox
    from tests.chat.conftest import Bot
    from tests.chat.editing.conftest import Office

COST = "entries/ahsct/ahsct-cost.md"
NEW = {
    "id": "ahsct-food",
    "question": "What may I eat after AHSCT?",
    "also_asked": """diet when home again
- which food is forbidden
sushi and soft cheese
can she eat salad: or not
neutropenic menu
is raw milk dangerous now
eating out in restaurants
what do they feed you there""",
    "answer": "Cooked food at first.\n\nYour ward has a list.",
    "case": "which meals are safe when I get back",
}
HEAD = {"evidence": "guideline", "sources": "article", "advice": "none", "related": ""}


def shown(opened: Interaction) -> dict[str, str]:
    """Return what stands in each field of a form that opened."""
    assert opened.shown_modal is not None
    found: dict[str, str] = {}
    for label in opened.shown_modal.components:
        field = getattr(label, "component", None)
        options = getattr(field, "options", ())
        chosen = [option.value for option in options if option.default]
        found[getattr(field, "custom_id", "")] = (chosen or [getattr(field, "value", None) or ""])[
            0
        ]
    return found


async def again(erin: Person, page: Message) -> Interaction:
    opened = erin.press(page, "Edit again")
    await opened.modal()
    return opened


pytestmark = pytest.mark.usefixtures("bot")


async def test_forms_are_filled_with_what_stands_there(office: Office, erin: Person) -> None:
    menu = await erin.slash(office.general, "faq edit", entry="what-is-ahsct").answer()
    assert "written down" in menu.text
    assert shown(await office.form(erin, menu, "text")) == {
        "question": "What is AHSCT?",
        "short": "It is a strong hospital treatment that gives you back your own stem cells.",
        "detail": "First chemotherapy clears away much of the immune system; then it grows again.",
    }
    asked = shown(await office.form(erin, menu, "asked"))
    assert asked["also_asked"].splitlines()[3] == "is it your own cells or a donor's"
    assert shown(await office.form(erin, menu, "head")) == {
        "evidence": "guideline",
        "sources": "article, sharrack-2020",
        "advice": "low",
        "related": "ahsct-cost",
        "reviewed": "2026-11-22",
    }
    assert shown(await office.form(erin, menu, "case")) == {"case": ""}


async def test_a_form_takes_no_more_than_the_check_would(office: Office, erin: Person) -> None:
    menu = await erin.slash(office.general, "faq edit", entry="what-is-ahsct").answer()
    opened = await office.form(erin, menu, "text")
    with pytest.raises(CannotDoError):
        erin.submit_modal(opened, {"short": "x" * 421})
    with pytest.raises(CannotDoError):
        erin.submit_modal(opened, {"question": "x" * 201})


async def test_only_what_was_changed_is_written(office: Office, erin: Person) -> None:
    await office.alone()
    change(office.shelf.root, COST, "claims: []", "claims: []  # none of them")
    page = await office.decision(erin, "ahsct-cost", "head", {"reviewed": "2026-11-20"})
    await erin.press(page, "Publish").answer()
    text = office.shelf.text(COST)
    assert text is not None
    assert "claims: []  # none of them\n" in text
    assert "reviewed: 2026-11-20\n" in text
    assert text.startswith(
        "---\nquestion: How much does AHSCT cost?\nalso_asked:\n  - hsct price\n"
    )


async def test_no_typed_sign_can_break_the_file(office: Office, erin: Person) -> None:
    await office.alone()
    typed = {"question": 'Cost: "how" much # of [it] \\ is {due}?'}
    page = await office.decision(erin, "ahsct-cost", "text", typed)
    await erin.press(page, "Publish").answer()
    entry = office.shelf.engine.faq.entry("ahsct-cost")
    assert entry is not None
    assert entry.question == typed["question"]


async def test_unfit_text_is_told_line_by_line_kept_and_offered_again(
    office: Office, erin: Person
) -> None:
    await office.alone()
    before = office.shelf.text(COST)
    sent = await office.edit(erin, "ahsct-cost", "asked", {"also_asked": "hsct price\nwhat to pay"})
    page = await sent.answer()
    assert "This cannot be published yet" in page.text
    assert f"{COST}:3: " in page.text.replace("\\", "")
    assert [button.label for button in page.buttons] == ["Edit again", "Discard"]
    opened = await again(erin, page)
    assert shown(opened) == {"also_asked": "hsct price\nwhat to pay"}
    assert office.shelf.text(COST) == before
    entry = office.shelf.engine.faq.entry("ahsct-cost")
    assert entry is not None
    more = "\n".join((*entry.also_asked, "what to pay"))
    sent = erin.submit_modal(opened, {"also_asked": more})
    await sent.answer()
    assert "What changes" in (await sent.followup()).text


async def test_parts_are_edited_one_after_the_other_and_published_together(
    office: Office, erin: Person
) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "A lot of money."})
    opened = await office.form(erin, page, "head")
    sent = erin.submit_modal(opened, {"evidence": "guideline"})
    await sent.answer()
    page = await sent.followup()
    await erin.press(page, "Publish").answer()
    entry = office.shelf.engine.faq.entry("ahsct-cost")
    assert entry is not None
    assert (entry.short, entry.evidence) == ("A lot of money.", "guideline")


async def test_nothing_new_is_said_to_be_nothing(office: Office, erin: Person) -> None:
    told = await (await office.edit(erin, "ahsct-cost", "text", {})).answer()
    assert "Nothing of what you sent differs" in told.text
    assert office.shelf.trials == 0


async def test_a_text_too_long_for_a_form_is_edited_as_a_file(office: Office, erin: Person) -> None:
    wordings = "".join(f"  - {n} {'long wording' * 12}\n" for n in range(40))
    change(office.shelf.root, COST, "  - hsct price\n", wordings)
    menu = await erin.slash(office.general, "faq edit", entry="ahsct-cost").answer()
    told = await erin.choose(menu, "asked").answer()
    assert "longer than the 4,000 characters" in told.text
    assert "`/faq import`" in told.text


async def test_a_file_without_a_header_is_not_edited_by_forms(office: Office, erin: Person) -> None:
    menu = await erin.slash(office.general, "faq edit", entry="ahsct-cost").answer()
    (office.shelf.root / COST).write_text("half saved", encoding="utf-8")
    told = await erin.choose(menu, "text").answer()
    assert "cannot be read" in told.text


async def test_who_comes_second_is_shown_the_difference(
    office: Office, erin: Person, edda: Person
) -> None:
    await office.alone()
    menu = await edda.slash(office.general, "faq edit", entry="ahsct-cost").answer()
    opened = await office.form(edda, menu, "text")
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "The first was Erin."})
    await erin.press(page, "Publish").answer()
    told = await edda.submit_modal(opened, {"short": "Edda was second."}).answer()
    assert "Somebody was faster" in told.text
    assert "-The first was Erin.\n+Edda was second." in told.text
    assert "The first was Erin." in str(office.shelf.text(COST))
    opened = await again(edda, told)
    assert shown(opened)["short"] == "Edda was second."
    sent = edda.submit_modal(opened, {})
    await sent.answer()
    await edda.press(await sent.followup(), "Publish").answer()
    assert "Edda was second." in str(office.shelf.text(COST))


async def test_a_change_between_preview_and_publishing_is_a_conflict(
    office: Office, erin: Person
) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "From Discord."})
    change(office.shelf.root, COST, "Paid for privately, it", "As saved in a file: it")
    told = await erin.press(page, "Publish").answer()
    assert "Somebody was faster" in told.text
    assert (
        "-As saved in a file: it costs tens of thousands of dollars.\n+From Discord." in told.text
    )
    assert "As saved in a file" in str(office.shelf.text(COST))
    assert await office.book.history(None) == []


async def test_an_entry_that_went_meanwhile_leaves_what_was_typed(
    office: Office, erin: Person
) -> None:
    menu = await erin.slash(office.general, "faq edit", entry="ahsct-cost").answer()
    opened = await office.form(erin, menu, "text")
    for one in office.shelf.retire("ahsct-cost"):
        office.shelf.write(one)
    office.shelf.reload()
    told = await erin.submit_modal(opened, {"short": "Typed for nothing?"}).answer()
    assert "could not be put anywhere" in told.text
    (attached,) = told.attachments
    assert "Typed for nothing?" in attached.file.content.decode()


async def test_a_form_that_was_open_during_a_restart_is_understood(
    bot: Bot, sandbox: Sandbox, office: Office, erin: Person
) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Before."})
    opened = await again(erin, page)
    await bot.leave()
    fresh = office.restarted()
    async with served(sandbox, lambda: office.shelf.engine, fresh):
        sent = erin.submit_modal(opened, {"short": "Typed before the restart."})
        await sent.answer()
        decision = await sent.followup()
        gone = await erin.press(page, "Publish").answer()
        assert "no longer kept" in gone.text
        await erin.press(decision, "Publish").answer()
    assert "Typed before the restart." in str(office.shelf.text(COST))


async def test_the_second_half_of_a_new_entry_is_not_lost_in_a_restart(
    bot: Bot, sandbox: Sandbox, office: Office, erin: Person
) -> None:
    opened = erin.slash(office.general, "faq add", topic="ahsct")
    await opened.modal()
    page = await erin.submit_modal(opened, NEW).answer()
    second = erin.press(page, "Go on")
    await second.modal()
    await bot.leave()
    async with served(sandbox, lambda: office.shelf.engine, office.restarted()):
        told = await erin.submit_modal(second, HEAD).answer()
    (attached,) = told.attachments
    assert "sources:\narticle" in attached.file.content.decode()


async def test_drafts_are_forgotten_after_a_quarter_of_an_hour(
    office: Office, erin: Person
) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Too late."})
    office.watch.advance(15 * 60 + 1)
    told = await erin.press(page, "Publish").answer()
    assert "no longer kept" in told.text
    assert "Too late." not in str(office.shelf.text(COST))


async def test_a_draft_is_its_editors_own(office: Office, erin: Person, edda: Person) -> None:
    await office.alone()
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Erin's own."})
    page.only_for = None
    assert "no longer kept" in (await edda.press(page, "Publish").answer()).text
    assert "Erin's own." not in str(office.shelf.text(COST))


async def test_discarded_is_forgotten(office: Office, erin: Person) -> None:
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Away with it."})
    assert "Discarded" in (await erin.press(page, "Discard").answer()).text
    assert len(office.desk.drafts) == 0


async def test_a_new_entry_is_written_in_two_forms_and_found_by_its_test_question(
    office: Office, erin: Person
) -> None:
    await office.alone()
    opened = erin.slash(office.general, "faq add", topic="ahsct")
    await opened.modal()
    page = await erin.submit_modal(opened, NEW).answer()
    second = erin.press(page, "Go on")
    await second.modal()
    assert shown(second)["reviewed"] == "2026-11-23"
    sent = erin.submit_modal(second, HEAD)
    card = await sent.answer()
    assert card.text.startswith("## What may I eat after AHSCT?")
    await erin.press(await sent.followup(), "Publish").answer()
    entry = office.shelf.engine.faq.entry("ahsct-food")
    assert entry is not None
    assert "can she eat salad: or not" in entry.also_asked
    assert "which food is forbidden" in entry.also_asked
    assert entry.detail == "Your ward has a list."
    cases = office.shelf.text("cases/must/ahsct-food.yaml")
    assert cases is not None
    assert '- ask: "which meals are safe when I get back"' in cases


async def test_an_id_that_cannot_be_one_is_refused_and_the_rest_is_kept(
    office: Office, erin: Person
) -> None:
    opened = erin.slash(office.general, "faq add", topic="ahsct")
    await opened.modal()
    for wrong in ("../../../etc/passwd", "Two Words", "ahsct-cost"):
        page = await erin.submit_modal(opened, {**NEW, "id": wrong}).answer()
        assert [button.label for button in page.buttons] == ["Edit again"]
        opened = await again(erin, page)
        assert shown(opened) == {**NEW, "id": wrong}
    assert office.shelf.trials == 0


async def test_a_topic_that_is_not_there_is_refused(office: Office, erin: Person) -> None:
    choices = await erin.autocomplete(office.general, "faq add", topic="met").choices()
    assert [one.value for one in choices] == ["metformin"]
    told = await erin.slash(office.general, "faq add", topic="../x").answer()
    assert "There is no topic" in told.text


async def test_a_retired_entry_leaves_with_all_that_names_it(office: Office, erin: Person) -> None:
    await office.alone()
    use = erin.slash(office.general, "faq retire", entry="ahsct-cost")
    page = await use.answer()
    assert "-related: [ahsct-cost]\n+related: []" in page.text
    await erin.press(page, "Publish").answer()
    assert office.shelf.engine.faq.entry("ahsct-cost") is None
    assert len(await office.book.history(None)) == 3
