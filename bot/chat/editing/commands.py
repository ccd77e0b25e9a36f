"""`/faq`: the commands of the editors. What hides them from members is display, not protection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import app_commands

from bot.chat.buttons import CHOICE_LIMIT, fitting
from bot.chat.editing import approving, exchanging, history, looking, setting_up, writing
from bot.chat.editing.desk import at_the_desk
from bot.chat.failures import note_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk, Work

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_QUESTION_LIMIT: Final = 2_000
_SUGGESTIONS: Final = 25


def editing_commands() -> app_commands.Group:
    """Return the group of commands. Making it sends nothing."""
    group = app_commands.Group(
        name="faq",
        description="Look after the FAQ; for its editors",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )
    for command in (*_looking(), *_writing(), *_history(), *_rest()):
        group.add_command(command)
    return group


def _command(name: str, description: str, callback: Any) -> app_commands.Command[Any, ..., None]:  # noqa: ANN401
    return app_commands.Command(name=name, description=description, callback=callback)


def _looking() -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.describe(question="What a member might ask")
    async def test(
        interaction: Interaction, question: app_commands.Range[str, 1, _QUESTION_LIMIT]
    ) -> None:
        await _run(interaction, lambda desk, at, _: looking.test(desk, at, question))

    @app_commands.describe(entry="The entry whose file you want to see")
    async def show(interaction: Interaction, entry: str) -> None:
        await _run(interaction, lambda desk, at, _: looking.show(desk, at, entry))

    async def check(interaction: Interaction) -> None:
        await _run(interaction, lambda desk, at, _: looking.check(desk, at))

    async def due(interaction: Interaction) -> None:
        await _run(interaction, lambda desk, at, _: looking.due(desk, at))

    return [
        _command("test", "What a question would get, and why", test),
        _suggesting(_command("show", "The file of an entry", show)),
        _command("check", "Every problem of the FAQ", check),
        _command("due", "Entries whose review is due", due),
    ]


def _writing() -> list[app_commands.Command[Any, ..., None]]:
    @app_commands.describe(entry="The entry you want to change")
    async def edit(interaction: Interaction, entry: str) -> None:
        await _run(interaction, lambda desk, at, _: writing.edit(desk, at, entry))

    @app_commands.describe(topic="Where the new entry belongs")
    async def add(interaction: Interaction, topic: str) -> None:
        await _run(interaction, lambda desk, at, _: writing.add(desk, at, topic))

    @app_commands.describe(entry="The entry that shall leave the FAQ")
    async def retire(interaction: Interaction, entry: str) -> None:
        await _run(interaction, lambda desk, at, home: writing.retire(desk, at, home, entry))

    return [
        _suggesting(_command("edit", "Change an entry", edit)),
        _suggesting(_command("add", "Write a new entry", add)),
        _suggesting(_command("retire", "Take an entry out of the FAQ", retire)),
    ]


def _history() -> list[app_commands.Command[Any, ..., None]]:
    async def proposals(interaction: Interaction) -> None:
        await _run(interaction, lambda desk, at, _: approving.proposals(desk, at))

    @app_commands.describe(entry="One entry; without it, the latest changes of all")
    async def history_(interaction: Interaction, entry: str | None = None) -> None:
        await _run(interaction, lambda desk, at, _: history.history(desk, at, entry))

    return [
        _command("proposals", "What waits for a second editor", proposals),
        _suggesting(_command("history", "Who changed what and when, and the way back", history_)),
    ]


def _rest() -> list[app_commands.Command[Any, ..., None]]:
    async def export(interaction: Interaction) -> None:
        await _run(interaction, lambda desk, at, _: exchanging.export(desk, at))

    @app_commands.describe(
        file="An entry (.md) or a zip of files, 1 MB at most",
        topic="Where a new entry belongs",
    )
    async def import_(
        interaction: Interaction, file: discord.Attachment, topic: str | None = None
    ) -> None:
        await _run(
            interaction,
            lambda desk, at, home: exchanging.import_file(desk, at, home, file, topic),
        )

    async def setup(interaction: Interaction) -> None:
        await _run(interaction, setting_up.show, managing=True)

    return [
        _command("export", "The whole FAQ as a zip", export),
        _suggesting(_command("import", "Bring back files; they are tried out first", import_)),
        _command("setup", "Who edits, and how", setup),
    ]


async def _run(interaction: Interaction, work: Work, *, managing: bool = False) -> None:
    await interaction.client.attend(interaction, at_the_desk(interaction, work, managing=managing))


def _suggesting(
    command: app_commands.Command[Any, ..., None],
) -> app_commands.Command[Any, ..., None]:
    for parameter in command.parameters:
        if parameter.name == "entry":
            command.autocomplete("entry")(_entries)
        if parameter.name == "topic":
            command.autocomplete("topic")(_topics)
    return command


async def _entries(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return _choices(interaction, typed, _found_entries)


async def _topics(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return _choices(interaction, typed, _found_topics)


def _choices(
    interaction: Interaction,
    typed: str,
    find: Callable[[EditingDesk, str], list[tuple[str, str]]],
) -> list[app_commands.Choice[str]]:
    desk = interaction.client.editing
    if desk is None:
        return []
    try:
        found = find(desk, typed.strip())
    except Exception as error:  # noqa: BLE001
        # The library would log the editor's number.
        note_failure("suggestions for interaction", interaction.id, error)
        return []
    return [
        app_commands.Choice(name=fitting(name, CHOICE_LIMIT), value=value)
        for value, name in found[:_SUGGESTIONS]
    ]


def _found_entries(desk: EditingDesk, typed: str) -> list[tuple[str, str]]:
    engine = desk.library.engine
    by_id = [one for one in engine.faq.entries if typed.lower() in one.id]
    near = engine.matcher.nearest(typed, _SUGGESTIONS) if typed else ()
    found = {one.id: f"{one.id}: {one.question}" for one in (*by_id, *near)}
    return list(found.items())


def _found_topics(desk: EditingDesk, typed: str) -> list[tuple[str, str]]:
    topics = desk.library.engine.faq.talk.topics.items()
    return [(topic, name) for topic, name in topics if typed.lower() in f"{topic} {name}".lower()]
