"""Using the app: what goes to the bot when a person sends, presses, chooses or fills in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.sandbox.availability import CannotDoError, owners_of, shown_command
from bot.sandbox.events import Events
from bot.sandbox.filling import FieldValue, Picked, modal_data, pick
from bot.sandbox.interactions import Interaction, InteractionKind
from bot.sandbox.message_payloads import message_json
from bot.sandbox.messages import Message
from bot.sandbox.options import OptionValue, Resolved, option_data
from bot.sandbox.places import Channel
from bot.sandbox.shapes import JsonObject
from bot.sandbox.users import User
from bot.sandbox.wire.commands import CommandKind
from bot.sandbox.wire.components import (
    LINK_STYLE,
    PREMIUM_STYLE,
    Button,
    EntitySelect,
    StringSelect,
)
from bot.sandbox.world import Command, World

_TOKEN_BYTES: Final = 48


@dataclass(frozen=True)
class _Use:
    kind: InteractionKind
    data: JsonObject
    owners: dict[str, str]
    command: Command | None = None
    message: Message | None = None
    opened_by: Interaction | None = None


class Uses:
    """How one person uses the app. What Discord's own app would not allow is a CannotDoError."""

    def __init__(self, user: User, world: World, events: Events) -> None:
        self._user = user
        self._world = world
        self._events = events

    def slash(
        self,
        channel: Channel,
        command: str,
        options: Mapping[str, OptionValue],
        kind: InteractionKind,
    ) -> Interaction:
        """Send a slash command, or type into the last of its options."""
        name, *words = command.split()
        found = shown_command(self._world, self._user, channel, CommandKind.SLASH, name)
        resolved = Resolved(self._world, channel)
        typing = kind is InteractionKind.AUTOCOMPLETE
        filled = option_data(found.body, words, options, resolved, typing=typing)
        data = _command_data(found) | {"options": filled, "resolved": resolved.found}
        return self._use(channel, _Use(kind, data, self._owners(found, channel), found))

    def menu(self, target: Message | User, command: str, channel: Channel) -> Interaction:
        """Pick a command from the menu of a message or a person."""
        on_message = isinstance(target, Message)
        kind = CommandKind.MESSAGE_MENU if on_message else CommandKind.USER_MENU
        found = shown_command(self._world, self._user, channel, kind, command)
        resolved = Resolved(self._world, channel)
        if on_message:
            # Through the menu the bot gets the text, whatever its intents.
            resolved.found["messages"] = {str(target.id): message_json(target)}
        else:
            resolved.value_of(target)
        data = _command_data(found) | {"target_id": str(target.id), "resolved": resolved.found}
        owners = self._owners(found, channel)
        return self._use(channel, _Use(InteractionKind.COMMAND, data, owners, found))

    def press(self, message: Message, name: str) -> Interaction:
        """Press the button with this label or custom id."""
        for one in message.buttons:
            if name in {one.label, one.custom_id} and one.style not in {LINK_STYLE, PREMIUM_STYLE}:
                if one.disabled:
                    raise CannotDoError(f"the button {name!r} is greyed out")
                return self._component(message, _component_data(one))
        raise CannotDoError(f"there is no button {name!r} to press")

    def choose(self, message: Message, picked: Picked, menu: int) -> Interaction:
        """Choose from a menu of a message."""
        if menu >= len(message.menus) or message.menus[menu].disabled:
            raise CannotDoError("there is no menu to choose from")
        one = message.menus[menu]
        if not one.min_values <= len(picked) <= one.max_values:
            raise CannotDoError(f"the menu does not take {len(picked)}")
        resolved = Resolved(self._world, self._channel_of(message))
        if isinstance(one, StringSelect):
            # Nothing is resolved for texts, and the field is then left out, not empty.
            data: JsonObject = {"values": pick(one.options, picked)}
        else:
            values = [str(resolved.value_of(each)) for each in picked]
            data = {"values": values, "resolved": resolved.found}
        return self._component(message, _component_data(one) | data)

    def submit(self, opened: Interaction, answers: Mapping[str, FieldValue]) -> Interaction:
        """Fill in the modal that an interaction opened, and send it."""
        modal = opened.shown_modal
        if modal is None or opened.user is not self._user:
            raise CannotDoError(f"{self._user} sees no modal")
        data = modal_data(modal, answers, Resolved(self._world, opened.channel))
        use = _Use(
            InteractionKind.MODAL, data, opened.owners, message=opened.message, opened_by=opened
        )
        return self._use(opened.channel, use)

    def _component(self, message: Message, data: JsonObject) -> Interaction:
        if message.deleted or message.only_for not in {None, self._user}:
            raise CannotDoError(f"{self._user} does not see this message")
        channel = self._channel_of(message)
        origin = message.origin
        owners = origin.owners if origin else owners_of(self._world, self._user, channel)
        return self._use(channel, _Use(InteractionKind.COMPONENT, data, owners, message=message))

    def _use(self, channel: Channel, use: _Use) -> Interaction:
        interaction = Interaction(
            id=self._world.ids.next(),
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            kind=use.kind,
            data=use.data,
            user=self._user,
            channel=channel,
            created=self._world.clock.now(),
            owners=use.owners,
            command=use.command.body.name if use.command else None,
            command_kind=use.command.body.type if use.command else None,
            message=use.message,
            opened_by=use.opened_by,
        )
        self._events.used(interaction)
        return interaction

    def _owners(self, command: Command, channel: Channel) -> dict[str, str]:
        types = command.body.integration_types or (0,)
        return owners_of(self._world, self._user, channel, types)

    def _channel_of(self, message: Message) -> Channel:
        return self._world.channels[message.channel_id]


def _component_data(one: Button | StringSelect | EntitySelect) -> JsonObject:
    return {"custom_id": one.custom_id, "component_type": one.kind, "id": one.id}


def _command_data(command: Command) -> JsonObject:
    data: JsonObject = {
        "id": str(command.id),
        "name": command.body.name,
        "type": int(command.body.type),
    }
    return data | ({"guild_id": str(command.server.id)} if command.server else {})
