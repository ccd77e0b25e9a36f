"""People use the bot in every way there is, and see what it does."""

from collections.abc import Awaitable
from typing import Any

import discord
import pytest

from bot.sandbox import Channel, Clock, Person, Sandbox, Server, Upload
from bot.sandbox.wire.callbacks import CallbackKind
from tests.sandbox.conftest import living
from tests.sandbox.sample_bot import SampleBot

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_slash_command_is_answered_to_one_person_only(
    anna: Person, general: Channel
) -> None:
    answer = await anna.slash(general, "ask", question="what is AHSCT").answer()
    assert answer.text == "asked what is AHSCT"
    assert answer.only_for is anna.user


async def test_a_slash_command_is_answered_in_the_open(anna: Person, general: Channel) -> None:
    answer = await anna.slash(general, "ask", question="what", share=True).answer()
    assert answer.only_for is None
    assert await general.next_message() is answer


async def test_a_subcommand_is_found_by_its_words(anna: Person, general: Channel) -> None:
    answer = await anna.slash(general, "faq edit", entry="ahsct").answer()
    assert answer.text == "editing ahsct"


async def test_typing_brings_suggestions(anna: Person, general: Channel) -> None:
    choices = await anna.autocomplete(general, "ask", question="st").choices()
    assert len(choices) == 25
    assert choices[0].name == "st 0"


async def test_a_card_of_components_shows_its_text_and_numbers_its_parts(
    anna: Person, general: Channel
) -> None:
    card = await anna.slash(general, "card").answer()
    assert card.is_layout
    assert card.text == "an answer\nRelated"
    assert [button.label for button in card.buttons] == ["Edit me", "More on ahsct"]
    assert card.components[0].id == 1


async def test_a_dynamic_button_works_after_a_restart(
    sandbox: Sandbox, bot: SampleBot, anna: Person, general: Channel
) -> None:
    card = await anna.slash(general, "card").answer()
    await bot.close()
    async with living(sandbox, SampleBot()):
        answer = await anna.press(card, "More on ahsct").answer()
    assert answer.text == "entry ahsct"
    assert answer.only_for is anna.user


async def test_a_button_edits_its_message(anna: Person, general: Channel) -> None:
    card = await anna.slash(general, "card").answer()
    pressed = anna.press(card, "Edit me")
    assert await pressed.answer() is card
    assert await pressed.acknowledged() is CallbackKind.UPDATE
    assert card.text.startswith("edited")
    assert card.edited is not None


async def test_a_menu_says_what_was_chosen(anna: Person, general: Channel) -> None:
    card = await anna.slash(general, "card").answer()
    answer = await anna.choose(card, "Risks").answer()
    assert answer.text == "chose Risks"
    assert answer.reply_to is card


async def test_a_modal_is_filled_in_with_a_file(anna: Person, general: Channel) -> None:
    opened = anna.slash(general, "form")
    modal = await opened.modal()
    assert modal.title == "Tell the moderators"
    file = Upload("scan.txt", b"four", "text/plain")
    answer = await anna.submit_modal(opened, {"Question": "why", "File": [file]}).answer()
    assert answer.text == "got why and [4]"


async def test_a_modal_needs_only_what_is_required(anna: Person, general: Channel) -> None:
    opened = anna.slash(general, "form")
    await opened.modal()
    answer = await anna.submit_modal(opened, {"words": "why"}).answer()
    assert answer.text == "got why and []"


