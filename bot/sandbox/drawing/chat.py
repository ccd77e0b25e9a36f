"""One message as the channel shows it: who says it, in reply to what, and to whom alone."""

from datetime import UTC, datetime
from typing import Final

from bot.sandbox.drawing.cards import draw_components, draw_file
from bot.sandbox.drawing.embeds import draw_embed
from bot.sandbox.drawing.inline import Names
from bot.sandbox.drawing.markdown import markdown, markdown_line
from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, join, span, words
from bot.sandbox.messages import Message
from bot.sandbox.users import User

_NO_EMBEDS: Final = 1 << 2
_SLASH: Final = 1


def draw_message(message: Message, names: Names | None = None) -> str:
    """Return a message as a piece of HTML that looks right within a `page`.

    `names` says what the ids in mentions are called, beyond the people the message knows itself.
    """
    known = {**_people(message), **(names or {})}
    body = box("body", _heading(message), _said(message, known), _private(message))
    whole = (_context(message, known), _avatar(message.author), body)
    kind = "message private" if message.is_ephemeral else "message"
    return element("article", {"class": kind}, *whole)


def _people(message: Message) -> dict[int, str]:
    people = [message.author, *message.pinged]
    people += [message.reply_to.author] if message.reply_to else []
    people += [message.origin.user] if message.origin else []
    return {person.id: person.name for person in people}


def _context(message: Message, names: Names) -> Safe:
    """Return the line above a message: what it replies to, or which command it answers."""
    origin, replied = message.origin, message.reply_to
    if replied is not None and not replied.deleted:
        preview = markdown_line(replied.content, names) or words("Click to see the message")
        inside = join(_author(replied.author), span("preview", preview))
    elif message.forwarded is not None:
        inside = span("preview", words("Forwarded"))
    elif message.reference is not None or replied is not None:
        inside = span("preview", words("Original message was deleted"))
    elif origin is not None and origin.command:
        slash = "/" if origin.command_kind == _SLASH else ""
        used = span("mention", words(f"{slash}{origin.command}"))
        inside = join(span("name", words(origin.user.name)), words(" used "), used)
    else:
        return NOTHING
    return box("context", inside)


def _avatar(user: User) -> Safe:
    return element("div", {"class": "avatar", "aria-hidden": "true"}, words(user.name[:1].upper()))


def _author(user: User) -> Safe:
    tag = span("tag", words("APP")) if user.bot else NOTHING
    return join(span("name", words(user.name)), words(" "), tag)


def _heading(message: Message) -> Safe:
    moment = datetime.fromtimestamp(message.created, UTC)
    said = words(f"{moment:%Y-%m-%d %H:%M}")
    time = element("time", {"class": "sent", "datetime": moment.isoformat()}, said)
    return box("heading", _author(message.author), words(" "), time)


def _said(message: Message, names: Names) -> Safe:
    if message.is_thinking:
        return box("thinking", words(f"{message.author.name} is thinking…"))
    shown = () if message.flags & _NO_EMBEDS else message.embeds
    files = () if message.is_layout else message.attachments
    edited = span("edited", words("(edited)")) if message.edited is not None else NOTHING
    copied = message.forwarded
    return join(
        markdown(message.content, names) if message.content else NOTHING,
        box("text", element("blockquote", {}, _said(copied, names))) if copied else NOTHING,
        *(words(f"(sticker: {one.name})") for one in message.stickers),
        *(draw_embed(embed, names) for embed in shown),
        *(draw_file(one.file.filename, len(one.file.content)) for one in files),
        box("components", draw_components(message.components, names)),
        edited,
    )


def _private(message: Message) -> Safe:
    if not message.is_ephemeral:
        return NOTHING
    dismiss = span("link", words("Dismiss message"))
    return box("only-you", words("Only you can see this • "), dismiss)
