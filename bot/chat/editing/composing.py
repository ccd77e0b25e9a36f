"""From what an editor typed to the files it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.chat.editing import forms
from bot.chat.editing.custom_ids import Step, Use
from bot.chat.editing.entry_file import changed, values_in, with_case, written
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.speaking import menu, plain
from bot.core.changes import Change

if TYPE_CHECKING:
    from discord import ui

    from bot.chat.editing.drafts import Draft
    from bot.chat.editing.parts import Library
    from bot.core.faq import Entry


def find_entry(library: Library, named: str) -> Entry:
    """Return the entry with this id or question.

    Raises:
        RefusedError: if there is none.

    """
    entry = library.engine.answerer.named(named)
    if entry is None:
        raise RefusedError(
            f"There is no entry {plain(named[:100])}. Choose one of the suggestions that come up "
            "while you type, or look through `/topics`."
        )
    return entry


def file_of(entry: Entry) -> str:
    """Return where an entry stands, relative to the FAQ's folder."""
    return f"entries/{entry.topic}/{entry.id}.md"


def parts_menu(entry: str, draft: str = "") -> ui.Select[Any]:
    """Return the menu of what of an entry, or of a draft of one, can be edited."""
    use = Use(Step.PART, entry=entry, number=draft)
    return menu(use.custom_id, forms.PARTS.items(), "What do you want to change?")


def values_of(text: str | None) -> dict[str, str]:
    """Return what stands in each field of a form for the text of an entry's file.

    Raises:
        RefusedError: if no form can show it.

    """
    values = values_in(text)
    if values is None:
        raise RefusedError(
            "The beginning of this entry's file cannot be read, so it cannot be edited here. Get "
            "it with `/faq export`, mend it, and bring it back with `/faq import`."
        )
    return values


def composed(library: Library, draft: Draft) -> Draft:
    """Return a draft of an entry with the files that what was typed makes.

    Raises:
        RefusedError: if the entry's file cannot be changed by a form.

    """
    typed = changed(draft.typed, values_of(draft.start))
    file = draft.changes[0].file
    text = draft.start
    if typed.keys() - {"case", "id", "topic"} or text is None:
        text = written(draft.start, typed)
    changes = [Change(file, text)]
    before = {file: draft.before[file]}
    if typed.get("case", "").strip():
        cases = f"cases/must/{draft.entry}.yaml"
        before[cases] = library.text(cases)
        changes.append(Change(cases, with_case(before[cases], draft.entry, typed["case"])))
    return replace(draft, changes=tuple(changes), before=before, typed=typed)
