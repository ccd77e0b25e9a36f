"""Where the gallery is played: a server in the sandbox, the people in it, and the real bot."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.chat.editing.parts import Home
from bot.chat.service import serve
from bot.keeping import keeping
from bot.ledger import StoredLedger
from bot.library import LiveLibrary
from bot.sandbox import GatewayRules, Permission, Sandbox
from bot.sandbox.drawing import draw_message
from bot.sandbox.library import point_discord_py_at
from bot.serving import client_maker, editing_desk

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.content.live import LiveFaq
    from bot.keeping import Keeping
    from bot.sandbox import Channel, Message, Person, Server
    from bot.sandbox.users import User


@dataclass(frozen=True)
class Scene:
    """What the examples are made with."""

    live: LiveFaq
    kept: Keeping
    bot: User
    general: Channel
    moderators: Channel
    anna: Person
    """A member."""
    owner: Person
    """Who may manage the server."""
    erin: Person
    edda: Person
    """Two editors."""
    names: dict[int, str]
    """What the numbers in mentions are called."""

    def drawn(self, *messages: Message) -> str:
        """Return messages as they are drawn, one below the other."""
        return "".join(draw_message(message, self.names) for message in messages)


@asynccontextmanager
async def played(live: LiveFaq, folder: Path) -> AsyncGenerator[Scene]:
    """Serve the bot from a FAQ that is live, with a database in `folder`, while this lasts."""
    # What a member asks too quickly is put off; here time may stand still between questions.
    ticks = iter(range(0, 10**9, 60))
    async with (
        Sandbox(rules=GatewayRules(identify_every=0)) as sandbox,
        keeping(folder / "gallery.db", day=live.today) as kept,
    ):
        server = sandbox.add_server("MS support", "general", "moderators")
        scene = _scene(sandbox, server, live, kept)
        ledger = StoredLedger(kept.store)
        editors = sandbox.add_role(server, "FAQ editors", Permission.MANAGE_SERVER)
        scene.names[editors.id] = editors.name
        for editor in (scene.erin, scene.edda):
            server.members[editor.user.id].roles.append(editors)
        await ledger.set_home(Home((editors.id,), scene.moderators.id))
        desk = editing_desk(LiveLibrary(live), ledger, server.id)
        live.listen(desk.board.hear)
        await live.reload()
        stop = asyncio.Event()
        with point_discord_py_at(sandbox.address):
            maker = client_maker(
                lambda: live.engine, editing=desk, kept=kept, clock=lambda: float(next(ticks))
            )
            run = asyncio.create_task(serve(maker, sandbox.token, stop))
            await sandbox.ready()
            yield scene
            stop.set()
            await run
        await live.close()


def _scene(sandbox: Sandbox, server: Server, live: LiveFaq, kept: Keeping) -> Scene:
    general, moderators = server.channel("general"), server.channel("moderators")
    people = [sandbox.add_person(name, server) for name in ("anna", "erin", "edda")]
    anna, erin, edda = people
    names = {one.user.id: one.user.name for one in people}
    names |= {one.id: one.name for one in (general, moderators)}
    owner = sandbox.owner_of(server)
    return Scene(live, kept, sandbox.bot, general, moderators, anna, owner, erin, edda, names)
