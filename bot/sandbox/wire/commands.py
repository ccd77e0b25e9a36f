"""Application commands as a bot registers them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.sandbox.errors import Path, Problem
from bot.sandbox.wire.fields import Snowflake, Wire, between

MOST: Final = {1: 100, 2: 15, 3: 15, 4: 1}
"""Commands of each kind that one application may have."""

MOST_CHARACTERS: Final = 8000
_NAME: Final = re.compile(r"[-_'\w]{1,32}")


class CommandKind(IntEnum):
    """Where a command is found."""

    SLASH = 1
    USER_MENU = 2
    MESSAGE_MENU = 3
    ENTRY_POINT = 4
    """How an activity is opened. Discord makes it when its owner switches activities on."""


class OptionKind(IntEnum):
    """What a member may give as an option."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


def _slash_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name != name.lower():
        raise PydanticCustomError(
            "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", {"name": name}
        )
    return name


class CommandChoice(Wire):
    """A fixed choice of an option."""

    name: Annotated[str, between(1, 100)]
    name_localizations: Mapping[str, str] | None = None
    value: Annotated[str, between(0, 6000)] | int | float


class CommandOption(Wire):
    """An option, a subcommand or a group of subcommands."""

    type: OptionKind
    name: Annotated[str, between(1, 32), AfterValidator(_slash_name)]
    description: Annotated[str, between(1, 100)]
    name_localizations: Mapping[str, str] | None = None
    description_localizations: Mapping[str, str] | None = None
    required: bool = False
    autocomplete: bool = False
    choices: Annotated[tuple[CommandChoice, ...], between(0, 25)] = ()
    options: Annotated[tuple["CommandOption", ...], between(0, 25)] = ()
    channel_types: tuple[int, ...] | None = None
    min_value: int | float | None = None
    max_value: int | float | None = None
    min_length: Annotated[int, Field(ge=0, le=6000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=6000)] | None = None

    @model_validator(mode="after")
    def _suggests_in_one_way(self) -> Self:
        if self.autocomplete and self.choices:
            raise PydanticCustomError(
                "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
                "Autocomplete cannot be used with choices",
            )
        return self

    @property
    def holds_options(self) -> bool:
        """Whether it is a subcommand or a group, not something to fill in."""
        return self.type in {OptionKind.SUBCOMMAND, OptionKind.GROUP}


class CommandBody(Wire):
    """A command."""

    id: Snowflake | None = None
    type: CommandKind = CommandKind.SLASH
    name: Annotated[str, between(1, 32)]
    description: Annotated[str, between(0, 100)] = ""
    name_localizations: Mapping[str, str] | None = None
    description_localizations: Mapping[str, str] | None = None
    options: Annotated[tuple[CommandOption, ...], between(0, 25)] = ()
    default_member_permissions: Snowflake | None = None
    dm_permission: bool | None = None
    nsfw: bool = False
    integration_types: tuple[Annotated[int, Field(ge=0, le=1)], ...] | None = None
    contexts: tuple[Annotated[int, Field(ge=0, le=2)], ...] | None = None
    handler: Annotated[int, Field(ge=1, le=2)] | None = None

    @model_validator(mode="after")
    def _is_named_for_its_kind(self) -> Self:
        if self.type is CommandKind.SLASH:
            _slash_name(self.name)
        return self


def command_rules(command: CommandBody) -> Iterator[Problem]:
    """Find what is wrong with a command beyond its single fields."""
    if command.type is CommandKind.SLASH and not command.description:
        yield Problem(("description",), "BASE_TYPE_REQUIRED", "This field is required")
    if command.type is not CommandKind.SLASH and command.description:
        yield Problem(
            ("description",),
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_DISALLOWED",
            "Context menu commands cannot have description",
        )
    if _characters(command.name, command.description, command.options) > MOST_CHARACTERS:
        yield Problem(
            (),
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({MOST_CHARACTERS})",
        )
    yield from _option_problems(command.options, ("options",))


def _option_problems(options: Sequence[CommandOption], at: Path) -> Iterator[Problem]:
    names = Counter(option.name for option in options)
    optional_seen = False
    for place, option in enumerate(options):
        if names[option.name] > 1:
            yield Problem(
                (*at, place, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
                "Option name is not unique",
            )
        if option.required and optional_seen:
            yield Problem(
                (*at, place),
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.required
        yield from _option_problems(option.options, (*at, place, "options"))


def _characters(name: str, description: str, options: Sequence[CommandOption]) -> int:
    return (
        len(name)
        + len(description)
        + sum(_characters(one.name, one.description, one.options) for one in options)
        + sum(
            len(choice.name) + len(str(choice.value)) for one in options for choice in one.choices
        )
    )


def duplicate_commands(commands: Sequence[CommandBody]) -> Iterator[Problem]:
    """Find commands of one kind that share a name."""
    names = Counter((command.type, command.name) for command in commands)
    for place, command in enumerate(commands):
        if names[command.type, command.name] > 1:
            yield Problem(
                (place,),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
