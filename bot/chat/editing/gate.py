"""Who may edit: asked anew at every command, press and form, of what Discord sends with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.chat.editing.parts import LedgerError

if TYPE_CHECKING:
    from bot.chat.editing.parts import Home, Ledger

OFF: Final = (
    "Editing in Discord is off. Whoever runs the bot turns it on: set HOME_GUILD_ID to the number "
    "of the server whose moderators look after the FAQ, and start the bot anew."
)
_ELSEWHERE: Final = (
    "The FAQ is the same in every server, so it is edited in one server only: that of the people "
    "who look after it. What you may do here does not change that. To have something changed, "
    "tell them; /about says who they are."
)
_NOT_SET_UP: Final = (
    "Nobody may edit yet: somebody who may manage this server has to choose the editors' roles "
    "with `/faq setup`."
)
_NO_MANAGER: Final = (
    "Who edits is set up by members who may manage this server. Ask one of them to use "
    "`/faq setup`."
)
_NOT_NOW: Final = (
    "I cannot look up who may edit just now, so nothing was done. Please try again in a minute; "
    "if it keeps happening, tell whoever runs the bot that its database does not answer."
)
_WITHIN: Final = 2.0
"""Seconds to find out: Discord waits three for an answer."""


class RefusedError(Exception):
    """Somebody may not do this; the text tells them why, and what to do."""


class Gate:
    """Lets in the editors of one server, and nobody of any other."""

    def __init__(self, home_guild: int | None, ledger: Ledger, within: float = _WITHIN) -> None:
        self.home_guild = home_guild
        self._ledger = ledger
        self._within = within

    async def editors(self, interaction: discord.Interaction[Any]) -> Home:
        """Return how the home server is set up, if this is one of its editors.

        Raises:
            RefusedError: if not.

        """
        self._refuse_elsewhere(interaction)
        home = await self._home()
        if not home.editors:
            raise RefusedError(_NOT_SET_UP)
        if _roles(interaction).isdisjoint(home.editors):
            roles = ", ".join(f"<@&{role}>" for role in home.editors)
            raise RefusedError(
                f"Only members with one of these roles edit the FAQ: {roles}. You have none of "
                "them now. Ask somebody who may manage this server for one."
            )
        return home

    async def managers(self, interaction: discord.Interaction[Any]) -> Home:
        """Return the same if this is somebody who may manage the home server.

        Raises:
            RefusedError: if not.

        """
        self._refuse_elsewhere(interaction)
        if not interaction.permissions.manage_guild:
            raise RefusedError(_NO_MANAGER)
        return await self._home()

    def _refuse_elsewhere(self, interaction: discord.Interaction[Any]) -> None:
        if self.home_guild is None:
            raise RefusedError(OFF)
        if interaction.guild_id != self.home_guild:
            raise RefusedError(_ELSEWHERE)

    async def _home(self) -> Home:
        try:
            return await asyncio.wait_for(self._ledger.home(), self._within)
        except (LedgerError, TimeoutError):
            raise RefusedError(_NOT_NOW) from None


def _roles(interaction: discord.Interaction[Any]) -> frozenset[int]:
    user = interaction.user
    if not isinstance(user, discord.Member):
        return frozenset()
    # The numbers are what Discord sent with this very interaction, and the library has them nowhere
    # public: `Member.roles` and `get_role` name only roles of servers it keeps in memory, which
    # takes the GUILDS intent, and asking Discord for the member or for the server's roles takes a
    # request at each press and leads to the same two. A test tells when that changes.
    return frozenset(user._roles)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
