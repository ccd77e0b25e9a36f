"""What the bot asks for when somebody adds it: the least that works, and never more."""

from __future__ import annotations

from typing import Final

from discord import Permissions
from discord.utils import oauth_url

NEEDED_WORDS: Final = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
}
"""Every permission the bot needs in a server → what Discord calls it there."""

NEEDED: Final = Permissions(**dict.fromkeys(NEEDED_WORDS, True))
"""The same, as Discord counts permissions."""

SCOPES: Final = ("bot", "applications.commands")
"""What a server lets in: the bot itself, and its commands."""


def invite_link(application_id: int) -> str:
    """Return the address where the manager of a server adds the bot with the least permissions."""
    return oauth_url(application_id, permissions=NEEDED, scopes=SCOPES)
