"""What a bot asks to be told."""

from enum import IntFlag


class Intents(IntFlag):
    """The intents that decide about an event of the sandbox, with Discord's numbers."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES | Intents.MESSAGE_CONTENT
HIGHEST = (1 << 26) - 1
"""Discord closes the connection of who asks for intents that do not exist."""
