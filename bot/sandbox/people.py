"""What people do in Discord: talk, use commands, press, choose, fill in, come and go."""

from collections.abc import Mapping, Sequence

from bot.sandbox.availability import CannotDoError
from bot.sandbox.composing import ALL_MENTIONS, Composer
from bot.sandbox.events import Events
from bot.sandbox.filling import FieldValue
from bot.sandbox.interactions import Interaction, InteractionKind
from bot.sandbox.messages import Message, Sticker, Upload
from bot.sandbox.options import OptionValue
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel, Role, Server
from bot.sandbox.users import User
from bot.sandbox.uses import Uses
from bot.sandbox.wire.messages import MessageBody
from bot.sandbox.world import World


class Person:
    """Somebody, and what they can do. What Discord's app would not allow is a CannotDoError."""

    def __init__(self, user: User, world: World, events: Events) -> None:
        self.user = user
        self._world = world
        self._events = events
        self._composer = Composer(world)
        self._uses = Uses(user, world, events)

    @property
    def inbox(self) -> Channel:
        """The direct channel with the bot."""
        return self._world.direct_channel(self.user, self._world.bot)

    def say(self, channel: Channel, text: str = "", *, files: Sequence[Upload] = ()) -> Message:
        """Write in a channel."""
        return self._post(channel, text, files, None, ping=False)

    def send_sticker(self, channel: Channel, name: str) -> Message:
        """Send a sticker, and no words."""
        self._refuse_silenced(channel)
        stickers = (Sticker(self._world.ids.next(), name),)
        message = self._composer.compose(channel, self.user, MessageBody(), {}, stickers=stickers)
        self._events.posted(channel, message)
        return message

    def forward(self, message: Message, channel: Channel) -> Message:
        """Forward a message to a channel."""
        self._refuse_silenced(channel)
        forwarded = self._composer.forward(channel, self.user, message)
        self._events.posted(channel, forwarded)
        return forwarded

    def start_thread(self, channel: Channel, name: str) -> Channel:
        """Start a public thread in a channel."""
        self._refuse_silenced(channel)
        thread = self._world.add_thread(channel, name)
        self._events.thread_started(thread)
        return thread

    def mention(self, channel: Channel, text: str) -> Message:
        """Write in a channel, with a mention of the bot in front."""
        return self.say(channel, f"{self._world.bot.mention} {text}")

    def dm(self, text: str = "", *, files: Sequence[Upload] = ()) -> Message:
        """Write to the bot alone."""
        return self.say(self.inbox, text, files=files)

    def reply(self, message: Message, text: str, *, ping: bool = True) -> Message:
        """Reply to a message, which pings its author unless that is switched off."""
        return self._post(self._channel_of(message), text, (), message, ping=ping)

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        if message.author is not self.user:
            raise CannotDoError("only one's own messages can be edited")
        message.content = text
        self._events.edited(self._channel_of(message), message)

    def delete(self, message: Message) -> None:
        """Delete a message: one's own, or any with the permission for it."""
        channel = self._channel_of(message)
        allowed = channel.permissions_of(self.user)
        if message.author is not self.user and Permission.MANAGE_MESSAGES not in allowed:
            raise CannotDoError(f"{self.user} may not delete this message")
        self._events.deleted(channel, message)

    def join(self, server: Server) -> None:
        """Join a server."""
        self._events.joined(server, self.user)

    def leave(self, server: Server) -> None:
        """Leave a server."""
        self._events.left(server, self.user)

    def install_app(self) -> None:
        """Install the app on one's own account: its commands come along everywhere."""
        self.user.has_app = True

    def slash(self, channel: Channel, command: str, **options: OptionValue) -> Interaction:
        """Send a slash command; a subcommand is named as in `"faq edit"`."""
        return self._uses.slash(channel, command, options, InteractionKind.COMMAND)

    def autocomplete(self, channel: Channel, command: str, **options: OptionValue) -> Interaction:
        """Type into the last of these options, without sending the command."""
        return self._uses.slash(channel, command, options, InteractionKind.AUTOCOMPLETE)

    def context_menu(self, target: Message | User, command: str, channel: Channel) -> Interaction:
        """Pick a command from the menu of a message or a person."""
        return self._uses.menu(target, command, channel)

    def press(self, message: Message, button: str) -> Interaction:
        """Press the button with this label or custom id."""
        return self._uses.press(message, button)

    def choose(
        self, message: Message, *picked: str | User | Channel | Role, menu: int = 0
    ) -> Interaction:
        """Choose from a menu of a message, by labels or values; the first menu unless told."""
        return self._uses.choose(message, picked, menu)

    def submit_modal(self, opened: Interaction, answers: Mapping[str, FieldValue]) -> Interaction:
        """Fill in the modal that an interaction opened, by labels or custom ids, and send it."""
        return self._uses.submit(opened, answers)

    def _post(
        self,
        channel: Channel,
        text: str,
        files: Sequence[Upload],
        reply_to: Message | None,
        *,
        ping: bool,
    ) -> Message:
        self._refuse_silenced(channel)
        allowed = ALL_MENTIONS.model_copy(update={"replied_user": ping})
        body = MessageBody(content=text, allowed_mentions=allowed)
        message = self._composer.compose(
            channel, self.user, body, dict(enumerate(files)), reply_to=reply_to
        )
        self._events.posted(channel, message)
        return message

    def _refuse_silenced(self, channel: Channel) -> None:
        needed = Permission.VIEW_CHANNEL | channel.sending
        outside = channel.server is None and self.user not in channel.people
        if outside or needed not in channel.permissions_of(self.user):
            raise CannotDoError(f"{self.user} may not write in {channel}")

    def _channel_of(self, message: Message) -> Channel:
        return self._world.channels[message.channel_id]
