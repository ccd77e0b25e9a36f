"""Making a message out of what a bot or a person sends."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.sandbox import errors
from bot.sandbox.messages import Attachment, Message, Reference, Sticker, Upload
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel
from bot.sandbox.users import User
from bot.sandbox.waiting import Changes
from bot.sandbox.wire.layout import numbered
from bot.sandbox.wire.messages import (
    COMPONENTS_V2,
    LOADING,
    AllowedMentions,
    MessageBody,
    MessageEdit,
    NamedFile,
    old_field,
)
from bot.sandbox.world import World

ALL_MENTIONS: Final = AllowedMentions(parse=("users", "roles", "everyone"), replied_user=True)
_USER: Final = re.compile(r"<@!?(\d+)>")
_ROLE: Final = re.compile(r"<@&(\d+)>")
_EVERYONE: Final = re.compile(r"@(everyone|here)\b")
_SETTABLE_FLAGS: Final = (1 << 2) | (1 << 6) | (1 << 12) | COMPONENTS_V2


@dataclass(frozen=True)
class Parcel:
    """A body and the files that came with it, by their places."""

    body: object
    files: Mapping[int, Upload]


class Composer:
    """Makes and changes messages; it neither shows them nor tells of them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def blank(self, channel: Channel, author: User) -> Message:
        """Return a new message in which nothing is said yet."""
        return Message(
            id=self._world.ids.next(),
            channel_id=channel.id,
            server_id=channel.server.id if channel.server else None,
            author=author,
            created=self._world.clock.now(),
        )

    def compose(
        self,
        channel: Channel,
        author: User,
        body: MessageBody,
        files: Mapping[int, Upload],
        *,
        reply_to: Message | None = None,
        stickers: tuple[Sticker, ...] = (),
    ) -> Message:
        """Return a new message, or refuse an empty one."""
        message = self.blank(channel, author)
        message.stickers = stickers
        message.content, message.embeds = body.content or "", body.embeds or ()
        message.components = numbered(body.components or ())
        message.attachments = self._new_files(channel, body.attachments, files)
        message.flags = (body.flags or 0) & _SETTABLE_FLAGS
        message.reply_to = reply_to
        if reply_to is not None:
            message.reference = Reference(reply_to.id, reply_to.channel_id, reply_to.server_id)
        _refuse_empty(message)
        self._ping(channel, message, body.allowed_mentions)
        return message

    def forward(self, channel: Channel, author: User, forwarded: Message) -> Message:
        """Return a message that carries a copy of another one, and no words of its own."""
        message = self.blank(channel, author)
        message.forwarded = replace(forwarded, changes=Changes())
        message.reference = Reference(forwarded.id, forwarded.channel_id, forwarded.server_id)
        return message

    def change(
        self, channel: Channel, message: Message, edit: MessageEdit, files: Mapping[int, Upload]
    ) -> None:
        """Change a message as an edit says, or refuse the edit and leave the message as it is."""
        content = (edit.content or "") if edit.sets("content") else message.content
        embeds = (edit.embeds or ()) if edit.sets("embeds") else message.embeds
        sent = numbered(edit.components or ())
        components = sent if edit.sets("components") else message.components
        flags = (message.flags | ((edit.flags or 0) & COMPONENTS_V2)) & ~LOADING
        changed = replace(message, content=content, embeds=embeds, components=components)
        changed.flags = flags
        changed.attachments = self._after_edit(channel, message, edit, files)
        if changed.is_layout and (content or embeds):
            raise errors.invalid_form([old_field("content" if content else "embeds")])
        _refuse_empty(changed)
        message.content, message.embeds, message.components = content, embeds, components
        message.flags, message.attachments = flags, changed.attachments
        self._ping(channel, message, edit.allowed_mentions)

    def _after_edit(
        self, channel: Channel, message: Message, edit: MessageEdit, files: Mapping[int, Upload]
    ) -> tuple[Attachment, ...]:
        if edit.attachments is None and not edit.sets("attachments"):
            return message.attachments + self._new_files(channel, None, files)
        named = {one.id for one in edit.attachments or ()}
        kept = tuple(one for one in message.attachments if one.id in named)
        return kept + self._new_files(channel, edit.attachments, files)

    def _new_files(
        self,
        channel: Channel,
        named: tuple[NamedFile, ...] | None,
        files: Mapping[int, Upload],
    ) -> tuple[Attachment, ...]:
        names = {one.id: one for one in named or ()}
        return tuple(
            self._world.add_file(channel, _as_named(upload, names.get(place)))
            for place, upload in sorted(files.items())
        )

    def _ping(self, channel: Channel, message: Message, allowed: AllowedMentions | None) -> None:
        allowed = ALL_MENTIONS if allowed is None else allowed
        found = {int(number) for number in _USER.findall(message.text)}
        pinged = found if "users" in allowed.parse else found & set(allowed.users)
        if message.reply_to is not None and allowed.replied_user:
            pinged.add(message.reply_to.author.id)
        roles = {int(number) for number in _ROLE.findall(message.text)}
        users = self._world.users
        message.pinged = tuple(users[one] for one in pinged if one in users)
        message.pinged_roles = tuple(
            roles if "roles" in allowed.parse else roles & set(allowed.roles)
        )
        message.pings_everyone = (
            "everyone" in allowed.parse
            and bool(_EVERYONE.search(message.text))
            and Permission.MENTION_EVERYONE in channel.permissions_of(message.author)
        )


def _as_named(upload: Upload, named: NamedFile | None) -> Upload:
    if named is None:
        return upload
    return replace(
        upload, filename=named.filename or upload.filename, description=named.description
    )


def _refuse_empty(message: Message) -> None:
    said = message.content or message.embeds or message.components
    if not (said or message.attachments or message.stickers):
        raise errors.empty_message()
