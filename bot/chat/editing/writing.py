"""Changing an entry: which part, the form for it, and what was typed there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.chat.editing import deciding, forms
from bot.chat.editing.composing import composed, file_of, find_entry, parts_menu, values_of
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.drafts import Draft
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.numbers import number_in
from bot.chat.editing.parts import Kind
from bot.chat.editing.speaking import Attached, Page, button, plain, present, think
from bot.core.changes import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Home

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TOLD: Final = (
    "What you publish is written down: your number in Discord, the time, and the text before and "
    "after. Other editors see it in `/faq history`."
)
_KEPT: Final = "What you typed is kept for 15 minutes."
BASE: Final = 12
"""Characters of a version that stand in a form's custom id."""


async def edit(desk: EditingDesk, interaction: Interaction, named: str) -> None:
    """Offer the parts of an entry to edit."""
    entry = find_entry(desk.library, named)
    page = Page(f"Edit {plain(entry.id)}")
    page.say(f"**{plain(entry.question)}**\n{_TOLD}")
    page.row(parts_menu(entry.id))
    await present(interaction, page)


async def add(desk: EditingDesk, interaction: Interaction, topic: str) -> None:
    """Open the form for a new entry."""
    topics = desk.library.engine.faq.talk.topics
    if topic not in topics:
        raise RefusedError(f"There is no topic {plain(topic[:100])}: {', '.join(topics)}.")
    await _open(desk, interaction, forms.NEW, Use(Step.FORM, forms.NEW, topic), {})


