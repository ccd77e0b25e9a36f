"""A person in the sandbox can do what a person can do in Discord's own app, and no more."""

import discord
import pytest

from bot.sandbox import CannotDoError, Channel, Permission, Person, Sandbox, Server, Upload
from tests.sandbox.sample_bot import SampleBot

pytestmark = pytest.mark.usefixtures("bot")


async def test_options_must_fit(anna: Person, general: Channel) -> None:
    for options in ({}, {"question": 5}, {"question": "x", "other": "y"}, {"question": "x" * 6001}):
        with pytest.raises(CannotDoError):
            anna.slash(general, "ask", **options)
    with pytest.raises(CannotDoError, match="required"):
        anna.slash(general, "ask", share=True)
    with pytest.raises(CannotDoError, match="suggests nothing"):
        anna.autocomplete(general, "ask", share=True)


async def test_commands_must_be_there(sandbox: Sandbox, anna: Person, general: Channel) -> None:
    for command in ("nothing", "faq", "faq nothing"):
        with pytest.raises(CannotDoError):
            anna.slash(general, command)
    with pytest.raises(CannotDoError):
        sandbox.add_person("stranger").slash(general, "ask", question="x")
    elsewhere = sandbox.add_server("Elsewhere", with_bot=False)
    anna.join(elsewhere)
    with pytest.raises(CannotDoError):
        anna.slash(elsewhere.channel("general"), "ask", question="x")


async def test_permissions_hide_commands_and_hinder_talk(
    server: Server, anna: Person, general: Channel
) -> None:
    general.deny(server.everyone, Permission.USE_APPLICATION_COMMANDS)
    with pytest.raises(CannotDoError):
        anna.slash(general, "ask", question="x")
    general.deny(anna.user, Permission.SEND_MESSAGES)
    with pytest.raises(CannotDoError):
        anna.say(general, "hello")
    general.allow(anna.user, Permission.SEND_MESSAGES)
    anna.say(general, "hello")
    anna.leave(server)
    with pytest.raises(CannotDoError):
        anna.say(general, "hello")


async def test_others_messages_are_theirs(
    sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    ben = sandbox.add_person("ben", server)
    said = ben.say(general, "mine")
    with pytest.raises(CannotDoError):
        anna.edit(said, "yours")
    with pytest.raises(CannotDoError):
        anna.delete(said)
    sandbox.owner_of(server).delete(said)
    assert said.deleted


async def test_private_answers_are_pressed_by_their_owner_only(
    sandbox: Sandbox, bot: SampleBot, server: Server, anna: Person, general: Channel
) -> None:
    async def hook(interaction: discord.Interaction[SampleBot]) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Old", disabled=True, custom_id="old"))
        view.add_item(discord.ui.Button(label="Read", url="https://example.org"))
        view.add_item(discord.ui.Button(label="Go", custom_id="go"))
        await interaction.response.send_message("x", view=view, ephemeral=True)

    bot.hooks["hooked"] = hook
    answer = await anna.slash(general, "hooked").answer()
    ben = sandbox.add_person("ben", server)
    for person, button in ((ben, "Go"), (anna, "Old"), (anna, "Read"), (anna, "Nothing")):
        with pytest.raises(CannotDoError):
            person.press(answer, button)
    with pytest.raises(CannotDoError):
        anna.choose(answer, "x")


async def test_menus_offer_what_they_offer(anna: Person, general: Channel) -> None:
    card = await anna.slash(general, "card").answer()
    for picked in ((), ("Nothing",), ("Basics", "Risks")):
        with pytest.raises(CannotDoError):
            anna.choose(card, *picked)


async def test_modals_are_filled_in_as_they_ask(
    sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    opened = anna.slash(general, "form")
    with pytest.raises(CannotDoError, match="no modal"):
        anna.submit_modal(opened, {})
    await opened.modal()
    files = [Upload("a", b"a")] * 2
    for answers in ({}, {"words": "x" * 201}, {"words": "x", "other": "y"}):
        with pytest.raises(CannotDoError):
            anna.submit_modal(opened, answers)
    with pytest.raises(CannotDoError, match="does not take 2"):
        anna.submit_modal(opened, {"words": "x", "File": files})
    with pytest.raises(CannotDoError):
        sandbox.add_person("ben", server).submit_modal(opened, {"words": "x"})
