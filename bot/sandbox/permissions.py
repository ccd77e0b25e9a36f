"""Who may do what in a channel."""

from enum import IntFlag


class Permission(IntFlag):
    """The permissions the sandbox looks at, with Discord's numbers."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_SERVER = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


ORDINARY = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)
"""What everyone may do in a new server."""

EVERYTHING = ~Permission.NONE
"""What the owner of a server may do."""
