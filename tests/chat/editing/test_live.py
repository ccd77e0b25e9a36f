"""The same on the real thing: the live FAQ, its workshop, its folder and the database."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from bot.chat.editing.parts import Home
from bot.content.live import LiveFaq, Notice
from bot.library import LiveLibrary
from bot.sandbox import Upload
from bot.serving import editing_desk
from tests.chat.conftest import served
from tests.support import TODAY, small

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.sandbox import Message, Person, Sandbox
    from tests.chat.editing.conftest import Office

COST = "entries/ahsct/ahsct-cost.md"


@pytest.fixture
async def live(sandbox: Sandbox, office: Office, tmp_path: Path) -> AsyncIterator[LiveFaq]:
    """Serve a FAQ that is live, edited by one person at a time."""
    told: list[Notice] = []
    live = LiveFaq(
        small(tmp_path / "live"), tmp_path / "data", today=lambda: TODAY, told=told.append
    )
    desk = editing_desk(LiveLibrary(live), office.book, office.server.id)
    await office.book.set_home(Home((office.editors.id,), None, "never"))
    async with served(sandbox, lambda: live.engine, editing=desk):
        yield live
    live.workshop.close()


def zipped(files: Mapping[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return data.getvalue()


async def imported(office: Office, erin: Person, name: str, content: bytes) -> Message:
    return await erin.slash(office.general, "faq import", file=Upload(name, content)).answer()


async def test_an_edit_goes_from_the_form_to_the_file_and_to_members(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them: really."})
    assert "+Ask them: really." in page.text
    assert "Published" in (await erin.press(page, "Publish").answer()).text
    assert "Ask them: really." in (live.root / COST).read_text(encoding="utf-8")
    answer = await erin.slash(office.general, "ask", question="hsct price").answer()
    assert "Ask them: really." in answer.text
    shown = await the_change(office, erin)
    assert "Published" in (await erin.press(shown, "Restore the text before").answer()).text
    assert "tens of thousands" in (live.root / COST).read_text(encoding="utf-8")


async def the_change(office: Office, erin: Person) -> Message:
    listed = await erin.slash(office.general, "faq history", entry="ahsct-cost").answer()
    return await erin.choose(listed, "1").answer()


async def test_unfit_and_overtaken_edits_change_nothing(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    sent = await office.edit(erin, "ahsct-cost", "head", {"sources": "nowhere"})
    page = await sent.answer()
    assert "there is no source `nowhere`" in page.text.replace("\\", "")
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "From Discord."})
    path = live.root / COST
    path.write_text(path.read_text(encoding="utf-8").replace("Paid", "Saved"), encoding="utf-8")
    told = await erin.press(page, "Publish").answer()
    assert "Somebody was faster" in told.text
    assert "Saved for privately" in path.read_text(encoding="utf-8")


async def test_an_entry_is_retired_and_comes_back(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    page = await erin.slash(office.general, "faq retire", entry="ahsct-cost").answer()
    await erin.press(page, "Publish").answer()
    assert not (live.root / COST).exists()
    assert live.engine.faq.entry("ahsct-cost") is None


async def test_what_is_exported_can_be_imported(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    page = await erin.slash(office.general, "faq export").answer()
    packed = page.attachments[0].file.content
    told = await imported(office, erin, "faq.zip", packed)
    assert "nothing to import" in told.text
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        files = {name: made.read(name).decode() for name in made.namelist()}
    files[COST] = files[COST].replace("Paid for privately", "As imported")
    files["discord.yaml"] = files["discord.yaml"].replace("Type a question", "Type any question")
    use = erin.slash(office.general, "faq import", file=Upload("faq.zip", zipped(files)))
    await use.answer()
    page = await use.followup()
    assert "+  text: Type any question" in page.text
    assert "Published" in (await erin.press(page, "Publish").answer()).text
    assert "As imported" in (live.root / COST).read_text(encoding="utf-8")
    assert "any question" in (live.root / "discord.yaml").read_text(encoding="utf-8")


async def test_hostile_uploads_are_refused_by_sentence(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    before = {path: path.read_bytes() for path in live.root.rglob("*") if path.is_file()}
    text = (live.root / COST).read_text(encoding="utf-8")
    hostile = {
        "climbs.zip": zipped({"../../evil.md": text}),
        "absolute.zip": zipped({"/etc/evil.md": text}),
        "exam.zip": zipped({"cases/report/answer.yaml": "cases: []"}),
        "numbers.zip": zipped({"calibration/calibration.yaml": "x: y"}),
        "bomb.zip": zipped({COST: "0" * 20_000_000}),
        "broken.zip": b"PK\x03\x04 half a zip",
        "empty.zip": zipped({}),
        "ahsct-cost.md": b"\xff\xfe\x00",
        "half.zip": zipped({COST: text.replace("Paid", "Saved"), "sources.yaml": "sources: ["}),
        "program.exe": b"MZ",
        "..md": text.encode(),
    }
    for name, content in hostile.items():
        told = await imported(office, erin, name, content)
        assert told.buttons == (), name
        assert "What to mend" in told.text or "Name its topic" in told.text, name
    assert {path: path.read_bytes() for path in live.root.rglob("*") if path.is_file()} == before


async def test_the_check_reads_what_stands_in_the_folder(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    assert "To mend" not in (await erin.slash(office.general, "faq check").answer()).text
    (live.root / "words.yaml").write_text("short_forms: [", encoding="utf-8")
    told = await erin.slash(office.general, "faq check").answer()
    assert "To mend" in told.text
    assert "words.yaml:1: " in told.text.replace("\\", "")


async def test_a_workshop_that_ended_is_told_and_nothing_is_lost(
    live: LiveFaq, office: Office, erin: Person
) -> None:
    page = await office.decision(erin, "ahsct-cost", "text", {"short": "Ask them."})
    live.workshop.close()
    told = await erin.press(page, "Publish").answer()
    assert "for no fault of yours" in told.text
    opened = erin.press(page, "Edit again")
    await opened.modal()
    again = await erin.submit_modal(opened, {"short": "Ask them twice."}).answer()
    assert "could not be tried out" in again.text
    opened = erin.press(again, "Edit again")
    assert "Ask them twice." in (await opened.modal()).model_dump_json()
    assert "Ask them." not in (live.root / COST).read_text(encoding="utf-8")
    answer = await erin.slash(office.general, "ask", question="hsct price").answer()
    assert "tens of thousands" in answer.text
