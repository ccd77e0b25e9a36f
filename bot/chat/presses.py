"""What happens when a button is pressed or something is picked in a menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.chat.custom_ids import Act, Press
from bot.chat.feedback.desk import told
from bot.chat.feedback.figures import NONE_OF_THESE
from bot.chat.quoting import words_in
from bot.chat.showing import is_direct, replace, show, tell

if TYPE_CHECKING:
    import discord

    from bot.chat.cards import Card
    from bot.chat.client import FaqClient
    from bot.chat.desk import Desk
    from bot.chat.house import House

    Interaction = discord.Interaction[FaqClient]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that was shown, and the message that shows it if others can reply to it."""

    entry: str
    message: int | None = None


async def answer_press(
    desk: Desk, house: House, interaction: Interaction, press: Press
) -> Shown | None:
    """Do what was asked for; return which entry was shown, if one was."""
    match press.act:
        case Act.SHOW:
            card = desk.show(press.name, share=_share(interaction, press), house=house)
            await _show_or_tell(interaction, desk, card)
            return Shown(press.name) if card else None
        case Act.MORE:
            share = _share(interaction, press)
            card = desk.show(press.name, share=share, whole=True, house=house)
            if card is not None and _is_own(interaction):
                await replace(interaction, card)
            else:
                await _show_or_tell(interaction, desk, card)
            return Shown(press.name) if card else None
        case Act.SHARE:
            card = desk.shared(press.name, _address(interaction, press.number), house=house)
            sent = await _show_or_tell(interaction, desk, card, private=False)
            return Shown(press.name, sent) if card else None
        case Act.NONE:
            if interaction.client.feedback is not None:
                interaction.client.feedback.counts.came(NONE_OF_THESE, None)
            await show(interaction, desk.decline(words_in(interaction.message), house=house))
        case Act.TOPIC:
            await _show_or_tell(interaction, desk, desk.topic(press.name))
        case Act.SOURCES:
            await replace(interaction, desk.sources(press.number or 0))
        case Act.SEND | Act.SEND_ANYWAY:
            await told(interaction, press, wanted=house.inbox)
        case (
            Act.HELPFUL
            | Act.UNHELPFUL
            | Act.NOT_MY_QUESTION
            | Act.UNCLEAR
            | Act.OUTDATED
            | Act.WRONG
        ):
            await told(interaction, press, wanted=house.feedback)
        case _:
            assert_never(press.act)
    return None


async def _show_or_tell(
    interaction: Interaction, desk: Desk, card: Card | None, *, private: bool = True
) -> int | None:
    if card is not None:
        return await show(interaction, card, private=private)
    await tell(interaction, desk.notes.gone)
    return None


def _share(interaction: Interaction, press: Press) -> Press | None:
    return None if is_direct(interaction) else Press(Act.SHARE, "", press.number)


def _is_own(interaction: Interaction) -> bool:
    """Whether the message belongs to the person alone, so that it may change under their eyes."""
    message = interaction.message
    return is_direct(interaction) or (message is not None and message.flags.ephemeral)


def _address(interaction: Interaction, message: int | None) -> str | None:
    if message is None or interaction.channel_id is None:
        return None
    place = interaction.guild_id or "@me"
    return f"https://discord.com/channels/{place}/{interaction.channel_id}/{message}"
