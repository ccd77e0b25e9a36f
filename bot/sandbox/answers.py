"""The bot's side of an interaction: the callback, follow-ups, edits and deletions."""

from collections.abc import Iterator
from typing import Final

from bot.sandbox import errors
from bot.sandbox.composing import Composer, Parcel
from bot.sandbox.errors import Problem
from bot.sandbox.events import Events
from bot.sandbox.interactions import (
    SECONDS_OF_TOKEN,
    Interaction,
    InteractionKind,
)
from bot.sandbox.messages import Message
from bot.sandbox.permissions import Permission
from bot.sandbox.wire import callbacks as wire
from bot.sandbox.wire.callbacks import CallbackKind
from bot.sandbox.wire.forms import read
from bot.sandbox.wire.layout import numbered
from bot.sandbox.wire.messages import EPHEMERAL, LOADING, MessageBody, MessageEdit, message_rules
from bot.sandbox.world import World

MOST_FOLLOWUPS: Final = 5
"""Where only a person's own installation brought the app."""

_ANSWERS: Final = (CallbackKind.MESSAGE, CallbackKind.DEFERRED_MESSAGE)
_UPDATES: Final = (CallbackKind.DEFERRED_UPDATE, CallbackKind.UPDATE)


class Answers:
    """What a bot may do with an interaction, refused where and how Discord refuses it."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self._composer = Composer(world)

    def callback(self, number: int, token: str, parcel: Parcel) -> Interaction:
        """Take the first answer to an interaction."""
        interaction = self._world.interactions.get(number)
        if interaction is None or interaction.token != token:
            raise errors.unknown_interaction()
        if interaction.acknowledged_by is not None:
            raise errors.already_acknowledged()
        if interaction.failed(self._world.clock.now()):
            raise errors.unknown_interaction()
        kind = _allowed_kind(interaction, read(wire.Kind, parcel.body).type)
        self._carry_out(interaction, kind, parcel)
        interaction.acknowledged_by = kind
        interaction.changes.notify()
        return interaction

    def _carry_out(self, interaction: Interaction, kind: CallbackKind, parcel: Parcel) -> None:
        match kind:
            case CallbackKind.MESSAGE:
                callback = read(wire.MessageCallback, parcel.body, _in_data)
                interaction.original = self._post(interaction, callback.data, parcel)
            case CallbackKind.DEFERRED_MESSAGE:
                deferral = read(wire.DeferredCallback, parcel.body).data or wire.Deferral()
                interaction.original = self._think(interaction, deferral.flags or 0)
            case CallbackKind.UPDATE:
                update = read(wire.UpdateCallback, parcel.body)
                interaction.original = self._update(interaction, update, parcel)
            case CallbackKind.CHOICES:
                choices = read(wire.ChoicesCallback, parcel.body).data
                interaction.shown_choices = choices.choices
            case CallbackKind.MODAL:
                modal = read(wire.ModalCallback, parcel.body, wire.modal_rules).data
                named = {"components": numbered(modal.components)}
                interaction.shown_modal = modal.model_copy(update=named)
            case CallbackKind.DEFERRED_UPDATE | CallbackKind.PONG:
                read(wire.Kind, parcel.body)

    def followup(self, token: str, parcel: Parcel) -> Message:
        """Say something more; after a deferral this is what was waited for."""
        interaction = self._acknowledged(token)
        original = interaction.original
        if original is not None and original.is_thinking:
            return self.edit(token, None, parcel)
        if interaction.is_personal_only and len(interaction.followups) >= MOST_FOLLOWUPS:
            raise errors.too_many_followups()
        body = read(MessageBody, parcel.body, message_rules)
        message = self._post(interaction, body, parcel)
        interaction.followups.append(message)
        interaction.changes.notify()
        return message

    def find(self, token: str, number: int | None) -> Message:
        """Return the original answer, or a follow-up by its id."""
        return self._message(self._acknowledged(token), number)

    def edit(self, token: str, number: int | None, parcel: Parcel) -> Message:
        """Change the original answer, or a follow-up by its id."""
        interaction = self._acknowledged(token)
        message = self._message(interaction, number)
        edit = read(
            MessageEdit,
            parcel.body,
            lambda body: message_rules(body, layout=message.is_layout),
        )
        self._composer.change(interaction.channel, message, edit, parcel.files)
        interaction.original = message if number is None else interaction.original
        self._events.edited(interaction.channel, message)
        interaction.changes.notify()
        return message

    def delete(self, token: str, number: int | None) -> None:
        """Take back the original answer, or a follow-up by its id."""
        interaction = self._acknowledged(token)
        self._events.deleted(interaction.channel, self._message(interaction, number))
        interaction.changes.notify()

    def _acknowledged(self, token: str) -> Interaction:
        interaction = self._world.by_token.get(token)
        if interaction is None:
            raise errors.unknown_webhook()
        if self._world.clock.now() > interaction.created + SECONDS_OF_TOKEN:
            raise errors.expired_token()
        if interaction.acknowledged_by is None:
            raise errors.unknown_webhook()
        return interaction

    def _message(self, interaction: Interaction, number: int | None) -> Message:
        original = interaction.original
        if original is None and interaction.acknowledged_by in _UPDATES:
            original = interaction.message
        known = [original] if number is None else [original, *interaction.followups]
        for message in filter(None, known):
            if not message.deleted and number in {None, message.id}:
                return message
        raise errors.unknown_message()

    def _post(self, interaction: Interaction, body: MessageBody, parcel: Parcel) -> Message:
        source = interaction.message
        message = self._composer.compose(
            interaction.channel, self._world.bot, body, parcel.files, reply_to=source
        )
        self._address(interaction, message)
        self._events.posted(interaction.channel, message)
        return message

    def _think(self, interaction: Interaction, flags: int) -> Message:
        channel = interaction.channel
        message = self._composer.blank(channel, self._world.bot)
        message.flags = (flags & EPHEMERAL) | LOADING
        self._address(interaction, message)
        self._events.posted(channel, message)
        return message

    def _address(self, interaction: Interaction, message: Message) -> None:
        """Note what the message answers, and whether only one person is to see it."""
        message.origin = interaction.origin
        allowed = interaction.channel.permissions_of(interaction.user)
        if interaction.is_personal_only and Permission.USE_EXTERNAL_APPS not in allowed:
            message.flags |= EPHEMERAL
        message.only_for = interaction.user if message.is_ephemeral else None

    def _update(
        self, interaction: Interaction, update: wire.UpdateCallback, parcel: Parcel
    ) -> Message:
        message = interaction.message
        if message is None or message.deleted:
            raise errors.unknown_message()
        problems = tuple(message_rules(update.data, layout=message.is_layout))
        if problems:
            raise errors.invalid_form(problem.within("data") for problem in problems)
        self._composer.change(interaction.channel, message, update.data, parcel.files)
        self._events.edited(interaction.channel, message)
        return message


def _in_data(callback: wire.MessageCallback) -> Iterator[Problem]:
    return (problem.within("data") for problem in message_rules(callback.data))


def _allowed_kind(interaction: Interaction, number: int) -> CallbackKind:
    """Return the kind of callback, if this interaction may be answered by it."""
    match interaction.kind:
        case InteractionKind.AUTOCOMPLETE:
            allowed: tuple[CallbackKind, ...] = (CallbackKind.CHOICES,)
        case InteractionKind.COMMAND:
            allowed = (*_ANSWERS, CallbackKind.MODAL)
        case InteractionKind.COMPONENT:
            allowed = (*_ANSWERS, *_UPDATES, CallbackKind.MODAL)
        case InteractionKind.MODAL:
            allowed = (*_ANSWERS, *(_UPDATES if interaction.message else ()))
    if number not in allowed:
        words = f"Value must be one of {{{', '.join(str(int(kind)) for kind in allowed)}}}."
        raise errors.invalid_form([Problem(("type",), "BASE_TYPE_CHOICES", words)])
    return CallbackKind(number)
