"""`/faq stats`: the figures as a picture, and all of it in words for who cannot see it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import ui

from bot.chat.editing.gate import RefusedError
from bot.chat.editing.speaking import Attached, Page, present, think
from bot.chat.feedback import figures as told
from bot.chat.feedback.parts import KeepingError

if TYPE_CHECKING:
    from bot.chat.client import FaqClient
    from bot.chat.feedback.figures import Figures

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_PICTURE: Final = "stats.png"
_ALT: Final = "Three bar charts: questions by day, entries most asked, entries called unhelpful. "
_ALT_TOLD: Final = "The same numbers stand in the text above."
_OFF: Final = "This bot counts nothing: it runs without a database."
_NOT_NOW: Final = "My database does not answer. Please try again in a minute."
_NO_PICTURE: Final = "There is no picture: whoever runs the bot can add it with the extra `stats`."


async def show_stats(interaction: Interaction, days: int) -> None:
    """Show what was counted in the last `days` days, today included."""
    feedback = interaction.client.feedback
    if feedback is None:
        raise RefusedError(_OFF)
    await think(interaction)
    last = feedback.today()
    try:
        figures = await feedback.counted.figures(last - timedelta(days=days - 1), last)
    except KeepingError:
        raise RefusedError(_NOT_NOW) from None
    page = _page(figures)
    if figures.days:
        # A picture takes a while, and questions are answered meanwhile.
        picture = await asyncio.to_thread(_drawn, figures)
        if picture is None:
            page.say(_NO_PICTURE)
        else:
            page.files.append(Attached(_PICTURE, picture))
            item = discord.MediaGalleryItem(
                f"attachment://{_PICTURE}", description=_ALT + _ALT_TOLD
            )
            page.parts.append(ui.MediaGallery[Any](item))
    await present(interaction, page)


def _page(figures: Figures) -> Page:
    page = Page(f"What was counted, {figures.first.isoformat()} to {figures.last.isoformat()}")
    if not figures.days:
        page.say("No question was counted.")
        return page
    page.say("Numbers of questions and votes, of nobody by name; those below five show as <5.")
    page.tell("Questions came to", told.in_all(figures), "outcomes.txt")
    page.tell("Entries most asked", told.asked_most(figures) or ["none"], "asked.txt")
    page.tell("Most often called unhelpful", told.unhelpful_most(figures) or ["none"], "votes.txt")
    page.tell("By day", told.by_day(figures), "days.txt")
    return page


def _drawn(figures: Figures) -> bytes | None:
    try:
        picture = import_module("bot.chat.feedback.picture")
    except ModuleNotFoundError:
        return None
    return picture.draw(figures)
