"""What a person fills in: options of commands, fields of modals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bot.sandbox.availability import CannotDoError
from bot.sandbox.message_payloads import attachment_json
from bot.sandbox.messages import Upload
from bot.sandbox.payloads import channel_json, member_json, role_json, user_json
from bot.sandbox.places import Channel, Role
from bot.sandbox.shapes import Json, JsonObject
from bot.sandbox.users import User
from bot.sandbox.wire.commands import CommandBody, CommandOption, OptionKind
from bot.sandbox.world import World

OptionValue: TypeAlias = str | int | float | bool | User | Channel | Role | Upload

_MOST_TYPED: Final = 6000
_TYPES: Final[Mapping[OptionKind, tuple[type, ...]]] = {
    OptionKind.STRING: (str,),
    OptionKind.INTEGER: (int,),
    OptionKind.NUMBER: (int, float),
    OptionKind.BOOLEAN: (bool,),
    OptionKind.USER: (User,),
    OptionKind.ROLE: (Role,),
    OptionKind.MENTIONABLE: (User, Role),
    OptionKind.CHANNEL: (Channel,),
    OptionKind.ATTACHMENT: (Upload,),
}


@dataclass
class Resolved:
    """What ids in the data stand for; collected while the data is put together."""

    world: World
    channel: Channel
    found: dict[str, dict[str, Json]] = field(default_factory=dict[str, dict[str, Json]])

    def value_of(self, value: OptionValue) -> str | int | float | bool:
        """Return the value as it goes into the data; what is more than text is noted by its id."""
        match value:
            case User():
                return self._note_user(value)
            case Channel():
                data = channel_json(value, self.world.bot)
                data["permissions"] = str(int(value.permissions_of(self.world.bot)))
                return self._note("channels", value.id, data)
            case Role():
                return self._note("roles", value.id, role_json(value))
            case Upload():
                kept = self.world.add_file(self.channel, value)
                return self._note("attachments", kept.id, attachment_json(kept))
            case _:
                return value

    def _note_user(self, user: User) -> str:
        server = self.channel.server
        if server is not None and user.id in server.members:
            member = member_json(server.members[user.id], with_user=False)
            member["permissions"] = str(int(self.channel.permissions_of(user)))
            self._note("members", user.id, member)
        return self._note("users", user.id, user_json(user))

    def _note(self, group: str, number: int, data: Json) -> str:
        self.found.setdefault(group, {})[str(number)] = data
        return str(number)


def option_data(
    command: CommandBody,
    words: Sequence[str],
    given: Mapping[str, OptionValue],
    resolved: Resolved,
    *,
    typing: bool = False,
) -> list[Json]:
    """Return the options as the app sends them; `words` lead to a subcommand, if there is one.

    While somebody is still typing, the last option given has the focus and nothing is required.
    """
    return _descend(command.options, words, given, resolved, typing=typing)


def _descend(
    options: Sequence[CommandOption],
    words: Sequence[str],
    given: Mapping[str, OptionValue],
    resolved: Resolved,
    *,
    typing: bool,
) -> list[Json]:
    if not words:
        _refuse_unknown(options, given)
        return list(_filled(options, given, resolved, typing=typing))
    for option in options:
        if option.holds_options and option.name == words[0]:
            inner = _descend(option.options, words[1:], given, resolved, typing=typing)
            return [{"name": option.name, "type": int(option.type), "options": inner}]
    raise CannotDoError(f"there is no subcommand {words[0]!r}")


def _refuse_unknown(options: Sequence[CommandOption], given: Mapping[str, OptionValue]) -> None:
    names = {option.name for option in options if not option.holds_options}
    if any(option.holds_options for option in options):
        raise CannotDoError("one of the subcommands has to be chosen")
    if unknown := given.keys() - names:
        raise CannotDoError(f"there is no option {min(unknown)!r}")


def _filled(
    options: Sequence[CommandOption],
    given: Mapping[str, OptionValue],
    resolved: Resolved,
    *,
    typing: bool,
) -> Iterator[JsonObject]:
    focused = next(reversed(tuple(given)), None) if typing else None
    for option in options:
        if option.name not in given:
            if option.required and not typing:
                raise CannotDoError(f"the option {option.name!r} is required")
            continue
        value = given[option.name]
        filled: JsonObject = {"name": option.name, "type": int(option.type)}
        if option.name == focused:
            if not option.autocomplete:
                raise CannotDoError(f"the option {option.name!r} suggests nothing")
            yield filled | {"value": str(value), "focused": True}
        else:
            _refuse_unfit(option, value)
            yield filled | {"value": resolved.value_of(value)}


def _refuse_unfit(option: CommandOption, value: OptionValue) -> None:
    fits = type(value) in _TYPES.get(option.type, ())
    match value:
        case str():
            shortest, longest = option.min_length or 0, option.max_length or _MOST_TYPED
            fits = fits and shortest <= len(value) <= longest
        case int() | float():
            low = float("-inf") if option.min_value is None else option.min_value
            high = float("inf") if option.max_value is None else option.max_value
            fits = fits and low <= value <= high
        case _:
            pass
    if option.choices:
        fits = fits and value in {choice.value for choice in option.choices}
    if not fits:
        raise CannotDoError(f"{value!r} cannot be given as {option.name!r}")
