"""Messages and interactions in Discord's JSON."""

from collections.abc import Mapping, Sequence

from bot.sandbox.interactions import Interaction
from bot.sandbox.messages import Attachment, Message, Origin
from bot.sandbox.payloads import channel_json, member_json, user_json
from bot.sandbox.places import Server
from bot.sandbox.shapes import Json, JsonObject
from bot.sandbox.snowflakes import timestamp
from bot.sandbox.wire.callbacks import CallbackKind
from bot.sandbox.wire.commands import CommandKind
from bot.sandbox.world import World

ATTACHMENT_LIMIT = 10 * 1024 * 1024
_DEFAULT_MESSAGE, _REPLY, _COMMAND_ANSWER, _MENU_ANSWER = 0, 19, 20, 23
_REPLIED, _FORWARDED = 0, 1
_PNG = 1


def message_json(message: Message, *, readable: bool = True) -> JsonObject:
    """Return a message; one that the bot may not read has neither text nor anything attached."""
    found: JsonObject = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(message.author),
        "tts": False,
        "pinned": False,
        "mention_everyone": message.pings_everyone,
    }
    found |= _content_json(message, readable=readable) | _relations(message)
    if message.forwarded is not None and readable:
        found["message_snapshots"] = [{"message": _content_json(message.forwarded)}]
    return found


def _content_json(message: Message, *, readable: bool = True) -> JsonObject:
    """Return what a message has in common with a copy of it that was forwarded."""
    found: JsonObject = {
        "type": _type_of(message),
        "timestamp": timestamp(message.created),
        "edited_timestamp": None if message.edited is None else timestamp(message.edited),
        "flags": message.flags,
        "mentions": [user_json(user) for user in message.pinged],
        "mention_roles": [str(role) for role in message.pinged_roles],
        "content": message.content if readable else "",
        "embeds": [one.json_object() for one in message.embeds] if readable else [],
        "components": _components_json(message) if readable else [],
        "attachments": [attachment_json(one) for one in message.attachments] if readable else [],
    }
    stickers: list[Json] = [
        {"id": str(one.id), "name": one.name, "format_type": _PNG} for one in message.stickers
    ]
    return found | ({"sticker_items": stickers} if stickers else {})


def _components_json(message: Message) -> list[Json]:
    return [_unfurled(one.json_object(), message) for one in message.components]


def _unfurled(value: Json, message: Message) -> Json:
    """Return a part of the components, its pictures and files as Discord tells of them later."""
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        return value
    if isinstance(value, Sequence):
        return [_unfurled(one, message) for one in value]
    found: JsonObject = {name: _unfurled(one, message) for name, one in value.items()}
    for name in ("media", "file"):
        shown = value.get(name)
        if isinstance(shown, Mapping) and isinstance(url := shown.get("url"), str):
            attached = _attached(url, message)
            address = attached.url if attached else url
            number = str(attached.id if attached else message.id)
            found[name] = {**shown, "id": number, "url": address, "proxy_url": address}
            if name == "file":
                content = attached.file.content if attached else b""
                found |= {"name": url.rsplit("/", 1)[-1], "size": len(content)}
    return found


def _attached(url: str, message: Message) -> Attachment | None:
    name = url.removeprefix("attachment://")
    if name == url:
        return None
    return next((one for one in message.attachments if one.file.filename == name), None)


def _type_of(message: Message) -> int:
    used = message.origin.command_kind if message.origin else None
    if used is not None:
        return _COMMAND_ANSWER if used == CommandKind.SLASH else _MENU_ANSWER
    return _REPLY if message.reference and message.forwarded is None else _DEFAULT_MESSAGE


def _relations(message: Message) -> JsonObject:
    found: JsonObject = {}
    if message.reference:
        found["message_reference"] = _reference_json(message)
    if message.reference and message.forwarded is None:
        gone = message.reply_to is None or message.reply_to.deleted
        found["referenced_message"] = (
            None if gone or message.reply_to is None else _quoted_json(message.reply_to)
        )
    if message.author.bot and message.origin:
        found["interaction_metadata"] = origin_json(message.origin)
        found["webhook_id"] = found["application_id"] = str(message.author.id)
    return found


def _quoted_json(message: Message) -> JsonObject:
    found = message_json(message)
    found.pop("referenced_message", None)
    return found


def _reference_json(message: Message) -> JsonObject:
    reference = message.reference
    if reference is None:
        return {}
    found: JsonObject = {
        "type": _REPLIED if message.forwarded is None else _FORWARDED,
        "message_id": str(reference.message_id),
        "channel_id": str(reference.channel_id),
    }
    return found | ({"guild_id": str(reference.server_id)} if reference.server_id else {})


def origin_json(origin: Origin) -> JsonObject:
    """Return which use of the app a message answers."""
    found: JsonObject = {
        "id": str(origin.interaction_id),
        "type": origin.kind,
        "user": user_json(origin.user),
        "authorizing_integration_owners": origin.owners,
    }
    if origin.command:
        found["name"] = origin.command
    if origin.opened_by is not None:
        found["triggering_interaction_metadata"] = origin_json(origin.opened_by)
    elif origin.message_id is not None:
        found["interacted_message_id"] = str(origin.message_id)
    return found


def attachment_json(attachment: Attachment) -> JsonObject:
    """Return a file's description, with the address to fetch it."""
    file = attachment.file
    found: JsonObject = {
        "id": str(attachment.id),
        "filename": file.filename,
        "size": len(file.content),
        "url": attachment.url,
        "proxy_url": attachment.url,
        "content_type": file.content_type,
    }
    return found | ({"description": file.description} if file.description else {})


def interaction_json(world: World, interaction: Interaction) -> JsonObject:
    """Return the data of INTERACTION_CREATE."""
    channel = interaction.channel
    found: JsonObject = {
        "id": str(interaction.id),
        "application_id": str(world.app.id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": channel_json(channel, world.bot),
        "channel_id": str(channel.id),
        "app_permissions": str(int(channel.permissions_of(world.bot))),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": interaction.owners,
        "context": int(interaction.context),
        "attachment_size_limit": ATTACHMENT_LIMIT,
    }
    if interaction.message is not None:
        found["message"] = message_json(interaction.message)
    if channel.server is None:
        return found | {"user": user_json(interaction.user)}
    return found | _in_server(interaction, channel.server)


def _in_server(interaction: Interaction, server: Server) -> JsonObject:
    allowed = interaction.channel.permissions_of(interaction.user)
    member = member_json(server.members[interaction.user.id]) | {"permissions": str(int(allowed))}
    return {
        "guild_id": str(server.id),
        "guild": {"id": str(server.id), "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "member": member,
    }


def callback_json(interaction: Interaction) -> JsonObject:
    """Return the answer to a callback that asked for one."""
    message = interaction.original
    found: JsonObject = {
        "interaction": {
            "id": str(interaction.id),
            "type": int(interaction.kind),
            **({"response_message_id": str(message.id)} if message else {}),
            "response_message_loading": bool(message and message.is_thinking),
            "response_message_ephemeral": bool(message and message.is_ephemeral),
        }
    }
    kind = interaction.acknowledged_by
    # Discord's description knows no resource for the other kinds.
    if message is not None and kind in {CallbackKind.MESSAGE, CallbackKind.UPDATE}:
        found["resource"] = {"type": kind, "message": message_json(message)}
    return found
