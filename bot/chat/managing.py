"""`/settings`: how the bot behaves in a server, for members who may manage it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import app_commands, ui

from bot.chat.cards import Card
from bot.chat.editing.forms import picked_in
from bot.chat.feedback.parts import KeepingError
from bot.chat.given import LONGEST
from bot.chat.showing import replace as put_in_place
from bot.chat.showing import show, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.client import FaqClient
    from bot.chat.house import House, HouseKeeper

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_ID: Final = re.compile(r"house:(channels|country|cooldown|open|feedback|inbox)(?::(yes|no))?")
_MOST_CHANNELS: Final = 25
_AS_IN_THE_FAQ: Final = "none"
_COOLDOWNS: Final[Mapping[int, str]] = {
    0: "At once, however often it is asked for",
    30: "After 30 seconds",
    60: "After 1 minute",
    300: "After 5 minutes",
    900: "After 15 minutes",
    LONGEST: "After 1 hour",
}
_SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "open": ("open_by_default", "Answers to commands are open"),
    "feedback": ("feedback", "Answers ask if they were helpful"),
    "inbox": ("inbox", "Questions can be sent to the moderators"),
}
_CHANNELS: Final = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
)
_EVERYWHERE: Final = (
    "Whoever seems to be in danger gets help everywhere, and commands work everywhere. A thread "
    "counts as a channel of its own."
)
_NO_MANAGER: Final = (
    "How I behave here is set by members who may manage this server. Ask one of them to use "
    "/settings."
)
_NOT_A_MEMBER: Final = (
    "I am not a member of this server: you brought me along on your own account. Settings are for "
    "servers I was added to."
)
_OFF: Final = "This bot keeps no settings: it runs without a database."
_NOT_KEPT: Final = (
    "My database does not answer, so nothing was changed. Please try again in a minute; if it "
    "keeps happening, tell whoever runs the bot."
)


def settings_command() -> app_commands.Command[Any, ..., None]:
    """Return the command. That members do not see it is display; who may use it is asked anew."""

    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(interaction: Interaction) -> None:
        await interaction.client.attend(interaction, _open(interaction))

    return app_commands.Command(
        name="settings", description="How I behave in this server", callback=settings
    )


def is_managing(custom_id: str) -> bool:
    """Whether a custom id is one of the settings."""
    return _ID.fullmatch(custom_id) is not None


async def manage(interaction: Interaction, custom_id: str) -> None:
    """Change what was pressed or picked, if whoever did it may manage the server."""
    found = _ID.fullmatch(custom_id)
    keeper, server = await _admitted(interaction)
    if found is None or keeper is None or server is None:
        return
    house = _changed(await keeper.get(server), found[1], found[2], picked_in(interaction))
    try:
        await keeper.set(server, house)
    except KeepingError:
        await tell(interaction, _NOT_KEPT)
    else:
        await put_in_place(interaction, _card(interaction, house))


async def _open(interaction: Interaction) -> None:
    keeper, server = await _admitted(interaction)
    if keeper is not None and server is not None:
        await show(interaction, _card(interaction, await keeper.get(server)))


async def _admitted(interaction: Interaction) -> tuple[HouseKeeper | None, int | None]:
    """Return where the settings are kept, and of which server; None if this was refused."""
    keeper, server = interaction.client.house_keeper, interaction.guild_id
    why = None
    if keeper is None:
        why = _OFF
    elif server is None or not interaction.is_guild_integration():
        why = _NOT_A_MEMBER
    elif not interaction.permissions.manage_guild:
        why = _NO_MANAGER
    if why is not None:
        await tell(interaction, why)
        return None, None
    return keeper, server


def _changed(house: House, what: str, to: str | None, picked: tuple[str, ...]) -> House:
    match what:
        case "channels":
            channels = (int(one) for one in picked[:_MOST_CHANNELS] if one.isdigit())
            return replace(house, mentions_in=tuple(channels))
        case "country":
            country = next(iter(picked), _AS_IN_THE_FAQ)
            return replace(house, country=None if country == _AS_IN_THE_FAQ else country)
        case "cooldown":
            seconds = next((int(one) for one in picked if one.isdigit()), 0)
            return replace(house, cooldown=min(seconds, LONGEST))
        case _:
            return replace(house, **{_SWITCHES[what][0]: to == "yes"})


def _card(interaction: Interaction, house: House) -> Card:
    countries = interaction.client.desk.talk.countries
    frame = [
        ui.TextDisplay[Any]("## How I behave in this server"),
        ui.TextDisplay[Any]("\n".join(f"- {line}" for line in _told(house, countries))),
    ]
    rows: list[ui.Item[Any]] = [
        *_asked("Where mentions are answered (none chosen: everywhere)", _channels(house)),
        *_asked("Whose help lines come first in a crisis", _countries(house, countries)),
        *_asked("The same answer again in the same channel", _cooldowns(house)),
    ]
    for name, (field, told) in _SWITCHES.items():
        is_on: bool = getattr(house, field)
        label = f"{told}: {'yes' if is_on else 'no'}. Change to {'no' if is_on else 'yes'}"
        custom_id = f"house:{name}:{'no' if is_on else 'yes'}"
        rows.append(ui.ActionRow[Any](ui.Button(label=label, custom_id=custom_id)))
    return Card(frame, rows)


def _told(house: House, countries: Mapping[str, str]) -> list[str]:
    where = ", ".join(f"<#{one}>" for one in house.mentions_in)
    answered = f"in {where} only" if where else "in every channel"
    seen = "all, unless they are asked for in private" if house.open_by_default else "one member"
    country = countries.get(house.country or "")
    first = f"{country} first" if country else "as in the FAQ"
    again = _COOLDOWNS.get(house.cooldown, f"after {house.cooldown} seconds").lower()
    ask = "ask" if house.feedback else "do not ask"
    can = "can" if house.inbox else "cannot"
    return [
        f"Mentions are answered {answered}. {_EVERYWHERE}",
        f"Answers to commands are seen by {seen}. Help in danger is always private there.",
        f"Help lines: {first}.",
        f"The same answer is given again in a channel: {again}.",
        f"Answers {ask} if they were helpful.",
        f"Questions without an answer {can} be sent to the people who look after the FAQ.",
    ]


def _asked(heading: str, menu: ui.Item[Any]) -> list[ui.Item[Any]]:
    return [ui.TextDisplay[Any](f"**{heading}**"), ui.ActionRow[Any](menu)]


def _channels(house: House) -> ui.ChannelSelect[Any]:
    return ui.ChannelSelect(
        custom_id="house:channels",
        channel_types=list(_CHANNELS),
        placeholder="Every channel",
        min_values=0,
        max_values=_MOST_CHANNELS,
        default_values=[discord.Object(one) for one in house.mentions_in],
    )


def _countries(house: House, countries: Mapping[str, str]) -> ui.Select[Any]:
    options = [(_AS_IN_THE_FAQ, "In the order of the FAQ"), *countries.items()]
    return _menu("house:country", options, house.country or _AS_IN_THE_FAQ)


def _cooldowns(house: House) -> ui.Select[Any]:
    options = [(str(seconds), told) for seconds, told in _COOLDOWNS.items()]
    return _menu("house:cooldown", options, str(house.cooldown))


def _menu(custom_id: str, options: list[tuple[str, str]], now: str) -> ui.Select[Any]:
    return ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(label=told, value=value, default=value == now)
            for value, told in options
        ],
    )
