"""Which commands Discord shows to a person in a place, and by whose installation."""

from bot.sandbox.interactions import Context
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel
from bot.sandbox.users import User
from bot.sandbox.wire.commands import CommandBody, CommandKind
from bot.sandbox.world import Command, World

_BY_SERVER, _BY_PERSON = 0, 1


class CannotDoError(Exception):
    """Discord's own apps would not let a person do this."""


def context_of(channel: Channel, bot: User) -> Context:
    """Return what sort of place this is to the bot."""
    if channel.server is not None:
        return Context.SERVER
    return Context.BOT_DM if bot in channel.people else Context.PRIVATE


def owners_of(
    world: World, user: User, channel: Channel, types: tuple[int, ...] = (_BY_SERVER, _BY_PERSON)
) -> dict[str, str]:
    """Return who brought the app here: the server, the person, both or nobody."""
    owners: dict[str, str] = {}
    if _BY_SERVER in types and channel.server and world.knows_bot(channel.server):
        owners["0"] = str(channel.server.id)
    if _BY_SERVER in types and world.bot in channel.people:
        owners["0"] = "0"
    if _BY_PERSON in types and user.has_app:
        owners["1"] = str(user.id)
    return owners


def shown_commands(world: World, user: User, channel: Channel, kind: CommandKind) -> list[Command]:
    """Return every command of this kind that the person finds in the channel."""
    return [
        command
        for command in world.commands.values()
        if command.body.type is kind and _is_shown(world, user, channel, command)
    ]


def shown_command(
    world: World, user: User, channel: Channel, kind: CommandKind, name: str
) -> Command:
    """Return the command of this name that the person finds in the channel."""
    for command in shown_commands(world, user, channel, kind):
        if command.body.name == name:
            return command
    raise CannotDoError(f"Discord shows {user} no command {name!r} in {channel}")


def _is_shown(world: World, user: User, channel: Channel, command: Command) -> bool:
    if command.server is not None and command.server is not channel.server:
        return False
    body = command.body
    contexts = (0, 1, 2) if body.contexts is None else body.contexts
    return (
        context_of(channel, world.bot) in contexts
        and bool(owners_of(world, user, channel, body.integration_types or (_BY_SERVER,)))
        and _may_use(user, channel, body)
    )


def _may_use(user: User, channel: Channel, body: CommandBody) -> bool:
    if channel.server is None:
        return user in channel.people
    allowed = channel.permissions_of(user)
    needed = Permission(body.default_member_permissions or 0)
    if Permission.ADMINISTRATOR in allowed:
        return True
    forbidden = body.default_member_permissions == 0
    return not forbidden and needed | Permission.USE_APPLICATION_COMMANDS in allowed
