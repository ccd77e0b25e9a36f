"""What would come of changes: the entry as members would see it, the difference, the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.chat import cards
from bot.chat.custom_ids import Act, Press
from bot.chat.editing.parts import Kind
from bot.chat.editing.speaking import differences, present_card
from bot.chat.pieces import dead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import discord

    from bot.chat.cards import Card
    from bot.chat.client import FaqClient
    from bot.chat.editing.speaking import Page
    from bot.core.changes import CaseChange, Change, Trial
    from bot.core.engine import Engine

    Interaction: TypeAlias = discord.Interaction[FaqClient]


def tell_changes(
    page: Page, before: Mapping[str, str | None], changes: Sequence[Change], trial: Trial
) -> None:
    """Say on a page what differs, and what would come of that."""
    files = [(one.file, before.get(one.file), one.text) for one in changes]
    page.quote("What changes", differences(files), "changes.diff", "diff")
    if trial.case_changes:
        told = [_case(one) for one in trial.case_changes]
        page.tell("Test questions that would get something else", told, "cases.txt")
    else:
        page.say("No test question would get anything else than now.")
    if trial.hints:
        page.tell("To consider", [str(one) for one in trial.hints], "hints.txt")


def _case(one: CaseChange) -> str:
    asked = f"“{one.ask}” ({one.set_name})" if one.ask else one.set_name
    return f"{asked}: {one.before} → {one.after}"


async def show_as_members_see(
    interaction: Interaction, engine: Engine, changes: Sequence[Change], kind: Kind
) -> None:
    """Show the entry, if it is about one, as a member would get it, with its buttons dead."""
    entries = [one.file for one in changes if one.file.startswith("entries/")]
    if len(entries) == 1 and kind is not Kind.RETIRE:
        for card in preview_cards(engine, entries[0].rpartition("/")[2].removesuffix(".md")):
            await present_card(interaction, card)


def preview_cards(engine: Engine, entry_id: str) -> list[Card]:
    """Return an entry as `/ask` would show it; and the whole of it, if that shows a beginning."""
    reply = engine.answerer.show(entry_id)
    if reply is None:
        return []
    share = Press(Act.SHARE, entry_id)
    found = [cards.answer_card(entry_id, reply, shareable=share)]
    whole = cards.answer_card(entry_id, reply, shareable=share, whole=True)
    if whole.to_components() != found[0].to_components():
        found.append(whole)
    return [cards.Card(map(dead, card.frame), map(dead, card.rows)) for card in found]