async def test_the_menu_of_a_message_shows_the_bot_its_text(
    sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    ben = sandbox.add_person("ben", server)
    asked = ben.say(general, "does it hurt")
    answer = await anna.context_menu(asked, "Answer from the FAQ", general).answer()
    assert answer.text == "read does it hurt"


async def test_the_menu_of_a_person_names_them(
    sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    ben = sandbox.add_person("ben", server)
    answer = await anna.context_menu(ben.user, "Who is this", general).answer()
    assert answer.text == "this is ben"


async def test_a_deferred_answer_is_edited_and_followed_up(anna: Person, general: Channel) -> None:
    used = anna.slash(general, "think")
    assert await used.acknowledged() is CallbackKind.DEFERRED_MESSAGE
    answer = await used.answer()
    assert (answer.text, answer.only_for) == ("thought", anna.user)
    assert (await used.followup()).text == "and more"


async def test_a_command_works_in_a_direct_channel(anna: Person) -> None:
    answer = await anna.slash(anna.inbox, "ask", question="hello").answer()
    assert answer.text == "asked hello"


async def test_an_app_on_ones_own_account_works_where_the_bot_is_not(sandbox: Sandbox) -> None:
    elsewhere = sandbox.add_server("Elsewhere", with_bot=False)
    cleo = sandbox.add_person("cleo", elsewhere)
    dan = sandbox.add_person("dan")
    cleo.install_app()
    in_server = cleo.slash(elsewhere.channel("general"), "ask", question="a", share=True)
    assert in_server.is_personal_only
    assert (await in_server.answer()).text == "asked a"
    between_people = cleo.slash(sandbox.private_channel(cleo, dan), "ask", question="b")
    assert (await between_people.answer()).text == "asked b"


async def test_answers_are_edited_and_taken_back(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    async def hook(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.send_message("first", ephemeral=True)
        followup = await interaction.followup.send("second", wait=True)
        await followup.edit(content="second, better")
        await followup.delete()
        original = await interaction.original_response()
        assert original.content == "first"
        await interaction.delete_original_response()

    bot.hooks["hooked"] = hook
    used = anna.slash(general, "hooked")
    answer = await used.answer()
    await answer.until_deleted()
    assert [message.text for message in used.followups] == ["second, better"]
    assert not general.messages


async def test_a_member_given_as_an_option_is_known(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    async def hook(interaction: discord.Interaction[SampleBot]) -> None:
        who = interaction.namespace.who
        await interaction.response.send_message(f"{who.name} {type(who).__name__}")

    bot.hooks["who"] = hook
    answer = await anna.slash(general, "hooked", who=anna.user).answer()
    assert answer.text == "anna Member"


async def test_an_unanswered_use_has_failed_after_three_seconds(
    bot: SampleBot, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async def silent(_: discord.Interaction[SampleBot]) -> None: ...

    bot.hooks["hooked"] = silent
    used = anna.slash(general, "hooked")
    assert not used.failed(sandbox.clock.now())
    sandbox.clock.advance(3.1)
    assert used.failed(sandbox.clock.now())


def test_a_clock_is_never_turned_back() -> None:
    with pytest.raises(ValueError, match="never"):
        Clock().advance(-1)


async def _code_of(call: Awaitable[object]) -> int:
    with pytest.raises(discord.HTTPException) as refused:
        await call
    return refused.value.code


async def test_the_library_is_refused_by_the_clock_and_the_second_time(
    bot: SampleBot, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    codes: list[int] = []

    async def late(interaction: discord.Interaction[SampleBot]) -> None:
        sandbox.clock.advance(3.1)
        codes.append(await _code_of(interaction.response.send_message("too late")))

    async def twice(interaction: discord.Interaction[SampleBot]) -> None:
        again = discord.InteractionResponse(interaction)
        await interaction.response.send_message("once")
        codes.append(await _code_of(again.send_message("twice")))
        sandbox.clock.advance(15 * 60)
        codes.append(await _code_of(interaction.edit_original_response(content="much later")))
        await general_of(interaction).send("done")

    bot.hooks["hooked"] = late
    anna.slash(general, "hooked")
    await sandbox.requests.until("POST", "/interactions/*/callback")
    bot.hooks["hooked"] = twice
    anna.slash(general, "hooked")
    assert (await general.next_message()).text == "once"
    assert (await general.next_message()).text == "done"
    assert codes == [10062, 40060, 50027]


def general_of(interaction: discord.Interaction[SampleBot]) -> discord.TextChannel:
    assert isinstance(interaction.channel, discord.TextChannel)
    return interaction.channel


async def test_a_modal_from_a_button_may_change_the_message(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    class Rename(discord.ui.Modal, title="Rename"):
        name = discord.ui.Label[Any](text="Name", component=discord.ui.TextInput[Any]())

        async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
            assert isinstance(self.name.component, discord.ui.TextInput)
            await interaction.response.edit_message(content=self.name.component.value)

    async def show(interaction: discord.Interaction[SampleBot]) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Rename", custom_id="rename"))
        await interaction.response.send_message("old", view=view)

    async def rename(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.send_modal(Rename())

    bot.hooks |= {"hooked": show, "rename": rename}
    shown = await anna.slash(general, "hooked").answer()
    pressed = anna.press(shown, "Rename")
    await pressed.modal()
    assert await anna.submit_modal(pressed, {"Name": "new"}).answer() is shown
    assert shown.text == "new"


async def test_a_deferred_press_is_finished_by_an_edit(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    async def press(interaction: discord.Interaction[SampleBot]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="done", view=None)

    async def show(interaction: discord.Interaction[SampleBot]) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.UserSelect[Any](custom_id="who"))
        await interaction.response.send_message("old", view=view)

    bot.hooks |= {"hooked": show, "who": press}
    shown = await anna.slash(general, "hooked").answer()
    chosen = anna.choose(shown, anna.user)
    assert await chosen.acknowledged() is CallbackKind.DEFERRED_UPDATE
    assert await chosen.answer() is shown
    assert (shown.text, shown.components) == ("done", ())
