"""What happens: each method changes the world and tells the bot, if the bot may know."""

from bot.sandbox.gateway.hub import Hub
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.interactions import Interaction
from bot.sandbox.message_payloads import interaction_json, message_json
from bot.sandbox.messages import Message
from bot.sandbox.payloads import channel_json, member_json, server_arrives_json
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel, Member, Server
from bot.sandbox.shapes import JsonObject
from bot.sandbox.users import User
from bot.sandbox.world import World


class Events:
    """The only place where something happens in the world and is told at the same time."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub

    def posted(self, channel: Channel, message: Message) -> None:
        """Show a new message."""
        channel.put(message)
        self._tell_message("MESSAGE_CREATE", channel, message)

    def edited(self, channel: Channel, message: Message) -> None:
        """Show that a message has changed."""
        message.edited = max(self._world.clock.now(), message.edited or 0.0)
        message.changes.notify()
        channel.changes.notify()
        self._tell_message("MESSAGE_UPDATE", channel, message)

    def deleted(self, channel: Channel, message: Message) -> None:
        """Remove a message."""
        message.deleted = True
        channel.messages.pop(message.id, None)
        message.changes.notify()
        channel.changes.notify()
        if self._hears(channel, message):
            found: JsonObject = {"id": str(message.id), "channel_id": str(channel.id)}
            place: JsonObject = {"guild_id": str(channel.server.id)} if channel.server else {}
            self._hub.tell(
                "MESSAGE_DELETE",
                lambda _: found | place,
                server=channel.server,
                needs=_message_intent(channel),
            )

    def used(self, interaction: Interaction) -> None:
        """Tell the bot that somebody uses it."""
        self._world.remember(interaction)
        data = interaction_json(self._world, interaction)
        server = interaction.channel.server
        # A server that the bot is not in is on no shard of its own; such uses come on shard 0.
        known = server if server and self._world.knows_bot(server) else None
        self._hub.tell("INTERACTION_CREATE", lambda _: data, server=known)

    def joined(self, server: Server, user: User) -> None:
        """Let somebody join a server; if it is the bot, it learns all about the server."""
        server.members[user.id] = Member(user, self._world.clock.now())
        if user is self._world.bot:
            data = server_arrives_json(server, user)
            self._hub.tell("GUILD_CREATE", lambda _: data, server=server, needs=Intents.GUILDS)

    def left(self, server: Server, user: User) -> None:
        """Let somebody leave a server; if it is the bot, it is told so."""
        del server.members[user.id]
        if user is self._world.bot:
            data: JsonObject = {"id": str(server.id)}
            self._hub.tell("GUILD_DELETE", lambda _: data, server=server, needs=Intents.GUILDS)

    def thread_started(self, thread: Channel) -> None:
        """Tell the bot of a new thread."""
        data = channel_json(thread) | {"newly_created": True}
        server, needs = thread.server, Intents.GUILDS
        self._hub.tell("THREAD_CREATE", lambda _: data, server=server, needs=needs)

    def readable(self, message: Message, intents: Intents) -> bool:
        """Say whether the bot may read the text: by intent, or as its own, sent to it or at it."""
        return (
            Intents.MESSAGE_CONTENT in intents
            or message.server_id is None
            or message.author is self._world.bot
            or self._world.bot in message.pinged
        )

    def _hears(self, channel: Channel, message: Message) -> bool:
        if message.only_for is not None:
            return False
        if channel.server is None:
            return self._world.bot in channel.people
        return Permission.VIEW_CHANNEL in channel.permissions_of(self._world.bot)

    def _tell_message(self, name: str, channel: Channel, message: Message) -> None:
        if not self._hears(channel, message):
            return
        place: JsonObject = {"channel_type": int(channel.kind)}
        if channel.server is not None:
            place["guild_id"] = str(channel.server.id)
            member = channel.server.members.get(message.author.id)
            if member is not None:
                place["member"] = member_json(member, with_user=False)

        def data(intents: Intents) -> JsonObject:
            return message_json(message, readable=self.readable(message, intents)) | place

        self._hub.tell(name, data, server=channel.server, needs=_message_intent(channel))


def _message_intent(channel: Channel) -> Intents:
    return Intents.GUILD_MESSAGES if channel.server else Intents.DIRECT_MESSAGES
