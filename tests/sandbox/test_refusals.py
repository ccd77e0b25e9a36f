"""The sandbox refuses what Discord refuses, with Discord's codes."""

from typing import Any

import discord
import pytest

from bot.sandbox import Channel, Interaction, Permission, Person, Sandbox, Server
from tests.sandbox.conftest import living
from tests.sandbox.sample_bot import SampleBot
from tests.sandbox.wire import Wire

BUTTON = {"type": 2, "style": 1, "label": "x"}
V2 = 1 << 15


@pytest.fixture
async def used(wire: Wire, sandbox: Sandbox, anna: Person, general: Channel) -> Interaction:
    """Return a use of a command that nobody has answered."""
    body = [{"name": "ask", "description": "d", "integration_types": [0, 1]}]
    status, _ = await wire.send("PUT", f"/applications/{sandbox.bot.id}/commands", body)
    assert status == 200
    return anna.slash(general, "ask")


def row(*components: object) -> dict[str, object]:
    return {"type": 1, "components": list(components)}


def text(length: int) -> dict[str, object]:
    return {"type": 10, "content": "x" * length}


def menu(count: int, **changes: object) -> dict[str, object]:
    options = [{"label": str(n), "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "m", "options": options, **changes}


UNFIT_MESSAGES = {
    "content": ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    "number": ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
    "embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    "title": ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    "colour": ({"embeds": [{"color": -1}]}, "embeds.0.color", "NUMBER_TYPE_MIN"),
    "all embeds": (
        {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
        "embeds",
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    "unknown component": ({"components": [{"type": 99}]}, "components.0", "UNION_TYPE_CHOICES"),
    "text without the flag": ({"components": [text(5)]}, "components.0", "UNION_TYPE_CHOICES"),
    "six rows": (
        {"components": [row(BUTTON | {"custom_id": str(n)}) for n in range(6)]},
        "components",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "wide row": (
        {"components": [row(menu(2), BUTTON | {"custom_id": "b"})]},
        "components.0",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "label": (
        {"components": [row(BUTTON | {"label": "x" * 81, "custom_id": "a"})]},
        "components.0.components.0.label",
        "BASE_TYPE_MAX_LENGTH",
    ),
    "custom id": (
        {"components": [row(BUTTON | {"custom_id": "x" * 101})]},
        "components.0.components.0.custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "custom id twice": (
        {"components": [row(BUTTON | {"custom_id": "a"}, BUTTON | {"custom_id": "a"})]},
        "components.0.components.1.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "link and custom id": (
        {"components": [row(BUTTON | {"style": 5, "url": "https://a.b", "custom_id": "a"})]},
        "components.0.components.0",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    "scheme": (
        {"components": [row(BUTTON | {"style": 5, "url": "file:///etc"})]},
        "components.0.components.0.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    "options": (
        {"components": [row(menu(26))]},
        "components.0.components.0.options",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "41 components": (
        {"flags": V2, "components": [text(1)] * 39 + [row(BUTTON | {"custom_id": "a"})]},
        "components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "4001 characters": (
        {"flags": V2, "components": [text(3000), text(1001)]},
        "components",
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "content in a layout": (
        {"flags": V2, "content": "x", "components": [text(5)]},
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "mentions": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "unknown reference": (
        {"content": "x", "message_reference": {"message_id": "1"}},
        "message_reference",
        "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
    ),
}


def codes_at(answer: object, path: str) -> list[object]:
    """Return the codes that stand at this path of a form error."""
    node: Any = answer
    for step in ("errors", *path.split("."), "_errors"):
        assert step in node, answer
        node = node[step]
    return [one["code"] for one in node]


@pytest.mark.parametrize("case", UNFIT_MESSAGES)
async def test_an_unfit_message_is_refused_at_its_field(
    wire: Wire, general: Channel, used: Interaction, case: str
) -> None:
    body, path, code = UNFIT_MESSAGES[case]
    status, answer = await wire.send("POST", f"/channels/{general.id}/messages", body)
    assert (status, answer["code"], answer["message"]) == (400, 50035, "Invalid Form Body")
    assert codes_at(answer, path) == [code]
    if "reference" not in case:
        callback = f"/interactions/{used.id}/{used.token}/callback"
        status, answer = await wire.send("POST", callback, {"type": 4, "data": body})
        assert codes_at(answer, f"data.{path}") == [code]


async def test_the_largest_message_is_taken(wire: Wire, general: Channel) -> None:
    path = f"/channels/{general.id}/messages"
    assert (await wire.code("POST", path, {"content": "x" * 2000}))[0] == 200
    layout = {"flags": V2, "components": [text(100)] * 40}
    assert (await wire.code("POST", path, layout))[0] == 200
    rows = [row(BUTTON | {"custom_id": "x" * 100}), row(menu(25))]
    assert (await wire.code("POST", path, {"content": "x", "components": rows}))[0] == 200


async def test_empty_and_unreadable_bodies_are_refused(wire: Wire, general: Channel) -> None:
    path = f"/channels/{general.id}/messages"
    assert await wire.code("POST", path, {"content": ""}) == (400, 50006)
    assert await wire.code("POST", path, []) == (400, 50035)
    address = f"{wire.sandbox.address}/api/v10{path}"
    headers = {"Authorization": f"Bot {wire.sandbox.token}"}
    async with wire.session.post(address, data="{", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50109)


async def test_what_is_not_there_is_not_found(wire: Wire, general: Channel) -> None:
    assert await wire.code("GET", "/nothing") == (404, 0)
    assert await wire.code("PUT", "/users/@me") == (405, 0)
    assert await wire.code("GET", "/users/5") == (404, 10013)
    assert await wire.code("GET", "/guilds/5") == (404, 10004)
    assert await wire.code("GET", "/channels/5") == (404, 10003)
    assert await wire.code("GET", f"/channels/{general.id}/messages/5") == (404, 10008)
    assert general.server is not None
    assert await wire.code("GET", f"/guilds/{general.server.id}/members/5") == (404, 10007)
    commands = f"/applications/{wire.sandbox.bot.id}/commands"
    assert await wire.code("DELETE", f"{commands}/5") == (404, 10063)
    assert await wire.code("POST", "/users/@me/channels", {"recipient_id": "5"}) == (400, 50033)


async def test_a_wrong_token_opens_nothing(wire: Wire) -> None:
    status, answer = await wire.send("GET", "/users/@me", token="wrong")  # noqa: S106
    assert (status, answer) == (401, {"code": 0, "message": "401: Unauthorized"})


async def test_permissions_decide(
    wire: Wire, sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    path = f"/channels/{general.id}/messages"
    said = anna.say(general, "mine")
    reply = {"content": "x", "message_reference": {"message_id": str(said.id)}}
    assert await wire.code("PATCH", f"{path}/{said.id}", {"content": "x"}) == (403, 50005)
    assert await wire.code("DELETE", f"{path}/{said.id}") == (403, 50013)
    general.deny(sandbox.bot, Permission.READ_MESSAGE_HISTORY)
    assert await wire.code("POST", path, reply) == (403, 160002)
    assert await wire.code("GET", f"{path}/{said.id}") == (403, 50013)
    general.deny(server.everyone, Permission.SEND_MESSAGES)
    assert await wire.code("POST", path, {"content": "x"}) == (403, 50013)
    general.deny(sandbox.bot, Permission.VIEW_CHANNEL)
    assert await wire.code("POST", path, {"content": "x"}) == (403, 50001)
    sandbox.remove_bot(server)
    assert await wire.code("GET", f"/channels/{general.id}") == (403, 50001)


async def test_who_blocks_the_bot_gets_nothing(wire: Wire, anna: Person) -> None:
    anna.user.blocks_bot = True
    path = f"/channels/{anna.inbox.id}/messages"
    assert await wire.code("POST", path, {"content": "x"}) == (403, 50007)


async def test_a_callback_is_taken_once(wire: Wire, used: Interaction) -> None:
    assert await wire.answer(used, 4, {"content": "x"}) == (204, None)
    assert await wire.answer(used, 4, {"content": "x"}) == (400, 40060)


async def test_a_callback_after_three_seconds_is_too_late(
    wire: Wire, sandbox: Sandbox, used: Interaction
) -> None:
    sandbox.clock.advance(3.1)
    assert await wire.answer(used, 4, {"content": "x"}) == (404, 10062)


async def test_a_callback_of_the_wrong_kind_is_refused(wire: Wire, used: Interaction) -> None:
    for kind in (1, 6, 7, 8, 99):
        assert await wire.answer(used, kind, {}) == (400, 50035)


async def test_an_interactions_webhook_opens_late_and_closes(
    wire: Wire, sandbox: Sandbox, used: Interaction
) -> None:
    webhook = f"/webhooks/{sandbox.bot.id}/{used.token}"
    more = {"content": "more"}
    assert await wire.code("POST", f"/webhooks/{sandbox.bot.id}/none", more) == (404, 10015)
    assert await wire.code("POST", webhook, more) == (404, 10015)
    assert (await wire.answer(used, 4, {"content": "x"}))[0] == 204
    assert (await wire.code("POST", webhook, more))[0] == 200
    assert await wire.code("PATCH", f"{webhook}/messages/5", more) == (404, 10008)
    assert (await wire.code("DELETE", f"{webhook}/messages/@original"))[0] == 204
    assert await wire.code("GET", f"{webhook}/messages/@original") == (404, 10008)
    sandbox.clock.advance(15 * 60)
    assert await wire.code("POST", webhook, more) == (401, 50027)


async def test_a_personal_app_follows_up_five_times(
    wire: Wire, sandbox: Sandbox, used: Interaction
) -> None:
    assert used.command == "ask"
    elsewhere = sandbox.add_server("Elsewhere", with_bot=False)
    elsewhere.everyone.permissions &= ~Permission.USE_EXTERNAL_APPS
    cleo = sandbox.add_person("cleo", elsewhere)
    cleo.install_app()
    own = cleo.slash(elsewhere.channel("general"), "ask")
    assert (await wire.answer(own, 4, {"content": "x"}))[0] == 204
    # Without the permission for external apps nobody else sees the answer.
    assert (await own.answer()).only_for is cleo.user
    webhook = f"/webhooks/{sandbox.bot.id}/{own.token}"
    found = [await wire.code("POST", webhook, {"content": "x"}) for _ in range(6)]
    assert [status for status, _ in found] == [200] * 5 + [400]
    assert found[5][1] == 40094


async def test_suggestions_are_limited(
    wire: Wire, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    option = {"name": "q", "description": "d", "type": 3, "autocomplete": True}
    body = {"name": "find", "description": "d", "options": [option]}
    await wire.send("POST", f"/applications/{sandbox.bot.id}/commands", body)
    typing = anna.autocomplete(general, "find", q="a")

    async def suggest(count: int, name: int, value: int) -> int:
        one = {"name": "x" * name, "value": "x" * value}
        return (await wire.answer(typing, 8, {"choices": [one] * count}))[0]

    for unfit in ((26, 1, 1), (1, 101, 1), (1, 1, 101)):
        assert await suggest(*unfit) == 400
    assert await suggest(25, 100, 100) == 204


async def test_modals_are_limited(wire: Wire, used: Interaction) -> None:
    field = {"type": 4, "custom_id": "f", "style": 1}
    label = {"type": 18, "label": "l", "component": field}
    good: dict[str, object] = {"custom_id": "m", "title": "t", "components": [label]}
    assert await wire.answer(used, 9, good | {"title": "x" * 46}) == (400, 50035)
    nothing: list[object] = []
    assert await wire.answer(used, 9, good | {"components": nothing}) == (400, 50035)
    assert await wire.answer(used, 9, good | {"components": [label, label]}) == (400, 50035)
    assert await wire.answer(used, 9, good | {"components": [row(BUTTON)]}) == (400, 50035)
    assert (await wire.answer(used, 9, good))[0] == 204


async def test_a_layout_stays_a_layout(
    sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    assert server
    async with living(sandbox, SampleBot()) as bot:

        async def hook(interaction: discord.Interaction[SampleBot]) -> None:
            view = discord.ui.LayoutView().add_item(discord.ui.TextDisplay("card"))
            await interaction.response.send_message(view=view)
            with pytest.raises(discord.HTTPException) as refused:
                await interaction.edit_original_response(content="plain")
            assert refused.value.code == 50035
            await interaction.followup.send("done")

        bot.hooks["hooked"] = hook
        used = anna.slash(general, "hooked")
        assert (await used.followup()).text == "done"
