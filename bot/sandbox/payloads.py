"""People and places in Discord's JSON."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.sandbox.gateway.intents import Intents
from bot.sandbox.places import Channel, Member, Role, Server
from bot.sandbox.shapes import Json, JsonObject
from bot.sandbox.snowflakes import began, timestamp
from bot.sandbox.users import User
from bot.sandbox.world import Application, Command, Install, World

_PLAIN_APPLICATION: Final[JsonObject] = {
    "icon": None,
    "description": "",
    "type": None,
    "verify_key": "0" * 64,
    "team": None,
    "redirect_uris": [],
    "role_connections_verification_url": None,
    "approximate_guild_count": 0,
    "approximate_user_install_count": 0,
    "approximate_user_authorization_count": 0,
    "explicit_content_filter": 0,
    "eligible_oauth2_scopes": [],
}
"""What the sandbox's application has in common with every other."""

_INTENT_FLAGS: Final = {
    Intents.GUILD_PRESENCES: 1 << 13,
    Intents.GUILD_MEMBERS: 1 << 15,
    Intents.MESSAGE_CONTENT: 1 << 19,
}
"""A privileged intent → how a small application's flags say that it is granted."""

_PLAIN_SERVER: Final[JsonObject] = {
    "icon": None,
    "splash": None,
    "banner": None,
    "description": None,
    "discovery_splash": None,
    "region": "eu",
    "afk_channel_id": None,
    "afk_timeout": 300,
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw": False,
    "nsfw_level": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "preferred_locale": "en-US",
    "system_channel_id": None,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "safety_alerts_channel_id": None,
    "widget_enabled": False,
    "widget_channel_id": None,
    "vanity_url_code": None,
    "application_id": None,
    "home_header": None,
    "max_members": 500_000,
    "max_presences": None,
    "max_video_channel_users": 25,
    "max_stage_video_channel_users": 50,
    "features": [],
    "emojis": [],
    "stickers": [],
    "incidents_data": None,
}
"""A server in which nothing was set up."""


def user_json(user: User) -> JsonObject:
    """Return a user as everybody sees them."""
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": user.name,
        "avatar": None,
        "bot": user.bot,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
    }


def own_user_json(user: User) -> JsonObject:
    """Return the bot's user as it sees itself."""
    return user_json(user) | {"mfa_enabled": False, "locale": "en-US", "verified": True}


def application_json(app: Application, bot: User) -> JsonObject:
    """Return the application as its own bot sees it."""
    flags = sum(flag for intent, flag in _INTENT_FLAGS.items() if intent in app.granted)
    found: JsonObject = {
        **_PLAIN_APPLICATION,
        "id": str(app.id),
        "name": app.name,
        "bot": user_json(bot),
        "owner": user_json(app.owner),
        "bot_public": app.public,
        "bot_require_code_grant": app.needs_code_grant,
        "flags": flags,
        "flags_new": str(flags),
        "interactions_endpoint_url": app.interactions_url,
        "integration_types_config": {
            kind: _install_json(install)
            for kind, install in (("0", app.in_servers), ("1", app.on_accounts))
            if install is not None
        },
    }
    return found | ({"custom_install_url": app.install_url} if app.install_url else {})


def _install_json(install: Install) -> JsonObject:
    if not install.scopes:
        return {}
    permissions = str(int(install.permissions))
    return {"oauth2_install_params": {"scopes": [*install.scopes], "permissions": permissions}}


def role_json(role: Role) -> JsonObject:
    """Return a role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(int(role.permissions)),
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member_json(member: Member, *, with_user: bool = True) -> JsonObject:
    """Return somebody's place in a server."""
    found: JsonObject = {
        "avatar": None,
        "banner": None,
        "nick": None,
        "roles": [str(role.id) for role in member.roles],
        "joined_at": timestamp(member.joined),
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "flags": 0,
        "deaf": False,
        "mute": False,
    }
    return found | {"user": user_json(member.user)} if with_user else found


def channel_json(channel: Channel, viewer: User | None = None) -> JsonObject:
    """Return a channel; a direct one shows the others to its viewer."""
    found: JsonObject = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "last_message_id": str(max(channel.messages)) if channel.messages else None,
        "flags": 0,
    }
    if channel.server is None:
        others = [user_json(one) for one in channel.people if one is not viewer]
        return found | {"recipients": others}
    found |= {"guild_id": str(channel.server.id), "name": channel.name}
    if channel.parent is not None:
        return found | _thread_json(channel, channel.parent, channel.server)
    return found | {
        "topic": None,
        "nsfw": False,
        "position": 0,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": _overwrites_json(channel, channel.server),
    }


def _thread_json(thread: Channel, parent: Channel, server: Server) -> JsonObject:
    count = len(thread.messages)
    return {
        "parent_id": str(parent.id),
        "owner_id": str(server.owner.id),
        "rate_limit_per_user": 0,
        "message_count": count,
        "member_count": 1,
        "total_message_sent": count,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": timestamp(began(thread.id)),
            "auto_archive_duration": 1440,
            "locked": False,
        },
    }


def _overwrites_json(channel: Channel, server: Server) -> list[JsonObject]:
    return [
        {
            "id": str(target),
            "type": 0 if target in server.roles else 1,
            "allow": str(int(one.allow)),
            "deny": str(int(one.deny)),
        }
        for target, one in channel.overwrites.items()
    ]


def server_json(server: Server) -> JsonObject:
    """Return a server as the gateway and the REST side share it."""
    return {
        **_PLAIN_SERVER,
        "id": str(server.id),
        "name": server.name,
        "owner_id": str(server.owner.id),
        "roles": [role_json(role) for role in server.roles.values()],
    }


def own_server_json(server: Server, bot: User, *, counted: bool) -> JsonObject:
    """Return one of the bot's servers as it lists them."""
    found: JsonObject = {
        "id": str(server.id),
        "name": server.name,
        "icon": None,
        "banner": None,
        "owner": server.owner is bot,
        "permissions": str(int(server.granted_to(bot))),
        "features": [],
    }
    if not counted:
        return found
    return found | {
        "approximate_member_count": len(server.members),
        "approximate_presence_count": len(server.members),
    }


def server_arrives_json(server: Server, bot: User) -> JsonObject:
    """Return the data of GUILD_CREATE."""
    return server_json(server) | {
        "joined_at": timestamp(server.members[bot.id].joined),
        "large": False,
        "member_count": len(server.members),
        # Without the members intent the bot is told of itself only.
        "members": [member_json(server.members[bot.id])],
        "channels": [channel_json(channel) for channel in server.channels.values()],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def command_json(world: World, command: Command) -> JsonObject:
    """Return a registered command."""
    body = command.body
    found = body.json_object() | {
        "id": str(command.id),
        "application_id": str(world.app.id),
        "version": str(command.version),
        "default_member_permissions": None
        if body.default_member_permissions is None
        else str(body.default_member_permissions),
    }
    if command.server is not None:
        return found | {"guild_id": str(command.server.id)}
    return found | {
        "integration_types": list(body.integration_types or (0,)),
        "contexts": None if body.contexts is None else list(body.contexts),
    }


def unlocalized(found: Json) -> Json:
    """Return commands as they are listed for whom one language is enough."""
    if isinstance(found, Mapping):
        return {
            name: unlocalized(value)
            for name, value in found.items()
            if name not in {"name_localizations", "description_localizations"}
        }
    if isinstance(found, Sequence) and not isinstance(found, str):
        return [unlocalized(one) for one in found]
    return found
