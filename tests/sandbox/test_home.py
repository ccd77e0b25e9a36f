"""What a bot asks about itself, its application and its servers, and how that is set up."""

from typing import cast

import pytest

from bot.sandbox import Install, Intents, Permission, Sandbox, Server
from tests.sandbox.wire import Wire

COMMAND: dict[str, object] = {"name": "ask", "description": "d"}
LOCALIZED = COMMAND | {
    "name_localizations": {"de": "frag"},
    "options": [
        {"type": 3, "name": "q", "description": "d", "description_localizations": {"de": "x"}}
    ],
}
LAUNCH = {"name": "launch", "type": 4, "handler": 2}


async def listed(wire: Wire, query: str) -> list[dict[str, object]]:
    status, found = await wire.send("GET", f"/users/@me/guilds{query}")
    assert status == 200
    return cast("list[dict[str, object]]", found)


async def names(wire: Wire, query: str) -> list[object]:
    return [one["name"] for one in await listed(wire, query)]


async def test_an_application_is_as_its_owner_set_it_up(wire: Wire, sandbox: Sandbox) -> None:
    app = sandbox.application
    _, plain = await wire.send("GET", "/applications/@me")
    assert plain["integration_types_config"] == {"0": {}, "1": {}}
    assert (plain["flags"], plain["bot_public"]) == (0, True)
    assert "custom_install_url" not in plain
    sandbox.grant(Intents.MESSAGE_CONTENT | Intents.GUILD_MEMBERS)
    app.public, app.needs_code_grant = False, True
    app.interactions_url, app.install_url = "https://a.example/", "https://b.example/"
    app.in_servers, app.on_accounts = Install(("bot",), Permission.SEND_MESSAGES), None
    _, told = await wire.send("GET", "/oauth2/applications/@me")
    assert (told["flags"], told["flags_new"]) == (0x88000, "557056")
    assert (told["bot_public"], told["bot_require_code_grant"]) == (False, True)
    assert told["interactions_endpoint_url"] == "https://a.example/"
    assert told["custom_install_url"] == "https://b.example/"
    assert told["integration_types_config"] == {
        "0": {"oauth2_install_params": {"scopes": ["bot"], "permissions": "2048"}}
    }


async def test_servers_are_listed_in_pages(wire: Wire, sandbox: Sandbox) -> None:
    first, *_, last = [sandbox.add_server(f"server {number}") for number in range(203)]
    sandbox.add_server("elsewhere", with_bot=False)
    assert len(await listed(wire, "")) == len(await listed(wire, "?limit=500")) == 200
    assert await names(wire, "?limit=1") == ["server 0"]
    assert await names(wire, f"?limit=1&after={first.id}") == ["server 1"]
    assert await names(wire, f"?limit=2&before={last.id}") == ["server 200", "server 201"]


async def test_a_server_is_listed_with_what_its_roles_grant(
    wire: Wire, sandbox: Sandbox, server: Server
) -> None:
    role = sandbox.add_role(server, "admin", Permission.ADMINISTRATOR)
    server.members[sandbox.bot.id].roles.append(role)
    server.everyone.permissions = Permission.VIEW_CHANNEL
    [found] = await listed(wire, "?with_counts=true")
    # Nothing that follows from Administrator, only what was ticked.
    assert found["permissions"] == str(8 + 1024)
    assert found["approximate_member_count"] == 2
    assert server.permissions_of(sandbox.bot) != Permission.ADMINISTRATOR | Permission.VIEW_CHANNEL


@pytest.mark.parametrize("query", ["", "?with_localizations=true"])
async def test_translations_are_listed_for_who_asks(wire: Wire, query: str) -> None:
    path = f"/applications/{wire.sandbox.bot.id}/commands"
    _, made = await wire.send("PUT", path, [LOCALIZED])
    _, found = await wire.send("GET", path + query)
    assert ("name_localizations" in str(found)) is bool(query)
    assert ("description_localizations" in str(found)) is bool(query)
    assert "name_localizations" in str(made)


async def test_the_command_of_an_activity_is_not_left_out(wire: Wire) -> None:
    path = f"/applications/{wire.sandbox.bot.id}/commands"
    _, launch = await wire.send("POST", path, LAUNCH)
    assert (launch["type"], launch["handler"]) == (4, 2)
    assert await wire.code("PUT", path, [COMMAND]) == (400, 50240)
    assert (await wire.send("PUT", path, [COMMAND, LAUNCH]))[0] == 200
    assert (await wire.send("DELETE", f"{path}/{launch['id']}"))[0] == 204
    assert (await wire.send("PUT", path, [COMMAND]))[0] == 200
