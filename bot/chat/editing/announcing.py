"""Telling the moderators' channel what waits for them, and what became of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.chat.editing.custom_ids import Step, Use
from bot.chat.editing.speaking import Page, button, plain
from bot.chat.failures import kind
from bot.chat.sending import once_more

if TYPE_CHECKING:
    from bot.chat.client import FaqClient
    from bot.chat.editing.parts import Home, Proposal

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_log = logging.getLogger(__name__)


async def announce(
    interaction: Interaction, home: Home, told: Page, number: int, proposal: Proposal
) -> None:
    """Tell the moderators' channel of a proposal; say on the page `told` whether that worked."""
    page = Page(f"Proposal {number}: {proposal.kind} {plain(proposal.entry)}")
    page.say(f"By <@{proposal.editor}>. Another editor has to approve it.")
    page.row(button("Look at it", Use(Step.LOOK, number=str(number)).custom_id))
    await _send(interaction, home, told, page)


async def announce_end(
    interaction: Interaction, home: Home, told: Page, number: int, end: str
) -> None:
    """Tell the moderators' channel what became of a proposal."""
    page = Page(f"Proposal {number}: {end}")
    page.say(f"By <@{interaction.user.id}>.")
    await _send(interaction, home, told, page)


async def _send(interaction: Interaction, home: Home, told: Page, page: Page) -> None:
    if home.channel is None:
        return
    channel = interaction.client.get_partial_messageable(home.channel)
    card, nonce = page.card(), f"{interaction.id}a"
    try:
        await once_more(lambda: channel.send(view=card, nonce=nonce))
    except discord.HTTPException as error:
        _log.warning("the moderators' channel could not be told: %s", kind(error))
        told.say(
            f"I could not tell <#{home.channel}>: allow me to write there, or choose another "
            "channel with `/faq setup`."
        )
    else:
        told.say(f"I told <#{home.channel}>.")
