"""Answering an editor: cards, files beside them, nothing cut off, and nothing that formats."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import ui
from discord.utils import escape_markdown, escape_mentions

from bot.chat.cards import Card
from bot.chat.sending import once_more

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.chat.client import FaqClient

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_ROOM: Final = 3_900
"""Characters that all texts of a page may have, of the 4,000 that Discord shows."""
_FOR_ONE: Final = 2_000
"""Characters of a part of a page from which on it is put into a file."""
_FOR_THE_REST: Final = 40
"""Characters for "and 12 more", and what makes a heading of a heading."""
_INVISIBLE: Final = "\u200b"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file beside a message."""

    name: str
    content: bytes

    def sendable(self) -> discord.File:
        """Return it as the library sends it; each try needs its own."""
        return discord.File(BytesIO(self.content), self.name)


@dataclass
class Page:
    """What an editor is shown. What is too long for it goes into files beside it, whole."""

    title: str
    parts: list[ui.Item[Any]] = field(default_factory=list[ui.Item[Any]])
    rows: list[ui.Item[Any]] = field(default_factory=list[ui.Item[Any]])
    files: list[Attached] = field(default_factory=list[Attached])
    _left: int = _ROOM

    def __post_init__(self) -> None:
        """Begin with the title."""
        self.say(f"## {self.title}")

    def say(self, text: str) -> None:
        """Add a text that is formatted and short."""
        self._left -= len(text)
        self.parts.append(ui.TextDisplay(text))

    def say_if(self, text: str | None) -> None:
        """Add a text if there is one."""
        if text is not None:
            self.say(text)

    def tell(self, heading: str, lines: Sequence[str], file: str) -> None:
        """Add a list of lines as they are; where there is no room for them, as a file."""
        text = "\n".join(f"- {plain(line)}" for line in lines)
        self._add(heading, text, Attached(file, "\n".join([*lines, ""]).encode()))

    def tell_some(self, heading: str, lines: Sequence[str], rest: str) -> None:
        """Add as many lines as there is room for; `rest` says how to see the others."""
        shown = [f"- {plain(line)}" for line in lines]
        room = self._left - len(heading) - _FOR_THE_REST - len(rest)
        fit = sum(length <= room for length in accumulate(len(one) + 1 for one in shown))
        more = [f"and {len(shown) - fit} more: {rest}"] if fit < len(shown) else []
        self.say("\n".join([f"**{heading}**", *shown[:fit], *more]))

    def quote(self, heading: str, text: str, file: str, language: str = "") -> None:
        """Add a text as it is, letter by letter; where there is no room for it, as a file."""
        # A fence inside would end the fence around it.
        inside = text.replace("```", f"`{_INVISIBLE}``{_INVISIBLE}")
        self._add(heading, f"```{language}\n{inside}\n```", Attached(file, text.encode()))

    def attach(self, heading: str, attached: Attached) -> None:
        """Add a file."""
        self.say(f"**{heading}**")
        self.files.append(attached)
        self.parts.append(ui.File(f"attachment://{attached.name}"))

    def _add(self, heading: str, shown: str, attached: Attached) -> None:
        if len(shown) > min(_FOR_ONE, self._left - len(heading)):
            self.attach(heading, attached)
        else:
            self.say(f"**{heading}**\n{shown}")

    def row(self, *items: ui.Item[Any]) -> None:
        """Add a row of buttons, or a menu, below the page."""
        self.rows.append(ui.ActionRow[Any](*items))

    def card(self) -> Card:
        """Return it as a message."""
        return Card(self.parts, self.rows)


def plain(text: str) -> str:
    """Return a text as it is read letter by letter: nothing in it formats, links or mentions."""
    return escape_mentions(escape_markdown(text, ignore_links=False)).replace("<", "\\<")


def difference(before: str | None, after: str | None, name: str) -> str:
    """Return what differs between two texts of a file, line by line."""
    old, new = ((text or "").splitlines() for text in (before, after))
    lines = difflib.unified_diff(old, new, f"{name} (before)", f"{name} (after)", lineterm="")
    return "\n".join(lines)


def differences(files: Iterable[tuple[str, str | None, str | None]]) -> str:
    """Return the same for several files, each given by name and two texts."""
    found = (difference(before, after, name) for name, before, after in files)
    return "\n".join(filter(None, found))


async def present(interaction: Interaction, page: Page) -> None:
    """Show a page where only the editor sees it: as the answer, or after it."""
    await present_card(interaction, page.card(), page.files)


async def present_card(
    interaction: Interaction, card: Card, files: Sequence[Attached] = ()
) -> None:
    """Show a card where only the editor sees it: as the answer, or after it."""
    response = interaction.response
    if response.is_done():
        await once_more(
            lambda: interaction.followup.send(
                view=card, files=[file.sendable() for file in files], ephemeral=True, wait=True
            )
        )
    else:
        await once_more(
            lambda: response.send_message(
                view=card, files=[file.sendable() for file in files], ephemeral=True
            )
        )


async def think(interaction: Interaction) -> None:
    """Say that the answer takes a while."""
    await once_more(lambda: interaction.response.defer(ephemeral=True, thinking=True))


async def change_page(interaction: Interaction, page: Page) -> None:
    """Put a page without files in the place of the one whose button was pressed."""
    card = page.card()
    await once_more(lambda: interaction.response.edit_message(view=card))


def button(
    label: str, custom_id: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> ui.Button[Any]:
    """Return a button whose press is understood by its custom id alone."""
    return ui.Button(label=label, custom_id=custom_id, style=style)


def menu(custom_id: str, options: Iterable[tuple[str, str]], placeholder: str) -> ui.Select[Any]:
    """Return a menu of up to 25 values with what is shown for each."""
    shown = [
        discord.SelectOption(label=label[:100], value=value) for value, label in list(options)[:25]
    ]
    return ui.Select(custom_id=custom_id, options=shown, placeholder=placeholder)
