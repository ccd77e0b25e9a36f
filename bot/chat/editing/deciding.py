"""From a draft to the FAQ: the preview, the decision, and a second editor's where one is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never

import discord

from bot.chat import cards
from bot.chat.buttons import PressButton
from bot.chat.custom_ids import Act, Press
from bot.chat.editing.announcing import announce
from bot.chat.editing.composing import composed, parts_menu
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.parts import Deed, Kind, LedgerError, Proposal
from bot.chat.editing.speaking import (
    Page,
    button,
    differences,
    plain,
    present,
    present_card,
    think,
)
from bot.core.changes import Conflict, Published, Unfit
from bot.core.faq import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chat.cards import Card
    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.drafts import Draft
    from bot.chat.editing.parts import Home
    from bot.core.changes import CaseChange, Change, Fault, Trial
    from bot.core.engine import Engine

    Interaction: TypeAlias = discord.Interaction[FaqClient]

VERBS: Final = {
    Kind.EDIT: "Edit",
    Kind.ADD: "Add",
    Kind.RETIRE: "Retire",
    Kind.RESTORE: "Restore",
    Kind.IMPORT: "Import",
}
_BY_FORM: Final = frozenset({Kind.EDIT, Kind.ADD, Kind.RESTORE})
_GONE: Final = (
    "That preview is no longer kept: I was started anew, 15 minutes went by, or it was dealt with "
    "already. Nothing was done now; begin anew with the command."
)
_TWICE: Final = "A second editor has to approve this before members see it."
_KEPT: Final = "Nothing was published. What you typed is kept for 15 minutes."


def draft_of(desk: EditingDesk, interaction: Interaction, name: str) -> Draft:
    """Return the editor's own draft of this name.

    Raises:
        RefusedError: if it is no longer kept.

    """
    draft = desk.drafts.find(name, interaction.user.id)
    if draft is None:
        raise RefusedError(_GONE)
    return draft


async def offer(
    desk: EditingDesk, interaction: Interaction, home: Home, draft: Draft, name: str = ""
) -> None:
    """Show what would come of a draft, and let the editor decide."""
    trial = await desk.library.try_out(draft.changes)
    draft = replace(draft, needs_two=_is_about_treatment(desk, draft, trial))
    name = desk.drafts.keep(draft, name)
    if not trial.is_fit or trial.engine is None:
        await present(interaction, _unfit_page(draft, name, trial.faults))
        return
    await show_as_members_see(interaction, trial.engine, draft)
    page = Page(f"{VERBS[draft.kind]} {plain(draft.entry)}")
    tell_changes(page, draft.before, draft.changes, trial)
    two = _needs_two(home, draft)
    if two:
        page.say(_TWICE)
    publish = button(
        "Propose" if two else "Publish",
        Use(Step.PUBLISH, number=name).custom_id,
        discord.ButtonStyle.primary,
    )
    _decision_rows(page, draft, name, publish)
    await present(interaction, page)


async def offer_or_publish(
    desk: EditingDesk, interaction: Interaction, home: Home, draft: Draft
) -> None:
    """Publish a draft at once if one editor is enough and it fits; else show it first."""
    trial = await desk.library.try_out(draft.changes)
    draft = replace(draft, needs_two=_is_about_treatment(desk, draft, trial))
    if _needs_two(home, draft) or not trial.is_fit:
        await offer(desk, interaction, home, draft)
    else:
        await publish_now(desk, interaction, draft)


def _decision_rows(page: Page, draft: Draft, name: str, *first: Any) -> None:  # noqa: ANN401
    buttons = list(first)
    if draft.part:
        buttons.append(button("Edit again", Use(Step.AGAIN, number=name).custom_id))
    buttons.append(button("Discard", Use(Step.DISCARD, number=name).custom_id))
    page.row(*buttons)
    if draft.kind in _BY_FORM:
        page.row(parts_menu(draft.entry, name))


def _unfit_page(draft: Draft, name: str, faults: Sequence[Fault]) -> Page:
    page = Page("This cannot be published yet")
    said = [str(one) for one in faults] or ["the FAQ could not be read"]
    page.tell("What to mend", said, "problems.txt")
    page.say(_KEPT)
    _decision_rows(page, draft, name)
    return page


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
    interaction: Interaction, engine: Engine, what: Draft | Proposal
) -> None:
    """Show the entry, if it is about one, as a member would get it, with its buttons dead."""
    entries = [one.file for one in what.changes if one.file.startswith("entries/")]
    if len(entries) == 1 and what.kind is not Kind.RETIRE:
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
    for card in found:
        for item in card.walk_children():
            if isinstance(item, PressButton):
                item.item.disabled = True
    return found


def _is_about_treatment(desk: EditingDesk, draft: Draft, trial: Trial) -> bool:
    """Whether any file is more than an entry on which nobody could act, before or after."""
    for change in draft.changes:
        if change.file.startswith("cases/"):
            continue
        if not change.file.startswith("entries/"):
            return True
        entry_id = change.file.rpartition("/")[2].removesuffix(".md")
        for engine in (desk.library.engine, trial.engine):
            entry = engine.faq.entry(entry_id) if engine else None
            if entry is not None and entry.advice is not Advice.NONE:
                return True
    return False


def _needs_two(home: Home, draft: Draft) -> bool:
    return home.two_person == "always" or (home.two_person == "treatment" and draft.needs_two)


async def tell_conflict(
    desk: EditingDesk, interaction: Interaction, draft: Draft, file: str, name: str = ""
) -> None:
    """Say that a file is no longer what the editor began from, and let them begin from it."""
    now = desk.library.text(file)
    page = Page("Somebody was faster")
    own = next((one for one in draft.changes if one.file == file), draft.changes[0])
    if draft.kind in _BY_FORM and file == draft.changes[0].file and now is not None:
        draft = replace(draft, before={file: now}, start=now)
        draft = composed(desk.library, draft)
        own = draft.changes[0]
    page.say(
        f"{plain(file)} was changed since you began. Nothing was overwritten, and nothing of "
        "yours was published."
    )
    page.quote(
        "From what stands there now to yours",
        differences([(file, now, own.text)]),
        "conflict.diff",
        "diff",
    )
    if draft.part and now is not None:
        page.say("“Edit again” opens the form with what you typed, on top of what stands there.")
        name = desk.drafts.keep(draft, name)
        _decision_rows(page, draft, name)
    else:
        page.say("Use the command once more: it begins from what stands there now.")
    await present(interaction, page)


async def publish(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Publish a draft, or propose it where two people are needed."""
    name = asked.use.number
    draft = draft_of(desk, interaction, name)
    # Taken out at once: a second press must not publish it again.
    desk.drafts.drop(name)
    try:
        await think(interaction)
        if _needs_two(asked.home, draft):
            await _propose(desk, interaction, asked.home, draft)
        else:
            await publish_now(desk, interaction, draft, name)
    except LedgerError:
        desk.drafts.put_back(name, draft)
        raise


