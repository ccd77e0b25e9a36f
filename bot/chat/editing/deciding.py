"""From a draft to the FAQ: the preview, the decision, and a second editor's where one is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never

import discord

from bot.chat.editing import previewing
from bot.chat.editing.announcing import announce
from bot.chat.editing.composing import composed, parts_menu
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.finishing import deeds_of
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.parts import Kind, LedgerError, LibraryError, Proposal
from bot.chat.editing.speaking import (
    Page,
    button,
    differences,
    plain,
    present,
    think,
)
from bot.chat.failures import note_failure
from bot.chat.feedback.closing import close_question
from bot.core.changes import Conflict, Published, Unfit
from bot.core.faq import Advice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.drafts import Draft
    from bot.chat.editing.parts import Deed, Home
    from bot.core.changes import Fault, Trial

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
NOT_DONE: Final = (
    "Something went wrong on my side while the FAQ was tried out or written, for no fault of "
    "yours. It is whole, and members are answered. Look with `/faq show` whether your change is "
    "there; if not, please try again. If it keeps happening, tell whoever runs the bot this number."
)
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
    # Kept before it is tried out: whatever comes of that, nothing typed is lost.
    name = desk.drafts.keep(draft, name)
    try:
        trial = await desk.library.try_out(draft.differing)
    except LibraryError as error:
        incident = note_failure("trial by interaction", interaction.id, error)
        await present(interaction, _failed_page(draft, name, incident))
        return
    draft = replace(draft, needs_two=_is_about_treatment(desk, draft, trial))
    desk.drafts.put_back(name, draft)
    if not trial.is_fit or trial.engine is None:
        await present(interaction, _unfit_page(draft, name, trial.faults))
        return
    await previewing.show_as_members_see(interaction, trial.engine, draft.changes, draft.kind)
    page = Page(f"{VERBS[draft.kind]} {plain(draft.entry)}")
    previewing.tell_changes(page, draft.before, draft.differing, trial)
    two = _needs_two(home, draft)
    if two:
        page.say(_TWICE)
    if draft.question is not None:
        page.say(f"Question {draft.question} leaves the inbox once this is published.")
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
    trial = await desk.library.try_out(draft.differing)
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


def _failed_page(draft: Draft, name: str, incident: str) -> Page:
    page = Page("This could not be tried out")
    page.say(f"{NOT_DONE} `{incident}`")
    page.say(_KEPT)
    _decision_rows(page, draft, name)
    return page


def _unfit_page(draft: Draft, name: str, faults: Sequence[Fault]) -> Page:
    page = Page("This cannot be published yet")
    said = [str(one) for one in faults] or ["the FAQ could not be read"]
    page.tell("What to mend", said, "problems.txt")
    if draft.kind in _BY_FORM:
        page.say(_KEPT)
        _decision_rows(page, draft, name)
    else:
        page.say("Nothing was published. Mend it, and use the command once more.")
    return page


def _is_about_treatment(desk: EditingDesk, draft: Draft, trial: Trial) -> bool:
    """Whether any file is more than an entry on which nobody could act, before or after."""
    for change in draft.differing:
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
    await think(interaction)
    name = asked.use.number
    draft = draft_of(desk, interaction, name)
    # Taken out at once: a second press must not publish it again.
    desk.drafts.drop(name)
    try:
        if draft.kind in _BY_FORM:
            # Test questions are added to what stands there by now.
            draft = composed(desk.library, draft)
        if _needs_two(asked.home, draft):
            await _propose(desk, interaction, asked.home, draft)
        else:
            await publish_now(desk, interaction, draft, name)
    except (LedgerError, LibraryError, RefusedError):
        desk.drafts.put_back(name, draft)
        raise


async def publish_now(
    desk: EditingDesk, interaction: Interaction, draft: Draft, name: str = ""
) -> None:
    """Publish a draft, and say what came of it."""
    outcome = await desk.library.publish(draft.differing, _bases(desk, draft))
    match outcome:
        case Published():
            page = Page(f"Published: {plain(draft.entry)}")
            page.say("Questions are answered from it now.")
            await _record(desk, page, deeds_of(desk, draft, draft.differing, draft.before))
            page.say_if(await close_question(interaction.client, draft.question))
            await present(interaction, page)
        case Conflict(file):
            await tell_conflict(desk, interaction, draft, file, name)
        case Unfit(problems):
            name = desk.drafts.keep(draft, name)
            await present(interaction, _unfit_page(draft, name, problems))
        case _:
            assert_never(outcome)


def _bases(desk: EditingDesk, draft: Draft) -> dict[str, str]:
    return {one.file: desk.library.version(draft.before[one.file]) for one in draft.differing}


async def _record(desk: EditingDesk, page: Page, deeds: Sequence[Deed]) -> None:
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
        at=desk.now(),
        editor=draft.editor,
        entry=draft.entry,
        kind=draft.kind,
        changes=draft.differing,
        base=_bases(desk, draft),
        question=draft.question,
    )
    number = await desk.ledger.propose(proposal)
    page = Page(f"Proposal {number}")
    page.say(f"{_TWICE} They find it in `/faq proposals`.")
    await announce(interaction, home, page, number, proposal)
    await present(interaction, page)
