"""A Discord and a machine on which all is well, for tests to make ill; and a look at both."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType

from bot.chat.doctor import Finding, Premises, examine
from bot.chat.inviting import NEEDED, invite_link
from bot.chat.syncing import sync_if_changed, wanted_commands
from bot.sandbox import Install, Permission, Sandbox
from bot.sandbox.library import point_discord_py_at
from tests.sandbox import openapi

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

Tree = app_commands.CommandTree[discord.Client]

LEAST: Final = Permission(NEEDED.value)
BOTH: Final = ("bot", "applications.commands")
HOW_TO_GET_ONE = (
    "Open https://discord.com/developers/applications, choose your application, then “Bot” and "
    "“Reset Token”. Copy what appears and write it into the file .env as DISCORD_TOKEN=… without "
    "spaces or quotation marks."
)


def a_tree(client: discord.Client) -> Tree:
    """Return the commands of this version."""
    tree = app_commands.CommandTree(
        client,
        allowed_installs=AppInstallationType(guild=True, user=True),
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    )

    @tree.command(description="Answers a question")
    async def ask(interaction: discord.Interaction[Any], question: str) -> None:
        assert interaction, question

    @tree.context_menu(name="Answer from the FAQ")
    async def answer(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        assert interaction, message

    assert ask, answer
    return tree


@asynccontextmanager
async def healthy() -> AsyncGenerator[Sandbox, None]:
    """Let discord.py be pointed at a sandbox in which all is as it should be."""
    async with Sandbox() as sandbox:
        sandbox.add_server("MS support")
        sandbox.application.in_servers = Install(BOTH, LEAST)
        sandbox.application.on_accounts = Install(("applications.commands",))
        with point_discord_py_at(sandbox.address):
            async with discord.Client(intents=discord.Intents.none()) as client:
                await client.login(sandbox.token)
                await sync_if_changed(a_tree(client))
            yield sandbox
    openapi.expect_valid(sandbox.requests)


def sound(folder: Path) -> Premises:
    """Return a machine on which all is as it should be."""
    (folder / "faq").mkdir()
    return Premises(
        faq_dir=folder / "faq", entries=60, problems=(), data_dir=folder / "data" / "new"
    )


async def look(
    token: str | None, premises: Premises, *, tidy: bool = False, patience: float = 30.0
) -> list[Finding]:
    """Return what the doctor says; it never says the token."""
    commands = await wanted_commands(a_tree(discord.Client(intents=discord.Intents.none())))
    found = await examine(token, commands, premises, tidy=tidy, patience=patience)
    assert not token or len(token.strip()) < len("a token") or token.strip() not in str(found)
    return found


def told_of(what: str, found: list[Finding]) -> list[Finding]:
    """Return what is said of one thing."""
    return [one for one in found if one.what == what]


def ill(found: list[Finding]) -> list[Finding]:
    """Return what is not well."""
    return [one for one in found if one.ok is not True]


def filled(finding: Finding, sandbox: Sandbox) -> Finding:
    """Return an expected finding with the ids of this sandbox."""
    number = sandbox.application.id

    def put(text: str) -> str:
        return text.replace("{id}", str(number)).replace("{link}", invite_link(number))

    return replace(finding, told=put(finding.told), mend=put(finding.mend))
