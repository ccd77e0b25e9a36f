"""The form by which a member sends a question to the moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from bot.core.feedback import QUESTION_KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.feedback import Sending

FORM: Final = "faq-send"
"""Its custom id: what is sent is understood after a restart, too."""
_FIELD: Final = "question"


def form(said: Sending, words: str | None) -> ui.Modal:
    """Return the form, with the member's `words` in it if they are known and fit."""
    modal = ui.Modal(title=said.title, custom_id=FORM)
    modal.add_item(ui.TextDisplay(said.told))
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id=_FIELD,
        style=discord.TextStyle.paragraph,
        default=words if words and len(words) <= QUESTION_KEPT else None,
        max_length=QUESTION_KEPT,
    )
    modal.add_item(ui.Label[Any](text=said.label, component=field))
    # The library must not keep it to listen for: what is sent is understood without it.
    modal.stop()
    return modal


def typed_in(interaction: discord.Interaction[Any]) -> str:
    """Return what was typed into the form."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    for one in data.get("components", ()):
        field = one.get("component", {})
        if field.get("custom_id") == _FIELD:
            return str(field.get("value", "")).strip()
    return ""
