"""The commands of `/faq` about what members tell; the editors' desk lets in who may use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from discord import app_commands

from bot.chat.editing.desk import at_the_desk
from bot.chat.feedback import inbox
from bot.chat.feedback.stats import show_stats

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Home

    Interaction: TypeAlias = discord.Interaction[FaqClient]
    _Work: TypeAlias = Callable[[EditingDesk, Interaction, Home], Awaitable[None]]

_MOST_DAYS: Final = 365


def feedback_commands() -> list[app_commands.Command[Any, ..., None]]:
    """Return the commands, to stand beside those that change the FAQ."""

    async def open_inbox(interaction: Interaction) -> None:
        await _run(interaction, inbox.open_inbox)

    @app_commands.describe(days="Of how many days; 30 unless you say else")
    async def stats(
        interaction: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = 30
    ) -> None:
        await _run(interaction, lambda _, at, __: show_stats(at, days))

    return [
        app_commands.Command(
            name="stats", description="What was asked and found unhelpful", callback=stats
        ),
        app_commands.Command(
            name="inbox", description="The questions that members sent", callback=open_inbox
        ),
    ]


async def use_inbox(interaction: Interaction, custom_id: str) -> None:
    """Answer a press or a pick in the inbox, if an editor makes it."""
    await at_the_desk(interaction, lambda desk, at, home: inbox.use(desk, at, home, custom_id))


async def _run(interaction: Interaction, work: _Work) -> None:
    await interaction.client.attend(interaction, at_the_desk(interaction, work))
