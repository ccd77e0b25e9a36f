"""Every way in, so that a test can walk all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from bot.chat.commands import MENU_NAME

if TYPE_CHECKING:
    from bot.sandbox import Channel, Message, Person, Sandbox


@dataclass(frozen=True)
class Meeting:
    """Anna and Ben, in a server with the bot, in one without it, and among themselves."""

    sandbox: Sandbox
    general: Channel
    elsewhere: Channel
    between: Channel
    anna: Person
    ben: Person

    @classmethod
    def of(cls, sandbox: Sandbox, general: Channel, anna: Person) -> Meeting:
        """Bring Ben in; Anna has the app on her own account as well."""
        elsewhere = sandbox.add_server("a server without the bot", with_bot=False)
        ben = sandbox.add_person("ben", elsewhere)
        for server in filter(None, [general.server]):
            ben.join(server)
        anna.join(elsewhere)
        anna.install_app()
        between = sandbox.private_channel(anna, ben)
        return cls(sandbox, general, elsewhere.channel("general"), between, anna, ben)


async def mention(meeting: Meeting, text: str) -> Message:
    """Ask by a mention in a channel."""
    return await meeting.general.reply_to(meeting.anna.mention(meeting.general, text))


async def direct_message(meeting: Meeting, text: str) -> Message:
    """Ask the bot alone."""
    return await meeting.anna.inbox.reply_to(meeting.anna.dm(text))


async def reply(meeting: Meeting, text: str) -> Message:
    """Ask by a reply to an answer of the bot."""
    answer = await mention(meeting, "what is ahsct")
    return await meeting.general.reply_to(meeting.anna.reply(answer, text))


async def slash(meeting: Meeting, text: str) -> Message:
    """Ask by /ask in a channel."""
    return await meeting.anna.slash(meeting.general, "ask", question=text).answer()


async def slash_shared(meeting: Meeting, text: str) -> Message:
    """Ask by /ask, for everyone in the channel."""
    used = meeting.anna.slash(meeting.general, "ask", question=text, share=True)
    return await used.answer()


async def slash_in_direct_messages(meeting: Meeting, text: str) -> Message:
    """Ask by /ask where nobody else is."""
    return await meeting.anna.slash(meeting.anna.inbox, "ask", question=text).answer()


async def slash_between_friends(meeting: Meeting, text: str) -> Message:
    """Ask by /ask in the direct messages of two people, by the app on one's own account."""
    return await meeting.anna.slash(meeting.between, "ask", question=text).answer()


async def slash_elsewhere(meeting: Meeting, text: str) -> Message:
    """Ask by /ask in a server without the bot."""
    return await meeting.anna.slash(meeting.elsewhere, "ask", question=text).answer()


async def menu(meeting: Meeting, text: str) -> Message:
    """Have somebody else's message answered."""
    asked = meeting.ben.say(meeting.general, text)
    return await meeting.anna.context_menu(asked, MENU_NAME, meeting.general).answer()


async def menu_elsewhere(meeting: Meeting, text: str) -> Message:
    """Have somebody else's message answered, in a server without the bot."""
    asked = meeting.ben.say(meeting.elsewhere, text)
    return await meeting.anna.context_menu(asked, MENU_NAME, meeting.elsewhere).answer()


async def suggestion(meeting: Meeting, text: str) -> Message:
    """Type into /ask, and send the first suggestion."""
    [first, *_] = await meeting.anna.autocomplete(meeting.general, "ask", question=text).choices()
    return await slash(meeting, str(first.value))


class Way(Protocol):
    """Asking something in one of these ways: the answer, once it is there."""

    __name__: str

    async def __call__(self, meeting: Meeting, text: str, /) -> Message:
        """Ask."""
        ...


IN_THE_OPEN: Final[tuple[Way, ...]] = (mention, reply)
DIRECT: Final[tuple[Way, ...]] = (direct_message, slash_in_direct_messages)
PRIVATE: Final[tuple[Way, ...]] = (
    slash,
    slash_between_friends,
    slash_elsewhere,
    menu,
    menu_elsewhere,
    suggestion,
)
ALL: Final[tuple[Way, ...]] = (*IN_THE_OPEN, *DIRECT, slash_shared, *PRIVATE)


def title(message: Message) -> str:
    """Return what stands above a card, after the line that leads to its question if it has one."""
    lines = message.text.split("\n")
    return next(line for line in lines if line.startswith("## ")).removeprefix("## ")
