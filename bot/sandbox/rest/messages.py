"""Messages in channels, and opening direct ones."""

from collections import OrderedDict
from typing import Final

from bot.sandbox import errors
from bot.sandbox.composing import Composer
from bot.sandbox.errors import Problem
from bot.sandbox.events import Events
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.message_payloads import message_json
from bot.sandbox.messages import Message
from bot.sandbox.payloads import channel_json
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel
from bot.sandbox.rest.door import Call, Route
from bot.sandbox.shapes import Json
from bot.sandbox.wire.fields import Snowflake, Wire
from bot.sandbox.wire.forms import read
from bot.sandbox.wire.messages import MessageBody, MessageEdit, Reference, message_rules
from bot.sandbox.world import World

_UNKNOWN_REFERENCE = Problem(
    ("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
)
_NONCE_LASTS: Final = 5 * 60.0
"""Seconds. Discord says "the past few minutes"."""


class _Recipient(Wire):
    recipient_id: Snowflake


class MessageRoutes:
    """What a bot may do in channels."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self._composer = Composer(world)
        self._by_nonce: OrderedDict[str, Message] = OrderedDict()

    def routes(self) -> list[Route]:
        """Return every address."""
        channel = "/channels/{channel}"
        message = channel + "/messages/{message}"
        return [
            Route("GET", channel, self._channel),
            Route("GET", channel + "/messages", self._history),
            Route("POST", channel + "/messages", self._create),
            Route("POST", channel + "/typing", self._type),
            Route("GET", message, self._find),
            Route("PATCH", message, self._edit),
            Route("DELETE", message, self._delete),
            Route("POST", "/users/@me/channels", self._open_direct),
        ]

    def _channel(self, call: Call) -> Json:
        return channel_json(self._seen(call), self._world.bot)

    def _create(self, call: Call) -> Json:
        channel = self._seen(call)
        self._require_sending(channel)
        body = read(MessageBody, call.parcel.body, message_rules)
        nonce = str(body.nonce) if body.enforce_nonce and body.nonce is not None else None
        before = None if nonce is None else self._made_with(nonce)
        if before is not None:
            return message_json(before)
        if call.parcel.files:
            self._require(channel, Permission.ATTACH_FILES)
        if Permission.EMBED_LINKS not in channel.permissions_of(self._world.bot):
            body = body.model_copy(update={"embeds": None})
        reply_to = self._replied(channel, body.message_reference)
        message = self._composer.compose(
            channel, self._world.bot, body, call.parcel.files, reply_to=reply_to
        )
        if nonce is not None:
            self._by_nonce[nonce] = message
        self._events.posted(channel, message)
        return message_json(message)

    def _made_with(self, nonce: str) -> Message | None:
        """Return the message that was lately made with this nonce."""
        oldest = self._world.clock.now() - _NONCE_LASTS
        while self._by_nonce and next(iter(self._by_nonce.values())).created < oldest:
            self._by_nonce.popitem(last=False)
        return self._by_nonce.get(nonce)

    def _edit(self, call: Call) -> Json:
        channel = self._seen(call)
        message = self._world.message(channel, call.id("message"))
        if message.author is not self._world.bot:
            raise errors.not_the_author()
        edit = read(
            MessageEdit,
            call.parcel.body,
            lambda body: message_rules(body, layout=message.is_layout),
        )
        self._composer.change(channel, message, edit, call.parcel.files)
        self._events.edited(channel, message)
        return message_json(message)

    def _delete(self, call: Call) -> Json:
        channel = self._seen(call)
        message = self._world.message(channel, call.id("message"))
        if message.author is not self._world.bot:
            self._require(channel, Permission.MANAGE_MESSAGES)
        self._events.deleted(channel, message)
        return None

    def _find(self, call: Call) -> Json:
        channel = self._seen(call)
        self._require(channel, Permission.READ_MESSAGE_HISTORY)
        return self._shown(self._world.message(channel, call.id("message")))

    def _history(self, call: Call) -> Json:
        channel = self._seen(call)
        self._require(channel, Permission.READ_MESSAGE_HISTORY)
        known = [one for one in channel.messages.values() if one.only_for is None]
        limit = int(call.query.get("limit", "50"))
        return [self._shown(message) for message in reversed(known[-limit:])]

    def _type(self, call: Call) -> Json:
        channel = self._seen(call)
        self._require_sending(channel)
        channel.typing += 1
        channel.changes.notify()
        return None

    def _open_direct(self, call: Call) -> Json:
        number = read(_Recipient, call.parcel.body).recipient_id
        person = self._world.users.get(number)
        if person is None or person.bot:
            raise errors.invalid_recipient()
        return channel_json(self._world.direct_channel(person, self._world.bot), self._world.bot)

    def _seen(self, call: Call) -> Channel:
        """Return the channel of a call, if the bot sees it."""
        channel = self._world.channel(call.id("channel"))
        if Permission.VIEW_CHANNEL not in channel.permissions_of(self._world.bot):
            raise errors.missing_access()
        return channel

    def _require(self, channel: Channel, permission: Permission) -> None:
        if permission not in channel.permissions_of(self._world.bot):
            raise errors.missing_permissions()

    def _require_sending(self, channel: Channel) -> None:
        self._require(channel, channel.sending)
        if any(person.blocks_bot for person in channel.people):
            raise errors.cannot_message_user()

    def _replied(self, channel: Channel, reference: Reference | None) -> Message | None:
        if reference is None:
            return None
        if Permission.READ_MESSAGE_HISTORY not in channel.permissions_of(self._world.bot):
            raise errors.cannot_reply_without_history()
        message = channel.messages.get(reference.message_id)
        if message is None and reference.fail_if_not_exists:
            raise errors.invalid_form([_UNKNOWN_REFERENCE])
        return message

    def _shown(self, message: Message) -> Json:
        granted = self._world.app.granted
        held = granted & Intents.MESSAGE_CONTENT
        return message_json(message, readable=self._events.readable(message, held))
