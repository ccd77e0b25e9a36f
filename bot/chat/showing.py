"""Answers to interactions: slash commands, menus and presses."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.chat.sending import once_more

if TYPE_CHECKING:
    import discord

    from bot.chat.cards import Card
    from bot.chat.client import FaqClient

    Interaction: TypeAlias = discord.Interaction[FaqClient]


def is_direct(interaction: Interaction) -> bool:
    """Whether it happens in the direct messages between a person and the bot."""
    return interaction.context.dm_channel


async def show(interaction: Interaction, card: Card, *, private: bool = True) -> int | None:
    """Answer with a card; return the message's id if it is known.

    `private`: where only the person sees it; in direct messages it stays, since nobody else is
    there.
    """
    private = private and not is_direct(interaction)
    response = interaction.response
    sent = await once_more(lambda: response.send_message(view=card, ephemeral=private))
    return None if sent is None else sent.message_id


async def tell(interaction: Interaction, sentence: str) -> None:
    """Answer with a sentence, where only the person sees it."""
    response = interaction.response
    if not response.is_done():
        await once_more(lambda: response.send_message(sentence, ephemeral=True))
    else:
        await once_more(lambda: interaction.followup.send(sentence, ephemeral=True))


async def replace(interaction: Interaction, card: Card) -> None:
    """Put a card in the place of the message whose button was pressed."""
    await once_more(lambda: interaction.response.edit_message(view=card))
