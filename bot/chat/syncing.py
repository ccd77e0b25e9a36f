"""Commands are sent to Discord only when they are not what Discord has.

Sending them anyway would be allowed, but every member's app would load them anew. They are sent
for everywhere and never for one server: a command registered both ways is shown twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from discord.app_commands import MissingApplicationID
from discord.http import Route
from pydantic import BaseModel, ConfigDict, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discord import Client
    from discord.app_commands import CommandTree

_SLASH: Final = 1
_ENTRY_POINT: Final = 4
"""The command that opens an activity: Discord's own, and refused to be removed with others."""

_SENT_BACK: Final = (
    "type",
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "integration_types",
    "contexts",
    "nsfw",
    "handler",
)
"""What of Discord's own command is sent back with ours, so that it stays as it is."""


class _Shape(BaseModel):
    """What counts when two commands are compared; the defaults are what Discord fills in."""

    # Discord trims texts.
    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _null_says_nothing(cls, sent: Mapping[str, object]) -> dict[str, object]:
        return {name: value for name, value in sent.items() if value is not None}


class Choice(_Shape):
    """One fixed choice of an option."""

    name: str
    name_localizations: dict[str, str] = {}
    value: str | int | float


class Option(_Shape):
    """An option, a subcommand or a group of them. Their order is what members see."""

    type: int
    name: str
    description: str = ""
    name_localizations: dict[str, str] = {}
    description_localizations: dict[str, str] = {}
    required: bool = False
    autocomplete: bool = False
    choices: tuple[Choice, ...] = ()
    options: tuple[Option, ...] = ()
    channel_types: frozenset[int] = frozenset()
    min_value: float | None = None
    max_value: float | None = None
    min_length: int | None = None
    max_length: int | None = None


class Command(_Shape):
    """A command, as the bot would register it or as Discord has it."""

    type: int = _SLASH
    name: str
    description: str = ""
    name_localizations: dict[str, str] = {}
    description_localizations: dict[str, str] = {}
    options: tuple[Option, ...] = ()
    default_member_permissions: int | None = None
    nsfw: bool = False
    integration_types: frozenset[int] | None = None
    contexts: frozenset[int] | None = None

    @property
    def said(self) -> str:
        """What a person calls it."""
        return f"/{self.name}" if self.type == _SLASH else f"“{self.name}”"

    def is_met_by(self, registered: Command) -> bool:
        """Say whether registering it would change nothing.

        Where a command says nothing of where it can be used, any choice of Discord's is right.
        """
        left_open: dict[str, object] = {}
        if self.integration_types is None:
            left_open["integration_types"] = None
        if self.contexts is None:
            left_open["contexts"] = None
        return self == registered.model_copy(update=left_open)


@dataclass(frozen=True, slots=True)
class Changes:
    """What sending the commands would change. It is false if that is nothing."""

    new: tuple[Command, ...]
    different: tuple[Command, ...]
    left_over: tuple[Command, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.different or self.left_over)


def changes(wanted: Iterable[Command], registered: Iterable[Command]) -> Changes:
    """Compare what the bot would register with what Discord has."""
    has = {(one.type, one.name): one for one in registered}
    wants = {(one.type, one.name): one for one in wanted}
    return Changes(
        new=tuple(one for key, one in wants.items() if key not in has),
        different=tuple(
            one for key, one in wants.items() if key in has and not one.is_met_by(has[key])
        ),
        left_over=tuple(one for key, one in has.items() if key not in wants),
    )


def parsed(found: Iterable[Mapping[str, Any]]) -> tuple[Command, ...]:
    """Return commands without Discord's own, for which the bot is not responsible."""
    every = (Command.model_validate(one) for one in found)
    return tuple(one for one in every if one.type != _ENTRY_POINT)


async def wanted_commands(tree: CommandTree[Any]) -> tuple[Command, ...]:
    """Return what the tree would register. Nothing is asked of Discord."""
    return parsed(await _bodies(tree))


async def registered_bodies(client: Client) -> list[dict[str, Any]]:
    """Return what is registered everywhere, with every translation; the client is logged in."""
    # The library's own way to ask leaves out translations, and would never see them change.
    route = Route(
        "GET", "/applications/{application_id}/commands", application_id=_application(client)
    )
    found = await client.http.request(route, params={"with_localizations": "true"})
    return cast("list[dict[str, Any]]", found)


async def sync_if_changed(tree: CommandTree[Any]) -> bool:
    """Register the tree's commands everywhere if Discord's differ; say whether they did.

    What an older version registered and this one does not have is removed with it. The client of
    the tree is logged in.
    """
    client = tree.client
    bodies, registered = await _bodies(tree), await registered_bodies(client)
    if not changes(parsed(bodies), parsed(registered)):
        return False
    own = [_sent_back(one) for one in registered if one.get("type") == _ENTRY_POINT]
    await client.http.bulk_upsert_global_commands(_application(client), [*bodies, *own])
    return True


async def _bodies(tree: CommandTree[Any]) -> Sequence[dict[str, Any]]:
    """Return what the library would send."""
    commands, translator = tree.get_commands(), tree.translator
    if translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, translator) for command in commands]


def _application(client: Client) -> int:
    if client.application_id is None:
        raise MissingApplicationID
    return client.application_id


def _sent_back(own: Mapping[str, Any]) -> dict[str, Any]:
    body = {name: own[name] for name in _SENT_BACK if name in own}
    allowed = own.get("default_member_permissions")
    return body | ({} if allowed is None else {"default_member_permissions": int(allowed)})
