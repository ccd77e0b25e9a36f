"""What is typed is kept in memory: a little of it, for a while, for whoever typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.editing import forms
from bot.chat.editing.custom_ids import Step, Use
from bot.chat.editing.drafts import KEPT, Draft, Drafts
from bot.chat.editing.entry_file import values_in, with_case, written
from bot.chat.editing.parts import Kind
from tests.chat.conftest import Watch
from tests.support import SHIPPED

if TYPE_CHECKING:
    from bot.core.faq import Faq


def draft(editor: int) -> Draft:
    return Draft(editor, Kind.EDIT, "x", (), {})


def test_a_draft_is_found_by_its_editor_until_its_time_is_over() -> None:
    watch = Watch()
    drafts = Drafts(watch)
    name = drafts.keep(draft(1))
    watch.advance(KEPT)
    assert drafts.find(name, 1) == draft(1)
    assert drafts.find(name, 2) is None
    watch.advance(1)
    assert drafts.find(name, 1) is None
    assert len(drafts) == 0


def test_only_the_newest_are_kept() -> None:
    drafts = Drafts(Watch())
    names = [drafts.keep(draft(1)) for _ in range(7)]
    assert [drafts.find(name, 1) is not None for name in names] == [False] * 2 + [True] * 5
    for editor in range(2, 300):
        drafts.keep(draft(editor))
    assert len(drafts) == 100


def test_a_custom_id_with_the_longest_id_of_an_entry_is_one() -> None:
    use = Use(Step.FORM, "asked", "x" * 60, "0" * 12, "0" * 8)
    assert len(use.custom_id) <= 100
    assert Use.of(use.custom_id) == use
    for other in ("", "edit", "edit:nothing::::", "edit:form:::", "faq:show:x"):
        assert Use.of(other) is None


def test_every_shipped_entry_is_the_same_after_its_own_values_were_typed_anew() -> None:
    for path in sorted((SHIPPED / "entries").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        values = values_in(text)
        assert values is not None
        again = values_in(written(text, values))
        assert again == values, path.name
        assert written(text, {}) == text, path.name


def test_a_file_that_is_no_entry_has_no_values() -> None:
    assert values_in("no header") is None
    assert values_in("---\na: [\n---\n") is None
    assert values_in("---\n- a list\n---\n") is None
    assert written("no header", {"short": "x"}) is None


def test_a_case_is_added_to_what_stands_there() -> None:
    once = with_case(None, "x", 'say "hi": now')
    assert once == 'cases:\n  - ask: "say \\"hi\\": now"\n    must: answer\n    entry: x\n'
    assert with_case(once.rstrip("\n"), "x", "again") == (
        f'{once}  - ask: "again"\n    must: answer\n    entry: x\n'
    )


async def test_the_library_keeps_no_form(faq: Faq) -> None:
    for part in (*forms.PARTS, forms.NEW):
        assert forms.form(part, faq, {}, Use(Step.FORM, part).custom_id).is_finished()