async def open_part(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Open the form for the part that was picked."""
    use = asked.use
    part = use.part or asked.choice
    if part not in forms.PARTS:
        raise RefusedError("That part of an entry cannot be edited here any more.")
    if use.number:
        draft = deciding.draft_of(desk, interaction, use.number)
        await _open_again(desk, interaction, draft, use.number, part)
        return
    entry = find_entry(desk.library, use.entry)
    before = desk.library.text(file_of(entry))
    base = desk.library.version(before)[:BASE]
    await _open(desk, interaction, part, Use(Step.FORM, part, entry.id, base), values_of(before))


async def open_again(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Open the form that was filled in last, with what was typed."""
    name = asked.use.number
    draft = deciding.draft_of(desk, interaction, name)
    await _open_again(desk, interaction, draft, name, draft.part)


async def _open_again(
    desk: EditingDesk, interaction: Interaction, draft: Draft, name: str, part: str
) -> None:
    values = {**values_of(draft.start), **draft.typed}
    values["answer"] = "\n\n".join(filter(None, (values.get("short"), values.get("detail"))))
    if part == forms.HEAD and not values.get("reviewed"):
        values["reviewed"] = desk.now().date().isoformat()
    entry = draft.typed.get("topic", "") if part == forms.NEW else draft.entry
    base = desk.library.version(_text_before(draft))[:BASE]
    if part == forms.NEW:
        base = str(draft.question or "")
    await _open(desk, interaction, part, Use(Step.FORM, part, entry, base, name), values)


async def _open(
    desk: EditingDesk, interaction: Interaction, part: str, use: Use, values: Mapping[str, str]
) -> None:
    faq = desk.library.engine.faq
    longer = forms.too_long(part, faq, values)
    if longer is not None:
        raise RefusedError(
            f"“{longer.label}” is longer than the {longer.most:,} characters a form takes here. "
            "Get the file with `/faq show`, change it, and bring it back with `/faq import`."
        )
    await interaction.response.send_modal(forms.form(part, faq, values, use.custom_id))


async def submitted(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Take what was typed into a form, and show what would come of it."""
    use = asked.use
    draft = desk.drafts.find(use.number, interaction.user.id) if use.number else None
    if use.part == forms.NEW:
        await _begun(desk, interaction, draft, asked)
        return
    if draft is None:
        # A form from before a restart, or the first one: it goes on from what stands there.
        draft, base = _fresh(desk, interaction, use.entry), use.base
    else:
        base = desk.library.version(_text_before(draft))[:BASE]
    if draft is None:
        await _nothing_to_put_it_in(interaction, asked.typed)
        return
    file = draft.changes[0].file
    draft = replace(draft, part=use.part, typed={**draft.typed, **asked.typed})
    is_stale = desk.library.version(desk.library.text(file))[:BASE] != base
    try:
        if is_stale:
            await deciding.tell_conflict(desk, interaction, draft, file, use.number)
            return
        draft = composed(desk.library, draft)
    except RefusedError:
        await _nothing_to_put_it_in(interaction, asked.typed)
        return
    if not draft.differing:
        raise RefusedError("Nothing of what you sent differs from what stands there already.")
    await think(interaction)
    await deciding.offer(desk, interaction, asked.home, draft, use.number)


def _fresh(desk: EditingDesk, interaction: Interaction, entry_id: str) -> Draft | None:
    entry = desk.library.engine.faq.entry(entry_id)
    if entry is None:
        return None
    text = desk.library.text(file_of(entry))
    return Draft(
        editor=interaction.user.id,
        kind=Kind.EDIT,
        entry=entry.id,
        changes=(Change(file_of(entry), text),),
        before={file_of(entry): text},
        start=text,
    )


def _text_before(draft: Draft) -> str | None:
    return draft.before[draft.changes[0].file]


async def _begun(
    desk: EditingDesk, interaction: Interaction, draft: Draft | None, asked: Asked
) -> None:
    """Keep the first half of a new entry, and ask for the second."""
    entry, topic = asked.typed.get("id", "").strip(), asked.use.entry
    file = f"entries/{topic}/{entry}.md"
    earlier = dict(draft.typed) if draft is not None else {}
    draft = Draft(
        editor=interaction.user.id,
        kind=Kind.ADD,
        entry=entry,
        changes=(Change(file, ""),),
        before={file: None},
        typed={**earlier, **forms.by_fields(asked.typed), "id": entry, "topic": topic},
        part=forms.NEW,
        question=number_in(asked.use.base) or None,
    )
    wrong = _wrong_id(desk, topic, entry)
    name = desk.drafts.keep(draft, asked.use.number)
    again = button("Edit again", Use(Step.AGAIN, number=name).custom_id)
    page = Page("A new entry" if wrong else f"A new entry: {plain(entry)}")
    if wrong:
        page.say(f"{wrong}\n{_KEPT}")
        page.row(again)
    else:
        page.say(f"One more form: what the answer rests on. {_KEPT}\n{_TOLD}")
        go_on = Use(Step.PART, forms.HEAD, entry, number=name)
        page.row(button("Go on", go_on.custom_id), again)
    await present(interaction, page)


def _wrong_id(desk: EditingDesk, topic: str, entry: str) -> str | None:
    faq = desk.library.engine.faq
    if topic not in faq.talk.topics:
        return f"There is no topic {plain(topic)} any more. Begin anew with `/faq add`."
    if not _ID.fullmatch(entry):
        return (
            f"{plain(entry) or 'An empty text'} cannot be an id: write small letters, digits and "
            "single dashes, like `ahsct-cost`."
        )
    taken = faq.entry(entry) or desk.library.text(f"entries/{topic}/{entry}.md")
    if taken:
        return f"There is an entry {plain(entry)} already. Choose another id, or edit that one."
    return None


async def _nothing_to_put_it_in(interaction: Interaction, typed: Mapping[str, str]) -> None:
    page = Page("This could not be put anywhere")
    page.say(
        "The entry is gone, or its file cannot be read just now, or it was a new one whose first "
        "form is no longer kept (I was started anew, or 15 minutes went by). Nothing was changed. "
        "Here is what you typed; begin anew with `/faq add` or `/faq edit`."
    )
    text = "\n\n".join(f"{name}:\n{value}" for name, value in typed.items())
    page.attach("What you typed", Attached("typed.txt", text.encode()))
    await present(interaction, page)


async def retire(desk: EditingDesk, interaction: Interaction, home: Home, named: str) -> None:
    """Show what would come of an entry leaving the FAQ."""
    entry = find_entry(desk.library, named)
    await think(interaction)
    changes = tuple(desk.library.retire(entry.id))
    before = {change.file: desk.library.text(change.file) for change in changes}
    draft = Draft(interaction.user.id, Kind.RETIRE, entry.id, changes, before)
    await deciding.offer(desk, interaction, home, draft)
