"""Editors look: what a question gets and why, an entry's file, what is wrong, what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import change, write

if TYPE_CHECKING:
    from bot.sandbox import Person
    from tests.chat.editing.conftest import Office

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_question_is_explained_and_answered_as_a_member_would_get_it(
    office: Office, erin: Person
) -> None:
    question = "how expensive is a transplnt"
    use = erin.slash(office.general, "faq test", question=question)
    told, card = await use.answer(), await use.followup()
    assert told.is_ephemeral
    assert card.is_ephemeral
    assert "**Outcome:** answered" in told.text
    assert "no alarm" in told.text
    assert "1. **ahsct-cost**: confidence 0." in told.text
    assert "runner-up: what-is-ahsct" in told.text
    assert "nearest wording: “how expensive is a transplant”" in told.text
    assert "words that counted: " in told.text
    assert "transplnt as transplant" in told.text
    asked = await erin.slash(
        office.general, "ask", question="how expensive is a transplnt"
    ).answer()
    assert card.components == asked.components


async def test_an_alarm_is_told_with_its_rule_and_its_words(office: Office, erin: Person) -> None:
    use = erin.slash(office.general, "faq test", question="i really want to die")
    told, card = await use.answer(), await use.followup()
    assert "**Outcome:** crisis" in told.text
    assert "(crisis), by “want to die”, " in told.text
    assert "likely" in told.text
    assert card.text != told.text


async def test_a_block_is_told(office: Office, erin: Person) -> None:
    told = await erin.slash(office.general, "faq test", question="hsct price in cancer").answer()
    assert "blocked, since it does not speak of: cancer" in told.text


async def test_words_of_which_the_faq_knows_nothing_have_no_candidate(
    office: Office, erin: Person
) -> None:
    told = await erin.slash(office.general, "faq test", question="???").answer()
    assert "**Outcome:** declined" in told.text
    assert "there is no word in it that the FAQ knows" in told.text


async def test_the_file_of_an_entry_is_shown_as_it_stands(office: Office, erin: Person) -> None:
    shown = await erin.slash(office.general, "faq show", entry="ahsct-cost").answer()
    text = office.shelf.text("entries/ahsct/ahsct-cost.md")
    assert text is not None
    assert "entries/ahsct/ahsct-cost.md" in shown.text
    assert text in shown.text
    (attached,) = shown.attachments
    assert attached.file.filename == "ahsct-cost.md"
    assert attached.file.content.decode() == text


async def test_a_long_file_is_attached_whole(office: Office, erin: Person) -> None:
    more = "\n\n".join(f"Paragraph {n} of a long answer about what it costs." for n in range(50))
    old = "it costs tens of thousands of dollars."
    change(office.shelf.root, "entries/ahsct/ahsct-cost.md", old, f"{old}\n\n{more}")
    shown = await erin.slash(office.general, "faq show", entry="ahsct-cost").answer()
    assert "Paragraph 7" not in shown.text
    assert [one.file.content.decode() for one in shown.attachments] == [
        office.shelf.text("entries/ahsct/ahsct-cost.md")
    ]


async def test_what_is_in_a_file_cannot_leave_its_frame(office: Office, erin: Person) -> None:
    change(office.shelf.root, "entries/ahsct/ahsct-cost.md", "Paid for", "```\n# @everyone\n```")
    shown = await erin.slash(office.general, "faq show", entry="ahsct-cost").answer()
    assert shown.text.count("```") == 2
    assert not shown.pings_everyone


async def test_an_entry_is_suggested_by_id_and_by_what_it_is_about(
    office: Office, erin: Person
) -> None:
    by_id = await erin.autocomplete(office.general, "faq show", entry="-cost").choices()
    assert [one.value for one in by_id][:1] == ["ahsct-cost"]
    by_words = await erin.autocomplete(office.general, "faq edit", entry="diabetes pill").choices()
    assert by_words[0].value == "what-is-metformin"
    every = await erin.autocomplete(office.general, "faq retire", entry="").choices()
    assert len(every) == 3


async def test_an_entry_that_is_not_there_is_said_to_be_missing(
    office: Office, erin: Person
) -> None:
    told = await erin.slash(office.general, "faq show", entry="*nothing*").answer()
    assert "There is no entry \\*nothing\\*." in told.text
    assert "/topics" in told.text


async def test_the_check_tells_every_problem_with_file_and_line(
    office: Office, erin: Person
) -> None:
    sound = await erin.slash(office.general, "faq check").answer()
    assert "No problems" in sound.text
    change(office.shelf.root, "entries/ahsct/ahsct-cost.md", "[article]", "[nowhere]")
    told = await erin.slash(office.general, "faq check").answer()
    assert "entries/ahsct/ahsct-cost.md:13: there is no source" in told.text.replace("\\", "")


async def test_many_problems_are_told_in_a_file(office: Office, erin: Person) -> None:
    for number in range(40):
        write(office.shelf.root, f"entries/ahsct/broken-{number}.md", "no header")
    told = await erin.slash(office.general, "faq check").answer()
    (attached,) = told.attachments
    assert len(attached.file.content.decode().splitlines()) >= 40


async def test_reviews_that_are_due_are_listed_oldest_first(office: Office, erin: Person) -> None:
    none = await erin.slash(office.general, "faq due").answer()
    assert "None within 60 days" in none.text
    dates = {"ahsct-cost": "2026-01-20", "what-is-ahsct": "2025-10-01"}
    for entry, day in dates.items():
        name = f"entries/ahsct/{entry}.md"
        change(office.shelf.root, name, "reviewed: 2026-11-22", f"reviewed: {day}")
    office.shelf.reload()
    told = await erin.slash(office.general, "faq due").answer()
    over, due = told.text.index("over since 2026-10-01"), told.text.index("due on 2027-01-20")
    assert over < due
    assert "what-is-metformin" not in told.text
