"""Commands are registered, changed and removed, and refused where Discord refuses them."""

import pytest

from bot.sandbox import CannotDoError, Channel, Person, Server
from tests.sandbox.wire import Wire

COMMAND: dict[str, object] = {"name": "ask", "description": "d"}
OPTION: dict[str, object] = {"name": "q", "description": "d", "type": 3}
UNFIT_COMMANDS = {
    "upper case": COMMAND | {"name": "Ask"},
    "long name": COMMAND | {"name": "x" * 33},
    "no description": {"name": "ask"},
    "long description": COMMAND | {"description": "x" * 101},
    "menu with description": COMMAND | {"type": 3},
    "26 options": COMMAND | {"options": [OPTION | {"name": f"q{n}"} for n in range(26)]},
    "same option": COMMAND | {"options": [OPTION, OPTION]},
    "required last": COMMAND | {"options": [OPTION, OPTION | {"name": "r", "required": True}]},
    "choices and autocomplete": COMMAND
    | {"options": [OPTION | {"autocomplete": True, "choices": [{"name": "a", "value": "a"}]}]},
    "too large": COMMAND
    | {
        "options": [
            OPTION | {"choices": [{"name": f"{n}", "value": f"{n}" + "x" * 5000} for n in range(2)]}
        ]
    },
    "context": COMMAND | {"contexts": [3]},
}


@pytest.mark.parametrize("case", UNFIT_COMMANDS)
async def test_an_unfit_command_is_refused(wire: Wire, case: str) -> None:
    path = f"/applications/{wire.sandbox.bot.id}/commands"
    assert await wire.code("POST", path, UNFIT_COMMANDS[case]) == (400, 50035)
    assert await wire.code("PUT", path, [UNFIT_COMMANDS[case]]) == (400, 50035)


async def test_commands_are_counted_and_unique(wire: Wire) -> None:
    path = f"/applications/{wire.sandbox.bot.id}/commands"
    many = [COMMAND | {"name": f"c{n}"} for n in range(101)]
    assert await wire.code("PUT", path, many) == (400, 30032)
    assert await wire.code("PUT", path, [COMMAND, COMMAND]) == (400, 50035)
    menus = [{"name": f"Menu {n}", "type": 3} for n in range(15)]
    assert (await wire.send("PUT", path, [*many[:100], *menus]))[0] == 200
    assert await wire.code("POST", path, {"name": "One more", "type": 3}) == (400, 30032)
    assert (await wire.code("POST", path, menus[0]))[0] == 200


async def test_commands_are_registered_changed_and_removed(wire: Wire, server: Server) -> None:
    base = f"/applications/{wire.sandbox.bot.id}/guilds/{server.id}/commands"
    _, made = await wire.send("POST", base, COMMAND)
    one = f"{base}/{made['id']}"
    _, same = await wire.send("POST", base, COMMAND)
    assert (same["id"], same["version"]) == (made["id"], made["version"])
    _, changed = await wire.send("PATCH", one, {"description": "better"})
    assert (await wire.send("GET", one))[1]["description"] == changed["description"] == "better"
    assert (await wire.send("DELETE", one))[0] == 204
    assert await wire.code("GET", one) == (404, 10063)


async def test_a_command_is_shown_only_where_it_belongs(
    wire: Wire, anna: Person, general: Channel
) -> None:
    path = f"/applications/{wire.sandbox.bot.id}/commands"
    here, private = COMMAND | {"contexts": [0]}, COMMAND | {"name": "private", "contexts": [1]}
    owners = COMMAND | {"name": "set-up", "default_member_permissions": 8}
    assert (await wire.send("PUT", path, [here, private, owners]))[0] == 200
    anna.slash(general, "ask")
    anna.slash(anna.inbox, "private")
    for channel, name in ((anna.inbox, "ask"), (general, "private"), (general, "set-up")):
        with pytest.raises(CannotDoError):
            anna.slash(channel, name)
