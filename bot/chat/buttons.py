"""Buttons and menus that work for as long as their message stands, and keep no memory for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import discord
from discord import ui

from bot.chat.custom_ids import BUTTON, MENU, Press
from bot.core.faq import BUTTON_LIMIT

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.chat.client import FaqClient

MENU_LIMIT: Final = 25
"""Choices in a menu, and suggestions of /ask."""
CHOICE_LIMIT: Final = 100
"""Characters of a choice in a menu, and of a suggestion."""


class PressButton(ui.DynamicItem[ui.Button[Any]], template=BUTTON):
    """A button that carries all it needs in its custom id."""

    def __init__(
        self,
        press: Press,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        button: ui.Button[Any] = ui.Button(
            label=fitting(label, BUTTON_LIMIT), custom_id=press.on_a_button, style=style
        )
        super().__init__(button)
        self._press = press

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Make the button anew from what Discord kept of it."""
        label = getattr(item, "label", None)
        return cls(Press.of(match), label if isinstance(label, str) else "")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        client: FaqClient = interaction.client
        await client.press(interaction, self._press)


class PickMenu(ui.DynamicItem[ui.Select[Any]], template=MENU):
    """A menu whose choices are ids of topics or entries."""

    def __init__(
        self, press: Press, options: Sequence[tuple[str, str]], placeholder: str | None = None
    ) -> None:
        menu: ui.Select[Any] = ui.Select(
            custom_id=press.on_a_menu,
            placeholder=placeholder,
            options=[
                discord.SelectOption(label=fitting(label, CHOICE_LIMIT), value=value)
                for value, label in options[:MENU_LIMIT]
            ],
        )
        super().__init__(menu)
        self._press = press

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Make the menu anew from what Discord kept of it."""
        options = item.options if isinstance(item, ui.Select) else []
        return cls(Press.of(match), [(option.value, option.label) for option in options])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was picked, as the press it stands for."""
        picked = self.item.values[0] if self.item.values else ""
        client: FaqClient = interaction.client
        await client.press(interaction, Press(self._press.act, picked))


def fitting(text: str, most: int) -> str:
    """Return `text`, or as many of its first words as fit into `most` characters, and dots."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0]}…"
