"""The first answer to an interaction."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.sandbox.errors import Problem
from bot.sandbox.wire.fields import CustomId, Wire, between
from bot.sandbox.wire.layout import InModal, duplicate_ids
from bot.sandbox.wire.messages import MessageBody, MessageEdit


class CallbackKind(IntEnum):
    """What a bot may do first."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Kind(Wire):
    """A callback whose data is read once its kind is known to be allowed."""

    type: int


class Choice(Wire):
    """One suggestion while somebody types."""

    name: Annotated[str, between(1, 100)]
    value: Annotated[str, between(1, 100)] | int | float


class Choices(Wire):
    """All suggestions."""

    choices: Annotated[tuple[Choice, ...], between(0, 25)]


class Modal(Wire):
    """A window with fields, as the member sees it."""

    custom_id: CustomId
    title: Annotated[str, between(1, 45)]
    components: Annotated[tuple[InModal, ...], between(1, 5)]


class Deferral(Wire):
    """What may be said about an answer that is still being made."""

    flags: Annotated[int, Field(ge=0)] | None = None


class MessageCallback(Wire):
    """A message, at once."""

    type: Literal[4]
    data: MessageBody


class UpdateCallback(Wire):
    """A change of the message that was pressed, at once."""

    type: Literal[7]
    data: MessageEdit = MessageEdit()


class DeferredCallback(Wire):
    """The answer comes later."""

    type: Literal[5, 6]
    data: Deferral | None = None


class ChoicesCallback(Wire):
    """Suggestions."""

    type: Literal[8]
    data: Choices


class ModalCallback(Wire):
    """A window to fill in."""

    type: Literal[9]
    data: Modal


def modal_rules(callback: ModalCallback) -> Iterator[Problem]:
    """Find what is wrong with a modal beyond its single fields."""
    yield from duplicate_ids(callback.data.components, ("data", "components"))
