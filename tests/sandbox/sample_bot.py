"""A bot of the real discord.py that uses everything the sandbox plays, one piece each."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self

import aiohttp
import discord
from discord import app_commands, ui

Hook = Callable[[discord.Interaction["SampleBot"]], Awaitable[object]]


class Remembered(ui.DynamicItem[ui.Button[Any]], template=r"entry:(?P<entry>[a-z-]+)"):
    """A button that works after a restart, since all it needs is in its custom id."""

    def __init__(self, entry: str) -> None:
        super().__init__(ui.Button(label=f"More on {entry}", custom_id=f"entry:{entry}"))
        self.entry = entry

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Make the button anew from what Discord kept."""
        return cls(match["entry"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the one who pressed."""
        await interaction.response.send_message(f"entry {self.entry}", ephemeral=True)


class Card(ui.LayoutView):
    """Components V2: a card with text, buttons and a menu."""

    def __init__(self, text: str = "an answer", entry: str = "ahsct") -> None:
        super().__init__(timeout=None)
        button = Remembered(entry)
        menu: ui.Select[Self] = ui.Select(
            custom_id="topic",
            options=[discord.SelectOption(label="Basics"), discord.SelectOption(label="Risks")],
        )
        container = ui.Container[Any](
            ui.TextDisplay[Any](text),
            ui.Separator[Any](),
            ui.Section[Any]("Related", accessory=ui.Button[Any](label="Edit me", custom_id="edit")),
        )
        row = ui.ActionRow[Any](button)
        second = ui.ActionRow[Any](menu)
        for item in (container, row, second):
            self.add_item(item)


class Form(ui.Modal, title="Tell the moderators"):
    """A modal with a text, a label and a file."""

    note = ui.TextDisplay[Any]("Nothing is kept but this.")
    words: ui.Label[Self] = ui.Label(
        text="Question", component=ui.TextInput(custom_id="words", max_length=200)
    )
    picture: ui.Label[Self] = ui.Label(
        text="File", component=ui.FileUpload(custom_id="file", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Say what was filled in, and how long the file is that came with it."""
        words, picture = self.words.component, self.picture.component
        assert isinstance(words, ui.TextInput)
        assert isinstance(picture, ui.FileUpload)
        sizes = [len(await one.read()) for one in picture.values]
        await interaction.response.send_message(f"got {words.value} and {sizes}")


class SampleBot(discord.AutoShardedClient):
    """Answers each use of itself in the way its name says."""

    def __init__(
        self,
        *,
        shards: int = 1,
        intents: discord.Intents | None = None,
        heartbeat_timeout: float = 60.0,
        connector: aiohttp.BaseConnector | None = None,
    ) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, messages=True),
            shard_count=shards,
            guild_ready_timeout=0.02,
            heartbeat_timeout=heartbeat_timeout,
            allowed_mentions=discord.AllowedMentions.none(),
            connector=connector,
        )
        self.tree = app_commands.CommandTree(
            self,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )
        self.hooks: dict[str, Hook] = {}
        self.failures: list[BaseException] = []
        self.failed = asyncio.Event()
        self.tree.error(self._note_failure)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Let all shards start at once, as the sandbox allows."""

    async def setup_hook(self) -> None:
        """Register everything."""
        self.add_dynamic_items(Remembered)
        add_commands(self)
        add_menus(self)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Answer mentions and direct messages with what was read."""
        if message.author.bot:
            return
        if message.guild is None or (self.user and self.user in message.mentions):
            await message.reply(f"you said: {message.content}")
        elif message.content:
            await message.reply(f"I can read: {message.content}")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the components that are not dynamic items, by hooks of the tests if there are."""
        if interaction.type is discord.InteractionType.component:
            await self._component(interaction, _data(interaction))

    async def _component(
        self, interaction: discord.Interaction[Any], data: Mapping[str, Any]
    ) -> None:
        if data["custom_id"] == "edit":
            await interaction.response.edit_message(view=Card("edited"))
        elif data["custom_id"] == "topic":
            await interaction.response.send_message(f"chose {data['values'][0]}")
        elif data["custom_id"] in self.hooks:
            await self.hooks[data["custom_id"]](interaction)

    async def _note_failure(
        self, _: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        self.failures.append(getattr(error, "original", error))
        self.failed.set()


def _data(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    return {**(interaction.data or {})}


def add_commands(bot: SampleBot) -> None:
    """Give the bot one command for each way of answering."""

    @bot.tree.command(description="Answers a question")
    async def ask(
        interaction: discord.Interaction[SampleBot], question: str, *, share: bool = False
    ) -> None:
        await interaction.response.send_message(f"asked {question}", ephemeral=not share)

    @ask.autocomplete("question")
    async def starters(
        _: discord.Interaction[SampleBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} {n}", value=str(n)) for n in range(25)]

    @bot.tree.command(description="Shows a card")
    async def card(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.send_message(view=Card())

    @bot.tree.command(description="Opens a form")
    async def form(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.send_modal(Form())

    @bot.tree.command(description="Thinks first")
    async def think(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="thought")
        await interaction.followup.send("and more", ephemeral=True)

    @bot.tree.command(description="Does what the test says")
    async def hooked(
        interaction: discord.Interaction[SampleBot], who: discord.User | None = None
    ) -> None:
        await bot.hooks["who" if who else "hooked"](interaction)


def add_menus(bot: SampleBot) -> None:
    """Give the bot a menu for messages, one for people, and a group of commands."""

    @bot.tree.context_menu(name="Answer from the FAQ")
    async def answer(interaction: discord.Interaction[SampleBot], message: discord.Message) -> None:
        await interaction.response.send_message(f"read {message.content}", ephemeral=True)

    @bot.tree.context_menu(name="Who is this")
    async def who_is(interaction: discord.Interaction[SampleBot], user: discord.User) -> None:
        await interaction.response.send_message(f"this is {user.name}", ephemeral=True)

    group = app_commands.Group(name="faq", description="The FAQ")

    @group.command(description="Edits an entry")
    async def edit(interaction: discord.Interaction[SampleBot], entry: str) -> None:
        await interaction.response.send_message(f"editing {entry}", ephemeral=True)

    bot.tree.add_command(group)
