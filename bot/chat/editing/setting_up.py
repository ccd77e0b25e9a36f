"""Who edits, where moderators are told things, and when it takes two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, get_args

import discord
from discord import ui

from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.numbers import number_in
from bot.chat.editing.parts import TwoPerson
from bot.chat.editing.speaking import Page, change_page, present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Home

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_MOST_ROLES: Final = 10
_TWO: Final[Mapping[TwoPerson, str]] = {
    "treatment": "Two people for everything about treatment (advice is not none)",
    "always": "Two people for every change",
    "never": "One person is enough",
}


async def show(desk: EditingDesk, interaction: Interaction, home: Home) -> None:
    """Show how the home server is set up, with menus to change it."""
    del desk
    await present(interaction, _page(home))


async def set_roles(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Take the roles that were picked for those of the editors."""
    roles = tuple(number_in(one) for one in asked.picked)
    await _keep(desk, interaction, replace(asked.home, editors=roles))


async def set_channel(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Take the channel that was picked for the moderators'; none was picked: there is none."""
    channel = number_in(asked.choice) or None
    await _keep(desk, interaction, replace(asked.home, channel=channel))


async def set_two(desk: EditingDesk, interaction: Interaction, asked: Asked) -> None:
    """Take what was picked for when it takes two."""
    two = next((one for one in _TWO if one == asked.choice), asked.home.two_person)
    await _keep(desk, interaction, replace(asked.home, two_person=two))


async def _keep(desk: EditingDesk, interaction: Interaction, home: Home) -> None:
    await desk.ledger.set_home(home)
    await change_page(interaction, _page(home))


def _page(home: Home) -> Page:
    page = Page("Editing the FAQ")
    roles = ", ".join(f"<@&{role}>" for role in home.editors)
    page.say(f"**Editors:** {roles or 'nobody yet; choose their roles'}")
    page.say(
        "Editors see `/faq` if they may manage this server. To show it to the others, allow "
        "their role to use it in Server Settings, Integrations."
    )
    where = f"<#{home.channel}>" if home.channel else "nowhere; choose a channel"
    page.say(f"**Moderators are told what waits for them in:** {where}")
    page.say(f"**Approval:** {_TWO[home.two_person]}")
    page.row(_roles(home))
    page.row(_channel(home))
    page.row(_two(home))
    return page


def _roles(home: Home) -> ui.RoleSelect[Any]:
    return ui.RoleSelect(
        custom_id=Use(Step.ROLES).custom_id,
        placeholder="Roles whose members edit",
        min_values=0,
        max_values=_MOST_ROLES,
        default_values=[discord.Object(one, type=discord.Role) for one in home.editors],
    )


def _channel(home: Home) -> ui.ChannelSelect[Any]:
    chosen = [home.channel] if home.channel else []
    return ui.ChannelSelect(
        custom_id=Use(Step.CHANNEL).custom_id,
        placeholder="The moderators' channel",
        channel_types=[discord.ChannelType.text],
        min_values=0,
        default_values=[
            discord.Object(one, type=discord.abc.GuildChannel)  # pyright: ignore[reportArgumentType]
            for one in chosen
        ],
    )


def _two(home: Home) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=_TWO[one], value=one, default=one == home.two_person)
        for one in get_args(TwoPerson)
    ]
    return ui.Select(custom_id=Use(Step.TWO).custom_id, options=options)
