"""The least that has the shape of our bot, and says back what it is asked: the library's share.

The same library, client class, options and intents; a card with as many items as ours has on
average, and about as long. It looks nothing up, logs nothing and knows no bounds.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any, Final

import discord
from discord import app_commands, ui

from bot.sandbox.library import point_discord_py_at

_SHOWN: Final = 200
_FILLER: Final = "Words that stand where an answer has its own, so that as many are sent. " * 9
_EVIDENCE: Final = "Words in the place of the evidence, the date and the sources. " * 6
_BUTTONS: Final = 3


class Card(ui.LayoutView):
    """A card laid out like an answer, 13 items in all."""

    def __init__(self, question: str) -> None:
        super().__init__(timeout=None)
        self.add_item(
            ui.Container[Any](
                ui.TextDisplay[Any](f"## {question[:_SHOWN]}"),
                ui.TextDisplay[Any](_FILLER),
                ui.Separator[Any](),
                ui.TextDisplay[Any](_EVIDENCE),
                ui.Separator[Any](),
                ui.TextDisplay[Any]("Words in the place of the disclaimer."),
            )
        )
        for number in range(_BUTTONS):
            button = ui.Button[Any](label=f"Another question, {number}", custom_id=f"e:{number}")
            self.add_item(ui.ActionRow[Any](button))
        # As in ours: the library must not keep the card to listen for its buttons.
        self.stop()


class Echo(discord.AutoShardedClient):
    """A client like ours; with `guilds` it is also told of every server it is in."""

    def __init__(self, *, guilds: bool) -> None:
        super().__init__(
            intents=discord.Intents(guilds=guilds, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.05,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(
            app_commands.Command(name="ask", description="Say it back", callback=_ask)
        )

    async def setup_hook(self) -> None:
        """Register the command."""
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Say back what mentions the bot."""
        if self.user is not None and not message.author.bot and self.user in message.mentions:
            await message.reply(view=Card(message.content))


async def _ask(interaction: discord.Interaction[Any], question: str) -> None:
    await interaction.response.send_message(view=Card(question), ephemeral=True)


if __name__ == "__main__":
    gc.freeze()
    with point_discord_py_at(os.environ["SANDBOX"]):
        Echo(guilds="--guilds" in sys.argv).run(os.environ["DISCORD_TOKEN"], log_handler=None)
