"""What was approved is published and written into the history, or waits again: it is never lost.

A proposal is marked before it is published, and taken away with the writing of the history. So
whenever the bot ends in between, what is left in the database and in the files tells what to do.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from bot.chat.editing.parts import Deed, LedgerError
from bot.chat.feedback.closing import close_question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.drafts import Draft
    from bot.chat.editing.parts import Approval, Proposal
    from bot.core.changes import Change

_log = logging.getLogger(__name__)

_AGAIN: Final = 60.0
"""Seconds until a database that did not answer is asked again."""


def deeds_of(
    desk: EditingDesk,
    what: Draft | Proposal,
    changes: Sequence[Change],
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
        for one in changes
    ]


async def complete(desk: EditingDesk, number: int, approval: Approval) -> None:
    """Write into the history that a proposal was published, and take it away, in one step."""
    proposal = approval.proposal
    deeds = deeds_of(desk, proposal, proposal.changes, approval.before, approval.by)
    await desk.ledger.complete(number, deeds)


async def settle(desk: EditingDesk, number: int, approval: Approval) -> bool:
    """Complete a proposal if the FAQ holds it, and let it wait again if not; return which."""
    version, text = desk.library.version, desk.library.text
    changes = approval.proposal.changes
    held = [version(text(one.file)) == version(one.text) for one in changes]
    is_held = bool(held) and all(held)
    if is_held:
        await complete(desk, number, approval)
    else:
        await desk.ledger.reopen(number)
    return is_held


async def take_up(desk: EditingDesk, client: FaqClient) -> None:
    """Settle what was being published when the bot ended, once the database answers."""
    has_complained = False
    while True:
        try:
            await _settle_all(desk, client)
        except LedgerError:
            if not has_complained:
                _log.warning("the database does not answer: what was approved is looked at later")
            has_complained = True
            await asyncio.sleep(_AGAIN)
        else:
            return


async def _settle_all(desk: EditingDesk, client: FaqClient) -> None:
    for number, approval in await desk.ledger.approved():
        if await settle(desk, number, approval):
            await close_question(client, approval.proposal.question)
            _log.info("proposal %d was published when the bot ended; it is in the history", number)
        else:
            _log.info("proposal %d was not published when the bot ended; it waits again", number)
