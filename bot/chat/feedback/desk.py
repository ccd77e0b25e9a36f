"""Where what members tell comes in: votes, and what questions came to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.chat.custom_ids import Act, Press
from bot.chat.feedback.form import form, typed_in
from bot.chat.feedback.parts import KeepingError, Vote
from bot.chat.feedback.rows import (
    VERDICTS,
    anyway_card,
    danger_card,
    not_sent_card,
    reasons_card,
    said_card,
)
from bot.chat.quoting import words_in
from bot.chat.recent import Turn
from bot.chat.sending import once_more
from bot.chat.showing import replace, show, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import discord

    from bot.chat.cards import Card
    from bot.chat.client import FaqClient
    from bot.chat.desk import Served
    from bot.chat.feedback.ballot import Ballot
    from bot.chat.feedback.figures import Counted
    from bot.chat.feedback.parts import Counts, Questions
    from bot.chat.recent import Pace
    from bot.core.feedback import Sending

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """What members tell, and what is kept of it. It outlives every connection."""

    counts: Counts
    questions: Questions
    counted: Counted
    today: Callable[[], date]
    ballot: Ballot
    sends: Pace
    """How many questions each member may send."""

    def came(self, served: Served) -> None:
        """Count what a question came to."""
        self.counts.came(served.outcome, served.entry)

    async def take(self, interaction: Interaction, press: Press) -> None:
        """Take what a member tells by pressing a button."""
        if press.act is Act.SEND:
            words = words_in(interaction.message)
            await once_more(
                lambda: interaction.response.send_modal(form(_said(interaction), words))
            )
        elif press.act is Act.SEND_ANYWAY:
            await self._send_anyway(interaction)
        elif interaction.client.desk.has(press.name):
            await self._vote(interaction, press)
        else:
            await tell(interaction, interaction.client.desk.notes.gone)

    async def _vote(self, interaction: Interaction, press: Press) -> None:
        said = interaction.client.desk.talk.feedback
        if press.act is Act.UNHELPFUL:
            await show(interaction, reasons_card(press, said))
            return
        vote = Vote(self.today(), press.name, press.number or 0, VERDICTS[press.act])
        replaced = self.ballot.cast(interaction.user.id, vote)
        if replaced is None:
            self.counts.vote(vote)
        else:
            self.counts.change_vote(replaced, vote)
        if press.act is Act.HELPFUL:
            await tell(interaction, said.thanks)
        else:
            # In the place of the reasons, which only this member sees.
            await replace(interaction, said_card(said.thanks))

    async def submitted(self, interaction: Interaction) -> None:
        """Pass on what was typed into the form, unless it sounds like danger."""
        said, words = _said(interaction), typed_in(interaction)
        if not words:
            await tell(interaction, interaction.client.desk.notes.nothing_to_read)
            return
        served = interaction.client.desk.ask(words)
        if served.is_danger:
            self.came(served)
            await show(interaction, danger_card(said.danger, served.card))
            await _show_after(interaction, anyway_card(words))
            return
        await once_more(lambda: interaction.response.defer(ephemeral=True, thinking=True))
        why_not = await self._why_not_kept(interaction, words)
        card = said_card(said.sent) if why_not is None else not_sent_card(why_not, words)
        await _show_after(interaction, card)

    async def _send_anyway(self, interaction: Interaction) -> None:
        words = words_in(interaction.message)
        if words is None:
            await tell(interaction, interaction.client.desk.notes.outdated)
            return
        await once_more(interaction.response.defer)
        why_not = await self._why_not_kept(interaction, words)
        if why_not is None:
            card = said_card(_said(interaction).sent)
            await once_more(lambda: interaction.edit_original_response(view=card))
        else:
            await tell(interaction, why_not)

    async def _why_not_kept(self, interaction: Interaction, words: str) -> str | None:
        """Keep a question, or return the sentence that says why it was not kept."""
        said = _said(interaction)
        if self.sends.take(interaction.user.id) is not Turn.YES:
            return interaction.client.desk.notes.busy
        try:
            kept = await self.questions.put(words)
        except KeepingError as error:
            _log.warning("a question for the moderators could not be kept: %s", error)
            return said.failed
        return None if kept else said.full


def _said(interaction: Interaction) -> Sending:
    return interaction.client.desk.talk.sending


async def _show_after(interaction: Interaction, card: Card) -> None:
    await once_more(lambda: interaction.followup.send(view=card, ephemeral=True, wait=True))


async def submitted(interaction: Interaction) -> None:
    """Take a question from the form, if the server wants to be asked."""
    feedback = interaction.client.feedback
    house = await interaction.client.house_of(interaction)
    if feedback is None or not house.inbox:
        await tell(interaction, interaction.client.desk.talk.feedback.off)
    else:
        await feedback.submitted(interaction)


async def told(interaction: Interaction, press: Press, *, wanted: bool) -> None:
    """Take what a member tells by pressing a button, if the server wants to be told."""
    feedback = interaction.client.feedback
    if feedback is None or not wanted:
        await tell(interaction, interaction.client.desk.talk.feedback.off)
    else:
        await feedback.take(interaction, press)
