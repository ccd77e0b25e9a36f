"""Registering application commands."""

from typing import cast

from bot.sandbox import errors
from bot.sandbox.payloads import command_json, unlocalized
from bot.sandbox.places import Server
from bot.sandbox.rest.door import Call, Route
from bot.sandbox.shapes import Json, JsonObject
from bot.sandbox.wire.commands import (
    MOST,
    CommandBody,
    CommandKind,
    command_rules,
    duplicate_commands,
)
from bot.sandbox.wire.forms import read, read_many
from bot.sandbox.world import Command, World


class CommandRoutes:
    """What a bot may do with its commands, everywhere and in one server."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return every address."""
        found: list[Route] = []
        for start in ("/applications/{app}", "/applications/{app}/guilds/{server}"):
            all_, one = f"{start}/commands", f"{start}/commands/{{command}}"
            found += [
                Route("GET", all_, self._list),
                Route("PUT", all_, self._overwrite),
                Route("POST", all_, self._create),
                Route("GET", one, self._find),
                Route("PATCH", one, self._edit),
                Route("DELETE", one, self._delete),
            ]
        return found

    def _list(self, call: Call) -> Json:
        found = self._all(self._server(call))
        return found if call.asks("with_localizations") else [unlocalized(one) for one in found]

    def _overwrite(self, call: Call) -> Json:
        server = self._server(call)
        bodies = read_many(CommandBody, call.parcel.body, command_rules)
        problems = tuple(duplicate_commands(bodies))
        if problems:
            raise errors.invalid_form(problems)
        for kind, most in MOST.items():
            if sum(body.type == kind for body in bodies) > most:
                raise errors.too_many_commands(most)
        before = {(one.body.type, one.body.name): one for one in self._known(server)}
        kinds = {body.type for body in bodies}
        if CommandKind.ENTRY_POINT in {kind for kind, _ in before} - kinds:
            raise errors.entry_point_left_out()
        for one in before.values():
            del self._world.commands[one.id]
        for body in bodies:
            self._put(body, server, before.get((body.type, body.name)))
        return self._all(server)

    def _create(self, call: Call) -> Json:
        server = self._server(call)
        body = read(CommandBody, call.parcel.body, command_rules)
        same = [one for one in self._known(server) if one.body.type is body.type]
        before = next((one for one in same if one.body.name == body.name), None)
        most = MOST[body.type]
        if before is None and len(same) >= most:
            raise errors.too_many_commands(most)
        return command_json(self._world, self._put(body, server, before))

    def _find(self, call: Call) -> Json:
        return command_json(self._world, self._one(call))

    def _edit(self, call: Call) -> Json:
        before = self._one(call)
        sent = call.parcel.body
        changes = cast("dict[str, object]", sent) if isinstance(sent, dict) else {}
        body = read(CommandBody, {**before.body.json_object(), **changes}, command_rules)
        return command_json(self._world, self._put(body, before.server, before))

    def _delete(self, call: Call) -> Json:
        del self._world.commands[self._one(call).id]
        return None

    def _put(self, body: CommandBody, server: Server | None, before: Command | None) -> Command:
        """Register a command; one that has not changed keeps its version."""
        version = self._world.ids.next()
        if before is not None and before.body == body:
            version = before.version
        number = before.id if before else self._world.ids.next()
        command = Command(number, version, body, server)
        self._world.commands[number] = command
        return command

    def _known(self, server: Server | None) -> list[Command]:
        return [one for one in self._world.commands.values() if one.server is server]

    def _all(self, server: Server | None) -> list[JsonObject]:
        return [command_json(self._world, one) for one in self._known(server)]

    def _one(self, call: Call) -> Command:
        command = self._world.commands.get(call.id("command"))
        if command is None or command.server is not self._server(call):
            raise errors.unknown_command()
        return command

    def _server(self, call: Call) -> Server | None:
        if call.id("app") != self._world.app.id:
            raise errors.missing_access()
        return self._world.server(call.id("server")) if "server" in call.names else None