async def publish_now(
    desk: EditingDesk, interaction: Interaction, draft: Draft, name: str = ""
) -> None:
    """Publish a draft, and say what came of it."""
    if draft.kind in _BY_FORM:
        # Test questions are added to what stands there by now.
        draft = composed(desk.library, draft)
    outcome = await desk.library.publish(draft.changes, _bases(desk, draft.before))
    match outcome:
        case Published():
            page = Page(f"Published: {plain(draft.entry)}")
            page.say("Questions are answered from it now.")
            await record(desk, page, deeds_of(desk, draft, draft.before))
            await present(interaction, page)
        case Conflict(file):
            await tell_conflict(desk, interaction, draft, file, name)
        case Unfit(problems):
            name = desk.drafts.keep(draft, name)
            await present(interaction, _unfit_page(draft, name, problems))
        case _:
            assert_never(outcome)


def _bases(desk: EditingDesk, before: Mapping[str, str | None]) -> dict[str, str]:
    return {file: desk.library.version(text) for file, text in before.items()}


def deeds_of(
    desk: EditingDesk,
    what: Draft | Proposal,
    before: Mapping[str, str | None],
    approved_by: int | None = None,
) -> list[Deed]:
    """Return what goes into the history once a draft or a proposal is published."""
    return [
        Deed(
            at=desk.now(),
            editor=what.editor,
            file=one.file,
            kind=what.kind,
            before=before.get(one.file),
            after=one.text,
            approved_by=approved_by,
        )
        for one in what.changes
    ]


async def record(desk: EditingDesk, page: Page, deeds: Sequence[Deed]) -> None:
    """Write into the history what was published; if that fails, say so on the page."""
    try:
        await desk.ledger.record(deeds)
    except LedgerError:
        page.say(
            "**It could not be written into the history:** my database did not answer. Please "
            "keep a note of what you changed, and tell whoever runs the bot."
        )


async def discard(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Forget a draft."""
    draft_of(desk, interaction, asked.use.number)
    desk.drafts.drop(asked.use.number)
    page = Page("Discarded")
    page.say("Nothing was published, and what you typed is forgotten.")
    await present(interaction, page)


async def _propose(desk: EditingDesk, interaction: Interaction, home: Home, draft: Draft) -> None:
    proposal = Proposal(
        desk.now(),
        draft.editor,
        draft.entry,
        draft.kind,
        draft.changes,
        _bases(desk, draft.before),
    )
    number = await desk.ledger.propose(proposal)
    page = Page(f"Proposal {number}")
    page.say(f"{_TWICE} They find it in `/faq proposals`.")
    await announce(interaction, home, page, number, proposal)
    await present(interaction, page)
