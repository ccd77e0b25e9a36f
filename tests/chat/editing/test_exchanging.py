"""The whole FAQ goes out of Discord and comes back: tried out first, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox import ServerError, Upload

if TYPE_CHECKING:
    from bot.sandbox import Message, Person
    from tests.chat.editing.conftest import Office

COST = "entries/ahsct/ahsct-cost.md"

pytestmark = pytest.mark.usefixtures("bot")


async def imported(office: Office, erin: Person, name: str, text: str | bytes) -> list[Message]:
    """Import a file; return what she is shown until the page with the decision."""
    content = text if isinstance(text, bytes) else text.encode()
    use = erin.slash(office.general, "faq import", file=Upload(name, content))
    first = await use.answer()
    is_preview = first.text.startswith("## ") and "Not medical advice" in first.text
    return [first, await use.followup()] if is_preview else [first]


async def test_an_entry_is_imported_after_a_preview(office: Office, erin: Person) -> None:
    await office.alone()
    text = str(office.shelf.text(COST)).replace("Paid for privately, it", "As imported, it")
    card, page = await imported(office, erin, "ahsct-cost.md", text)
    assert "As imported, it" in card.text
    assert "As imported" not in str(office.shelf.text(COST))
    assert [button.label for button in page.buttons] == ["Publish", "Discard"]
    assert "Published" in (await erin.press(page, "Publish").answer()).text
    assert office.shelf.text(COST) == text


async def test_every_problem_is_told_and_nothing_is_imported(office: Office, erin: Person) -> None:
    await office.alone()
    before = office.shelf.text(COST)
    text = (
        str(before).replace("evidence: article", "evidence: gossip").replace("2026-11", "2126-11")
    )
    (page,) = await imported(office, erin, "ahsct-cost.md", text)
    assert "This cannot be published yet" in page.text
    said = page.text.replace("\\", "")
    assert f"{COST}:12: " in said
    assert f"{COST}:17: " in said
    assert page.buttons == ()
    assert office.shelf.text(COST) == before


async def test_the_same_text_is_said_to_be_nothing_new(office: Office, erin: Person) -> None:
    (told,) = await imported(office, erin, "ahsct-cost.md", str(office.shelf.text(COST)))
    assert "nothing to import" in told.text
    assert office.shelf.trials == 0


async def test_a_new_entry_needs_its_topic(office: Office, erin: Person) -> None:
    await office.alone()
    text = str(office.shelf.text(COST))
    (told,) = await imported(office, erin, "new-one.md", text)
    assert "Name its topic" in told.text
    upload = Upload("new-one.md", text.encode())
    use = erin.slash(office.general, "faq import", file=upload, topic="metformin")
    assert "entries/metformin/new-one.md:2: " in (await use.answer()).text.replace("\\", "")


async def test_more_than_a_megabyte_is_not_even_fetched(office: Office, erin: Person) -> None:
    (told,) = await imported(office, erin, "big.zip", b"0" * (1024 * 1024 + 1))
    assert "I take up to 1,048,576" in told.text
    assert office.shelf.trials == 0


async def test_a_file_that_discord_does_not_hand_over_is_asked_for_again(
    office: Office, erin: Person
) -> None:
    office.sandbox.faults.always("GET", "/attachments/*", ServerError(500))
    (told,) = await imported(office, erin, "ahsct-cost.md", "text")
    assert "upload it again" in told.text


async def test_a_conflict_with_what_was_saved_since_overwrites_nothing(
    office: Office, erin: Person
) -> None:
    await office.alone()
    before = str(office.shelf.text(COST))
    text = before.replace("Paid for privately, it", "As imported, it")
    _, page = await imported(office, erin, "ahsct-cost.md", text)
    saved = before.replace("Paid for privately, it", "As saved, it")
    (office.shelf.root / COST).write_text(saved, encoding="utf-8")
    told = await erin.press(page, "Publish").answer()
    assert "-As saved, it" in told.text
    assert office.shelf.text(COST) == saved


async def test_the_whole_folder_is_handed_out(office: Office, erin: Person) -> None:
    page = await erin.slash(office.general, "faq export").answer()
    (attached,) = page.attachments
    assert page.is_ephemeral
    assert attached.file.filename == "faq.zip"
    assert attached.file.content.startswith(b"PK")
