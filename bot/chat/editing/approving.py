"""What waits for a second editor: looked at, approved, rejected or withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

import discord

from bot.chat.editing import finishing, previewing
from bot.chat.editing.announcing import announce_end
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.numbers import number_in
from bot.chat.editing.parts import LedgerError, LibraryError
from bot.chat.editing.speaking import Page, button, differences, menu, plain, present, think
from bot.chat.feedback.closing import close_question
from bot.core.changes import Conflict, Published, Unfit

if TYPE_CHECKING:
    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Approval, Proposal

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_DECIDED: Final = "That proposal does not wait any more: an editor has decided upon it."
_LISTED: Final = 25
_OWN: Final = (
    "You proposed this yourself, so it takes another editor to approve it. You can withdraw it."
)


async def proposals(desk: EditingDesk, interaction: Interaction) -> None:
    """List what waits, the oldest first."""
    waiting = await desk.ledger.proposals()
    page = Page("What waits for a second editor")
    if not waiting:
        page.say("Nothing.")
    else:
        told = [_line(number, one) for number, one in waiting]
        page.say("\n".join(told[:_LISTED]))
        if len(told) > _LISTED:
            page.say(f"These are the {_LISTED} oldest of {len(told)}.")
        options = [(str(n), f"{n}: {one.kind} {one.entry}") for n, one in waiting]
        page.row(menu(Use(Step.LOOK).custom_id, options, "Look at one"))
    await present(interaction, page)


def _line(number: int, one: Proposal) -> str:
    when = f"<t:{int(one.at.timestamp())}:f>"
    return f"{number}. {one.kind} **{plain(one.entry)}**, by <@{one.editor}>, {when}"


async def look(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Show a proposal as its editor saw it, and let another one decide."""
    number = number_in(asked.use.number or asked.choice)
    proposal = await desk.ledger.proposal(number)
    if proposal is None:
        raise RefusedError(_DECIDED)
    await think(interaction)
    page = Page(f"Proposal {number}: {proposal.kind} {plain(proposal.entry)}")
    page.say(f"By <@{proposal.editor}>, <t:{int(proposal.at.timestamp())}:f>.")
    stale = [
        file
        for file, base in proposal.base.items()
        if desk.library.version(desk.library.text(file)) != base
    ]
    fit = not stale and await _tell_trial(desk, interaction, page, proposal)
    if stale:
        before = {one.file: desk.library.text(one.file) for one in proposal.changes}
        page.say(f"{plain(stale[0])} was changed since, so this cannot be approved any more.")
        files = [(one.file, before[one.file], one.text) for one in proposal.changes]
        page.quote("From now to the proposal", differences(files), "proposal.diff", "diff")
    own = proposal.editor == interaction.user.id
    reject = button("Withdraw" if own else "Reject", _id(Step.REJECT, number))
    approve = button("Approve", _id(Step.APPROVE, number), discord.ButtonStyle.primary)
    if own:
        page.say(_OWN)
    page.row(*([approve] if fit and not own else []), reject)
    await present(interaction, page)


async def _tell_trial(
    desk: EditingDesk, interaction: Interaction, page: Page, proposal: Proposal
) -> bool:
    before = {one.file: desk.library.text(one.file) for one in proposal.changes}
    trial = await desk.library.try_out(proposal.changes)
    if not trial.is_fit or trial.engine is None:
        page.tell("It does not fit any more", [str(one) for one in trial.faults], "problems.txt")
        return False
    await previewing.show_as_members_see(interaction, trial.engine, proposal.changes, proposal.kind)
    previewing.tell_changes(page, before, proposal.changes, trial)
    return True


async def approve(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Publish a proposal of another editor."""
    await think(interaction)
    number = number_in(asked.use.number)
    approval = await _marked(desk, interaction, number)
    proposal = approval.proposal
    try:
        outcome = await desk.library.publish(proposal.changes, proposal.base)
    except LibraryError:
        await finishing.settle(desk, number, approval)
        raise
    match outcome:
        case Published():
            page = Page(f"Published: {plain(proposal.entry)}")
            page.say("Questions are answered from it now.")
            page.say_if(await _completed(desk, number, approval))
            page.say_if(await close_question(interaction.client, proposal.question))
            await announce_end(interaction, asked.home, page, number, "approved")
        case Conflict() | Unfit():
            page = _overtaken_page(outcome)
            await desk.ledger.reopen(number)
            page.say("It waits on: reject it, and edit the entry anew.")
        case _:
            assert_never(outcome)
    await present(interaction, page)


async def _marked(desk: EditingDesk, interaction: Interaction, number: int) -> Approval:
    """Mark a proposal as being published: should I end now, it is looked at when I am back."""
    proposal = await desk.ledger.proposal(number)
    if proposal is None:
        raise RefusedError(_DECIDED)
    if proposal.editor == interaction.user.id:
        raise RefusedError(_OWN)
    before = {one.file: desk.library.text(one.file) for one in proposal.changes}
    approval = await desk.ledger.approve(number, interaction.user.id, before)
    if approval is None:
        raise RefusedError(_DECIDED)
    return approval


async def _completed(desk: EditingDesk, number: int, approval: Approval) -> str | None:
    """Write the history; return what is to be said if that has to wait."""
    try:
        await finishing.complete(desk, number, approval)
    except LedgerError:
        return (
            "**It is not in the history yet:** my database did not answer. It will be once I was "
            "started anew; please tell whoever runs the bot."
        )
    return None


def _overtaken_page(outcome: Conflict | Unfit) -> Page:
    if isinstance(outcome, Conflict):
        page = Page("This cannot be published any more")
        file = plain(outcome.file)
        page.say(f"{file} was changed since it was proposed; nothing was overwritten.")
        return page
    page = Page("This does not fit any more")
    page.tell("What to mend", [str(one) for one in outcome.problems], "problems.txt")
    return page


async def reject(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Take a proposal away; whoever proposed it may do so too."""
    number = number_in(asked.use.number)
    proposal = await desk.ledger.take(number)
    if proposal is None:
        raise RefusedError(_DECIDED)
    own = proposal.editor == interaction.user.id
    end = "withdrawn" if own else "rejected"
    page = Page(f"Proposal {number} is {end}")
    page.say("Nothing was published.")
    await announce_end(interaction, asked.home, page, number, end)
    await present(interaction, page)


def _id(step: Step, number: int) -> str:
    return Use(step, number=str(number)).custom_id
