"""Every session of the bot: who may begin one, and who is told of what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.gateway.intents import HIGHEST, PRIVILEGED, Intents
from bot.sandbox.gateway.sessions import Outlet, Session, frame
from bot.sandbox.payloads import own_user_json, server_arrives_json
from bot.sandbox.places import Server
from bot.sandbox.shapes import JsonObject
from bot.sandbox.snowflakes import shard_of
from bot.sandbox.waiting import PATIENCE, Changes
from bot.sandbox.wire.gateway import Identify, Resume
from bot.sandbox.world import World

RECONNECT, INVALID_SESSION = 7, 9
AUTHENTICATION_FAILED, INVALID_SHARD = 4004, 4010
INVALID_INTENTS, DISALLOWED_INTENTS = 4013, 4014
_SESSION_ENDS: Final = (1000, 1001)
"""A bot that closes with one of these does not mean to come back."""


@dataclass(frozen=True)
class GatewayRules:
    """What the gateway asks of a bot; the defaults are Discord's."""

    heartbeat_interval: float = 41.25
    shards: int = 1
    max_concurrency: int = 1
    identify_every: float = 5.0
    """Seconds in which only one shard of each group of `max_concurrency` may identify."""
    session_starts: int = 1000
    sends_per_minute: int = 120


class Hub:
    """All sessions, and what happens to them."""

    def __init__(self, world: World, rules: GatewayRules, address: str) -> None:
        self.world = world
        self.rules = rules
        self.sessions: dict[str, Session] = {}
        self.outlets: set[Outlet] = set()
        self.answers_heartbeats = True
        self.identifies = 0
        self.too_soon = 0
        """Identifies that were sent away because they came too soon after another."""
        self.resumes = 0
        self.changes = Changes()
        self._address = address
        self._last_identify: dict[int, float] = {}

    @property
    def live(self) -> list[Session]:
        """The sessions that have a connection."""
        return [one for one in self.sessions.values() if one.outlet]

    async def until_live(self, shards: int = 1, *, within: float = PATIENCE) -> None:
        """Wait until so many shards are connected and have been told READY."""
        await self.changes.until(
            lambda: len(self.live) >= shards or None,
            what=f"{shards} connected shards, of which there are {len(self.live)}",
            within=within,
        )

    async def until_resumed(self, times: int = 1, *, within: float = PATIENCE) -> None:
        """Wait until sessions have been resumed so many times in all."""
        await self.changes.until(
            lambda: self.resumes >= times or None, what=f"resume {times}", within=within
        )

    async def until_identified(self, times: int = 1, *, within: float = PATIENCE) -> None:
        """Wait until sessions have been begun so many times in all."""
        await self.changes.until(
            lambda: self.identifies >= times or None, what=f"identify {times}", within=within
        )

    def tell(
        self,
        name: str,
        data: Callable[[Intents], JsonObject],
        *,
        server: Server | None = None,
        needs: Intents = Intents.NONE,
    ) -> None:
        """Tell of an event whoever serves that place and asked for it."""
        for session in self.sessions.values():
            serves = shard_of(server and server.id, session.shards) == session.shard
            if serves and needs in session.intents:
                session.tell(name, data(session.intents))

    def identify(self, asked: Identify, outlet: Outlet) -> Session | None:
        """Begin a session on this connection, or close it with the code that says why not."""
        refused = self._refusal(asked)
        if refused is not None:
            outlet.close(refused)
            return None
        shard, shards = asked.shard
        if self._too_soon(shard):
            outlet.put(frame(INVALID_SESSION, data=False))
            return None
        self._forget_lost(shard, shards)
        session = Session(shard, shards, Intents(asked.intents), outlet)
        self.sessions[session.id] = session
        self._welcome(session)
        self.identifies += 1
        self.changes.notify()
        return session

    def _refusal(self, asked: Identify) -> int | None:
        shard, shards = asked.shard
        if asked.token != self.world.app.token or self.identifies >= self.rules.session_starts:
            # Discord resets the token of a bot that used up its session starts.
            return AUTHENTICATION_FAILED
        if not 0 <= shard < shards:
            return INVALID_SHARD
        if not 0 <= asked.intents <= HIGHEST:
            return INVALID_INTENTS
        if Intents(asked.intents) & PRIVILEGED & ~self.world.app.granted:
            return DISALLOWED_INTENTS
        return None

    def _too_soon(self, shard: int) -> bool:
        group = shard % self.rules.max_concurrency
        now = self.world.clock.now()
        last = self._last_identify.get(group)
        if last is not None and now < last + self.rules.identify_every:
            self.too_soon += 1
            return True
        self._last_identify[group] = now
        return False

    def _forget_lost(self, shard: int, shards: int) -> None:
        # Discord lets them lapse after some minutes; nobody resumes them after a new IDENTIFY.
        for one in tuple(self.sessions.values()):
            if one.outlet is None and (one.shard, one.shards) == (shard, shards):
                del self.sessions[one.id]

    def _welcome(self, session: Session) -> None:
        mine = [
            server
            for server in self.world.servers.values()
            if self.world.knows_bot(server) and shard_of(server.id, session.shards) == session.shard
        ]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": own_user_json(self.world.bot),
                "guilds": [{"id": str(server.id), "unavailable": True} for server in mine],
                "private_channels": [],
                "relationships": [],
                "session_id": session.id,
                "resume_gateway_url": self._address,
                "shard": [session.shard, session.shards],
                "application": {"id": str(self.world.app.id), "flags": 0},
            },
        )
        for server in mine if Intents.GUILDS in session.intents else []:
            # READY called it unavailable; without this the client takes it for newly joined.
            arrives = server_arrives_json(server, self.world.bot) | {"unavailable": False}
            session.tell("GUILD_CREATE", arrives)

    def resume(self, asked: Resume, outlet: Outlet) -> Session | None:
        """Go on with a session, telling first what was missed; if that cannot be, say so."""
        session = self.sessions.get(asked.session_id)
        missed = session.missed(asked.seq) if session else None
        if session is None or missed is None or asked.token != self.world.app.token:
            outlet.put(frame(INVALID_SESSION, data=False))
            return None
        session.outlet = outlet
        for text in missed:
            outlet.put(text)
        session.tell("RESUMED", {})
        self.resumes += 1
        self.changes.notify()
        return session

    def disconnected(self, session: Session | None, outlet: Outlet, code: int | None) -> None:
        """Keep the session of a lost connection, and drop it if the bot said goodbye."""
        self.outlets.discard(outlet)
        if session is not None and session.outlet is outlet:
            session.outlet = None
            if code in _SESSION_ENDS:
                self.sessions.pop(session.id, None)
        self.changes.notify()
