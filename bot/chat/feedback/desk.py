"""Where what members tell comes in: votes, and what questions came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.chat.custom_ids import Act, Press
from bot.chat.feedback.parts import Vote
from bot.chat.feedback.rows import VERDICTS, reasons_card, said_card
from bot.chat.showing import replace, show, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.desk import Served
    from bot.chat.feedback.ballot import Ballot
    from bot.chat.feedback.parts import Counts

    Interaction: TypeAlias = discord.Interaction[FaqClient]

NONE_OF_THESE = "none_of_these"
"""What is counted when no choice was meant: a question that stayed without an answer after all."""


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """What members tell, and what is kept of it. It outlives every connection."""

    counts: Counts
    today: Callable[[], date]
    ballot: Ballot

    def came(self, served: Served) -> None:
        """Count what a question came to."""
        self.counts.came(served.outcome, served.entry)

    async def take(self, interaction: Interaction, press: Press) -> None:
        """Take what a member tells by pressing a button."""
        if interaction.client.desk.has(press.name):
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


async def told(interaction: Interaction, press: Press, *, wanted: bool) -> None:
    """Take what a member tells by pressing a button, if the server wants to be told."""
    feedback = interaction.client.feedback
    if feedback is None or not wanted:
        await tell(interaction, interaction.client.desk.talk.feedback.off)
    else:
        await feedback.take(interaction, press)
