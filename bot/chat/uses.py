"""Presses, picks and filled forms that are understood by their custom id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from bot.chat.custom_ids import BUTTON, MENU
from bot.chat.editing.desk import is_editing
from bot.chat.feedback.commands import use_inbox
from bot.chat.feedback.desk import submitted
from bot.chat.feedback.form import FORM
from bot.chat.feedback.inbox import is_inbox
from bot.chat.managing import is_managing, manage
from bot.chat.showing import tell

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.chat.client import FaqClient

    Interaction: TypeAlias = discord.Interaction[FaqClient]


def work_of(interaction: Interaction) -> Coroutine[Any, Any, None] | None:
    """Return what answers a use, leftovers of older versions included; None if others answer it."""
    client = interaction.client
    data: Any = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    is_form = interaction.type is discord.InteractionType.modal_submit
    if client.editing is not None and is_editing(custom_id):
        return client.editing.use(interaction, custom_id)
    if is_inbox(custom_id):
        return use_inbox(interaction, custom_id)
    if is_managing(custom_id):
        return manage(interaction, custom_id)
    if is_form and custom_id == FORM:
        return submitted(interaction)
    known = BUTTON.fullmatch(custom_id) or MENU.fullmatch(custom_id)
    if is_form or (interaction.type is discord.InteractionType.component and not known):
        return tell(interaction, client.desk.notes.outdated)
    return None
