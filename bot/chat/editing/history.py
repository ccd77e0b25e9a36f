"""Who changed what and when, with the text before; and the way back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from bot.chat.editing import deciding
from bot.chat.editing.composing import file_of
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.drafts import Draft
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.numbers import number_in
from bot.chat.editing.parts import Kind
from bot.chat.editing.speaking import (
    Attached,
    Page,
    button,
    difference,
    is_exam,
    menu,
    plain,
    present,
    think,
)
from bot.core.changes import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Deed

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_SHOWN: Final = 20
_UNKNOWN: Final = "That change is not in the history."


async def history(desk: EditingDesk, interaction: Interaction, named: str | None) -> None:
    """List the latest changes of an entry, or of the whole FAQ."""
    found = await _found(desk, named)
    if not found:
        raise RefusedError(
            "Nothing of that was changed in Discord. What is changed in the files themselves is "
            "not in this history."
        )
    page = Page("History" if named is None else f"History of {plain(named[:100])}")
    page.say("\n".join(_line(number, deed) for number, deed in found[:_SHOWN]))
    options = [(str(number), f"{number}: {deed.kind} {deed.file}") for number, deed in found]
    page.row(menu(Use(Step.DEED).custom_id, options[:_SHOWN], "Look at one"))
    await present(interaction, page)


async def _found(desk: EditingDesk, named: str | None) -> Sequence[tuple[int, Deed]]:
    if named is None:
        return await desk.ledger.history(None)
    faq = desk.library.engine.faq
    entry = desk.library.engine.answerer.named(named)
    if entry is not None:
        return await desk.ledger.history(file_of(entry))
    # It may have been retired: then nobody knows any more where it stood.
    for file in [named, *(f"entries/{topic}/{named}.md" for topic in faq.talk.topics)]:
        found = await desk.ledger.history(file)
        if found:
            return found
    return ()


def _line(number: int, deed: Deed) -> str:
    second = f", approved by <@{deed.approved_by}>" if deed.approved_by else ""
    when = f"<t:{int(deed.at.timestamp())}:f>"
    return f"{number}. {deed.kind} **{plain(deed.file)}**, by <@{deed.editor}>{second}, {when}"


async def look(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Show one change with the text from before it."""
    number = number_in(asked.choice)
    deed = await _deed(desk, number)
    page = Page(f"Change {number}")
    page.say(_line(number, deed))
    told = difference(deed.before, deed.after, deed.file)
    page.quote("What was changed", told, "change.diff", "diff")
    if deed.before is None:
        page.say("There was no such file before.")
    else:
        if not is_exam(deed.file):
            name = f"before-{number}-{deed.file.rpartition('/')[2]}"
            page.attach("The text before", Attached(name, deed.before.encode()))
        restore = Use(Step.RESTORE, number=str(number))
        page.row(button("Restore the text before", restore.custom_id))
    await present(interaction, page)


async def restore(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Put back the text from before a change: at once, or to be approved."""
    deed = await _deed(desk, number_in(asked.use.number))
    now = desk.library.text(deed.file)
    if deed.before is None or deed.before == now:
        raise RefusedError("That is what stands there now, so there is nothing to restore.")
    entry = deed.file.rpartition("/")[2].removesuffix(".md")
    is_entry = deed.file.startswith("entries/")
    draft = Draft(
        editor=interaction.user.id,
        kind=Kind.RESTORE,
        entry=entry if is_entry else deed.file,
        changes=(Change(deed.file, deed.before),),
        before={deed.file: now},
        start=deed.before,
    )
    await think(interaction)
    await deciding.offer_or_publish(desk, interaction, asked.home, draft)


async def _deed(desk: EditingDesk, number: int) -> Deed:
    deed = await desk.ledger.deed(number)
    if deed is None:
        raise RefusedError(_UNKNOWN)
    return deed
