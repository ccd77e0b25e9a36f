"""Commands are sent once, and again only when they are not what Discord has."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice

from bot.chat import syncing
from bot.chat.syncing import Command, changes, parsed, sync_if_changed, wanted_commands
from bot.sandbox import Sandbox
from bot.sandbox.library import point_discord_py_at
from tests.sandbox import openapi

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence

Interaction = discord.Interaction[Any]
Tree = app_commands.CommandTree[discord.Client]
Path = tuple[str | int, ...]

INTO = "/applications/*/commands"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox
    openapi.expect_valid(sandbox.requests)


class German(app_commands.Translator):
    """Has one word for everything."""

    def __init__(self, word: str) -> None:
        self._word = word

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the word, whatever is asked."""
        assert string.message, context
        return self._word if locale is discord.Locale.german else None


def a_tree(client: discord.Client) -> Tree:
    """Return a tree that uses all there is to a command."""
    tree = app_commands.CommandTree(
        client,
        allowed_installs=AppInstallationType(guild=True, user=True),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    )

    @tree.command(description="Answers a question")
    @app_commands.choices(
        tone=[Choice(name="Plain", value="plain"), Choice(name="Long", value="long")]
    )
    async def ask(
        interaction: Interaction,
        question: app_commands.Range[str, 1, 200],
        tone: str = "plain",
        count: app_commands.Range[int, 0, 5] = 0,
        *,
        share: bool = False,
    ) -> None:
        assert interaction, (question, tone, count, share)

    @ask.autocomplete("question")
    async def starters(interaction: Interaction, typed: str) -> list[Choice[str]]:
        assert interaction, typed
        return []

    @tree.context_menu(name="Answer from the FAQ")
    async def answer(interaction: Interaction, message: discord.Message) -> None:
        assert interaction, message

    group = app_commands.Group(
        name="faq",
        description="The FAQ",
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @group.command(description="Edits an entry")
    async def edit(
        interaction: Interaction, where: discord.TextChannel | discord.Thread | None = None
    ) -> None:
        assert interaction, where

    tree.add_command(group)
    assert answer, (edit, starters)
    return tree


@asynccontextmanager
async def logged_in(
    sandbox: Sandbox, plant: Callable[[discord.Client], Tree] = a_tree
) -> AsyncGenerator[Tree, None]:
    """Let a client be logged in, but not connected, while the context lasts."""
    with point_discord_py_at(sandbox.address):
        async with discord.Client(intents=discord.Intents.none()) as client:
            tree = plant(client)
            await client.login(sandbox.token)
            yield tree


def sent(sandbox: Sandbox) -> int:
    """Return how often commands were sent."""
    return len(sandbox.requests.of("PUT", INTO))


def registered(sandbox: Sandbox) -> set[str]:
    return {one.body.name for one in sandbox.world.commands.values()}


async def a_start(sandbox: Sandbox, plant: Callable[[discord.Client], Tree] = a_tree) -> bool:
    async with logged_in(sandbox, plant) as tree:
        return await sync_if_changed(tree)


async def test_commands_are_sent_at_the_first_start_only(sandbox: Sandbox) -> None:
    assert await a_start(sandbox)
    assert registered(sandbox) == {"ask", "faq", "Answer from the FAQ"}
    assert sent(sandbox) == 1
    assert not await a_start(sandbox)
    assert sent(sandbox) == 1


async def test_a_changed_description_is_sent_once(sandbox: Sandbox) -> None:
    def reworded(client: discord.Client) -> Tree:
        tree = a_tree(client)
        ask = tree.get_command("ask")
        assert isinstance(ask, app_commands.Command)
        ask.description = "Answers your question"
        return tree

    assert [await a_start(sandbox), await a_start(sandbox, reworded)] == [True, True]
    assert not await a_start(sandbox, reworded)
    assert sent(sandbox) == 2
    assert "Answers your question" in {
        one.body.description for one in sandbox.world.commands.values()
    }


async def test_what_an_older_version_had_is_removed(sandbox: Sandbox) -> None:
    async with logged_in(sandbox) as tree:
        await tree.sync()
        tree.remove_command("faq")
        tree.remove_command("Answer from the FAQ", type=discord.AppCommandType.message)
        assert await sync_if_changed(tree)
        assert not await sync_if_changed(tree)
    assert registered(sandbox) == {"ask"}


async def test_the_last_command_can_be_removed(sandbox: Sandbox) -> None:
    await a_start(sandbox)
    assert await a_start(sandbox, app_commands.CommandTree)
    assert registered(sandbox) == set()
    assert not await a_start(sandbox, app_commands.CommandTree)


async def test_a_changed_translation_is_noticed(sandbox: Sandbox) -> None:
    starts: list[bool] = []
    for word in ("frage", "frage", "antwort"):
        async with logged_in(sandbox) as tree:
            await tree.set_translator(German(word))
            starts.append(await sync_if_changed(tree))
    assert starts == [True, False, True]
    # Without a translator any more, the translations are left over.
    assert [await a_start(sandbox), await a_start(sandbox)] == [True, False]


async def test_the_command_of_an_activity_stays_as_it_is(sandbox: Sandbox) -> None:
    launch = {
        "name": "launch",
        "type": 4,
        "handler": 2,
        "integration_types": [0],
        "default_member_permissions": 32,
        "nsfw": True,
    }
    async with logged_in(sandbox) as tree:
        client = tree.client
        assert client.application_id is not None
        await client.http.upsert_global_command(client.application_id, launch)  # pyright: ignore[reportArgumentType] - the library does not know this type
        [before] = sandbox.world.commands.values()
        assert await sync_if_changed(tree)
        assert not await sync_if_changed(tree)
    assert sandbox.world.commands[before.id] == before
    assert len(registered(sandbox)) == 4


async def test_a_server_of_its_own_gets_nothing(sandbox: Sandbox) -> None:
    server = sandbox.add_server("MS support")

    def for_one_server(client: discord.Client) -> Tree:
        tree = a_tree(client)
        tree.copy_global_to(guild=discord.Object(server.id))
        return tree

    await a_start(sandbox, for_one_server)
    assert not sandbox.requests.of("*", "/applications/*/guilds/*")
    assert all(one.server is None for one in sandbox.world.commands.values())


async def test_the_client_has_to_be_logged_in(sandbox: Sandbox) -> None:
    with point_discord_py_at(sandbox.address), pytest.raises(app_commands.MissingApplicationID):
        await sync_if_changed(a_tree(discord.Client(intents=discord.Intents.none())))
    assert not list(sandbox.requests)


async def bodies() -> list[dict[str, Any]]:
    tree = a_tree(discord.Client(intents=discord.Intents.none()))
    return [command.to_dict(tree) for command in tree.get_commands()]


def at(found: object, path: Path) -> dict[str | int, object]:
    for step in path:
        found = cast("dict[str | int, object]", found)[step]
    return cast("dict[str | int, object]", found)


ASK, MENU, GROUP = 0, 2, 1
OPTIONS: Path = (ASK, "options")
DIFFERENCES: dict[str, tuple[Path, object]] = {
    "name of a choice": ((*OPTIONS, 1, "choices", 0, "name"), "Short"),
    "value of a choice": ((*OPTIONS, 1, "choices", 0, "value"), "short"),
    "order of choices": (
        (*OPTIONS, 1, "choices"),
        [{"name": "Long", "value": "long"}, {"name": "Plain", "value": "plain"}],
    ),
    "no choices": ((*OPTIONS, 1, "choices"), []),
    "name of an option": ((*OPTIONS, 0, "name"), "words"),
    "description of an option": ((*OPTIONS, 0, "description"), "Your question"),
    "kind of an option": ((*OPTIONS, 2, "type"), 10),
    "required": ((*OPTIONS, 0, "required"), False),
    "autocomplete": ((*OPTIONS, 0, "autocomplete"), False),
    "min_length": ((*OPTIONS, 0, "min_length"), 2),
    "max_length": ((*OPTIONS, 0, "max_length"), 100),
    "no max_length": ((*OPTIONS, 0, "max_length"), None),
    "min_value": ((*OPTIONS, 2, "min_value"), 1),
    "min_value 0 is not none": ((*OPTIONS, 2, "min_value"), None),
    "max_value": ((*OPTIONS, 2, "max_value"), 6),
    "contexts": ((ASK, "contexts"), [0]),
    "contexts of a menu": ((MENU, "contexts"), [0, 1]),
    "install types": ((ASK, "integration_types"), [0]),
    "nsfw": ((ASK, "nsfw"), True),
    "permissions": ((GROUP, "default_member_permissions"), 8),
    "nobody is not everybody": ((ASK, "default_member_permissions"), 0),
    "name of a subcommand": ((GROUP, "options", 0, "name"), "change"),
    "kinds of channels": ((GROUP, "options", 0, "options", 0, "channel_types"), [0]),
    "name of a menu": ((MENU, "name"), "Answer this"),
    "translated name": ((ASK, "name_localizations"), {"de": "frag"}),
    "translated description": ((ASK, "description_localizations"), {"de": "Eine Frage"}),
    "translated option": ((*OPTIONS, 0, "name_localizations"), {"de": "frage"}),
    "translated text of an option": ((*OPTIONS, 0, "description_localizations"), {"de": "Frage"}),
    "translated choice": ((*OPTIONS, 1, "choices", 0, "name_localizations"), {"de": "kurz"}),
}


@pytest.mark.parametrize("case", DIFFERENCES)
async def test_a_difference_is_noticed(sandbox: Sandbox, case: str) -> None:
    """Let Discord have something else there, then start."""
    (*way, last), value = DIFFERENCES[case]
    others = await bodies()
    assert [one["name"] for one in others] == ["ask", "faq", "Answer from the FAQ"]
    at(others, tuple(way))[last] = value
    async with logged_in(sandbox) as tree:
        assert tree.client.application_id is not None
        await tree.client.http.bulk_upsert_global_commands(tree.client.application_id, others)
        assert await sync_if_changed(tree)
        assert not await sync_if_changed(tree)


async def test_a_different_order_of_options_is_noticed() -> None:
    wanted, other = parsed(await bodies()), await bodies()
    other[ASK]["options"] = [*reversed(other[ASK]["options"])]
    assert [one.said for one in changes(wanted, parsed(other)).different] == ["/ask"]


def as_discord_tells(body: dict[str, Any]) -> dict[str, Any]:
    """Return a command with all that Discord adds, fills in, leaves out and turns around."""
    found = body | {
        "id": "1",
        "application_id": "2",
        "version": "3",
        "name_localizations": None,
        "description_localizations": None,
        "description": body.get("description", "") + " ",
        "contexts": [*reversed(body["contexts"])],
        "integration_types": [*reversed(body["integration_types"])],
        "dm_permission": not body["dm_permission"],
        "options": [leaving_out(one) for one in body.get("options", [])],
        "something": "new",
    }
    if body["default_member_permissions"] is not None:
        found["default_member_permissions"] = str(body["default_member_permissions"])
    if not found["options"]:
        del found["options"]
    return {name: value for name, value in found.items() if value is not False}


def leaving_out(option: dict[str, Any]) -> dict[str, Any]:
    inner = [leaving_out(one) for one in option.get("options", [])]
    found = option | ({"options": inner} if inner else {})
    if "channel_types" in option:
        found["channel_types"] = [*reversed(option["channel_types"])]
    return {name: value for name, value in found.items() if value is not False} | {
        "name_localizations": {},
        "name_localized": "x",
    }


async def test_what_discord_fills_in_is_no_difference() -> None:
    sent_bodies = await bodies()
    told = [as_discord_tells(one) for one in reversed(sent_bodies)]
    assert not changes(parsed(sent_bodies), parsed(told))


@pytest.mark.parametrize("registered_as", [None, [0], [0, 1]])
def test_where_nothing_is_said_of_places_any_are_right(registered_as: Sequence[int] | None) -> None:
    one = {"name": "ask", "description": "d"}
    found = one | {"integration_types": registered_as, "contexts": registered_as}
    assert not changes(parsed([one]), parsed([found]))


def test_a_difference_beside_open_places_is_noticed() -> None:
    [wanted] = parsed([{"name": "ask", "description": "d", "contexts": [0]}])
    [found] = parsed([{"name": "ask", "description": "d", "contexts": [1], "nsfw": True}])
    assert not wanted.is_met_by(found)
    assert not wanted.is_met_by(found.model_copy(update={"nsfw": False}))
    assert not wanted.is_met_by(found.model_copy(update={"contexts": wanted.contexts}))


async def test_every_part_that_the_library_sends_is_compared() -> None:
    """Fail when a newer discord.py sends something that no comparison would see."""

    def names(body: dict[str, Any]) -> set[str]:
        inner = [one for part in ("options", "choices") for one in body.get(part, [])]
        return {*body, *(name for one in inner for name in names(one))}

    async with discord.Client(intents=discord.Intents.none()) as client:
        tree = a_tree(client)
        await tree.set_translator(German("x"))
        every = [await one.get_translated_payload(tree, German("x")) for one in tree.get_commands()]
    shapes = (syncing.Command, syncing.Option, syncing.Choice)
    known = {name for shape in shapes for name in shape.model_fields}
    # Discord asks to use `contexts` instead, and the library always sends both.
    assert {name for one in every for name in names(one)} - known == {"dm_permission"}


async def test_what_would_be_registered_is_known_without_discord() -> None:
    tree = a_tree(discord.Client(intents=discord.Intents.none()))
    wanted = await wanted_commands(tree)
    assert [one.said for one in wanted] == ["/ask", "/faq", "“Answer from the FAQ”"]
    assert changes(wanted, ()).new == wanted
    assert changes((), wanted).left_over == wanted
    assert all(isinstance(one, Command) for one in wanted)
