"""The commands, and where they may be used: in servers, in direct messages, by user install."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import app_commands

from bot.chat.custom_ids import Act, Press
from bot.chat.editing.commands import editing_commands
from bot.chat.feedback.commands import feedback_commands
from bot.chat.managing import settings_command
from bot.chat.presses import answer_press
from bot.chat.showing import is_direct, show, tell

if TYPE_CHECKING:
    from bot.chat.client import FaqClient

    Interaction: TypeAlias = discord.Interaction[FaqClient]

QUESTION_LIMIT: Final = 2_000
"""Characters of a question to /ask, as many as a message may have."""
MENU_NAME: Final = "Answer from the FAQ"


def command_tree(client: FaqClient) -> app_commands.CommandTree[FaqClient]:
    """Return the tree with every command. Making it sends nothing."""
    tree = _Tree(
        client,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )
    tree.add_command(_ask_command())
    tree.add_command(app_commands.ContextMenu(name=MENU_NAME, callback=_answer_message))
    for command in _page_commands():
        tree.add_command(command)
    looking_after = editing_commands()
    for command in feedback_commands():
        looking_after.add_command(command)
    tree.add_command(looking_after)
    tree.add_command(settings_command())
    return tree


class _Tree(app_commands.CommandTree["FaqClient"]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Tell what broke before a command ran, such as a command of an older version."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await interaction.client.attend(interaction, _outdated(interaction))
        else:
            await interaction.client.fail(interaction, error)


async def _outdated(interaction: Interaction) -> None:
    await tell(interaction, interaction.client.desk.notes.outdated)


def _ask_command() -> app_commands.Command[Any, ..., None]:
    @app_commands.describe(
        question="Your question, in your own words",
        share="True: everyone here sees it. False: only you. Left out: as this server has it",
    )
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, QUESTION_LIMIT],
        # Discord passes what the member chose.
        share: bool | None = None,  # noqa: FBT001
    ) -> None:
        await interaction.client.attend(interaction, _ask(interaction, question, share=share))

    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name="ask",
        description="Ask about AHSCT, metformin or MS. Private, unless this server has it open",
        callback=ask,
    )
    command.autocomplete("question")(_suggest)
    return command


async def _suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=name, value=value)
        for name, value in interaction.client.suggest(interaction, typed)
    ]


async def _ask(interaction: Interaction, question: str, *, share: bool | None) -> None:
    client = interaction.client
    house = await client.house_of(interaction)
    share = house.open_by_default if share is None else share
    by_all = None if is_direct(interaction) else Press(Act.SHARE)
    served = client.serve(interaction.id, question, house, share=by_all, private=not share)
    if not served.is_danger and not await client.in_turn(interaction):
        return
    client.count(served)
    # What stands in the channel already is shown to this member alone.
    share = share and not client.stands_already(interaction, served, house)
    if share and served.entry is not None:
        card = client.desk.shared(served.entry, None, house=house) or served.card
        sent = await show(interaction, card, private=False)
        client.stands(interaction, served, sent)
        await client.shown(interaction, sent, served.entry)
        return
    private = served.is_danger or not share
    sent = await show(interaction, served.card, private=private)
    await client.shown(interaction, sent, served.entry)


async def _answer_message(interaction: Interaction, message: discord.Message) -> None:
    await interaction.client.attend(interaction, _answer(interaction, message))


async def _answer(interaction: Interaction, message: discord.Message) -> None:
    client = interaction.client
    question = client.words_of(message)
    if not question:
        await tell(interaction, client.desk.notes.nothing_to_read)
        return
    share = None if is_direct(interaction) else Press(Act.SHARE, "", message.id)
    house = await client.house_of(interaction)
    served = client.serve(interaction.id, question, house, share=share)
    if served.is_danger or await client.in_turn(interaction):
        client.count(served)
        if house.open_by_default and served.entry is not None:
            await answer_press(
                client.desk, house, interaction, Press(Act.SHARE, served.entry, message.id)
            )
            return
        await show(interaction, served.card)


def _page_commands() -> list[app_commands.Command[Any, ..., None]]:
    async def topics(interaction: Interaction) -> None:
        client = interaction.client
        await client.attend(interaction, show(interaction, client.desk.topics()))

    async def sources(interaction: Interaction) -> None:
        client = interaction.client
        await client.attend(interaction, show(interaction, client.desk.sources(0)))

    async def about(interaction: Interaction) -> None:
        await interaction.client.show_page(interaction, "about")

    async def privacy(interaction: Interaction) -> None:
        await interaction.client.show_page(interaction, "privacy")

    async def help_(interaction: Interaction) -> None:
        await interaction.client.show_page(interaction, "help")

    told = (
        ("topics", "Look through the questions this FAQ answers", topics),
        ("sources", "The papers and pages the answers rest on", sources),
        ("about", "What this bot is, and who wrote its answers", about),
        ("privacy", "What is kept, and what is not", privacy),
        ("help", "How to ask", help_),
    )
    return [
        app_commands.Command(name=name, description=description, callback=callback)
        for name, description, callback in told
    ]
