"""Bodies that make or change a message."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from bot.sandbox.errors import Problem
from bot.sandbox.wire.fields import Colour, Link, Snowflake, Wire, between
from bot.sandbox.wire.layout import InMessage, component_problems

EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
COMPONENTS_V2: Final = 1 << 15
MOST_EMBED_TEXT: Final = 6000


class EmbedField(Wire):
    """A name and what stands under it."""

    name: Annotated[str, between(1, 256)]
    value: Annotated[str, between(1, 1024)]
    inline: bool = False


class EmbedFooter(Wire):
    """The small line at the bottom."""

    text: Annotated[str, between(0, 2048)]
    icon_url: str | None = None


class EmbedAuthor(Wire):
    """The small line at the top."""

    name: Annotated[str, between(1, 256)]
    url: Link | None = None
    icon_url: str | None = None


class EmbedMedia(Wire):
    """A picture of an embed."""

    url: Annotated[str, between(1, 2048)]


class Embed(Wire):
    """A card of the old kind."""

    type: str = "rich"
    title: Annotated[str, between(0, 256)] | None = None
    description: Annotated[str, between(0, 4096)] | None = None
    url: Link | None = None
    timestamp: str | None = None
    color: Colour | None = None
    footer: EmbedFooter | None = None
    author: EmbedAuthor | None = None
    image: EmbedMedia | None = None
    thumbnail: EmbedMedia | None = None
    fields: Annotated[tuple[EmbedField, ...], between(0, 25)] = ()

    def texts(self) -> Iterator[str]:
        """Every text that counts towards the limit of a message."""
        yield from filter(None, (self.title, self.description))
        if self.author:
            yield self.author.name
        for field in self.fields:
            yield field.name
            yield field.value
        if self.footer:
            yield self.footer.text


class AllowedMentions(Wire):
    """Whom a message may ping."""

    parse: tuple[Literal["roles", "users", "everyone"], ...] = ()
    roles: Annotated[tuple[Snowflake, ...], between(0, 100)] = ()
    users: Annotated[tuple[Snowflake, ...], between(0, 100)] = ()
    replied_user: bool = False


class Reference(Wire):
    """What a message replies to."""

    type: Literal[0, 1] = 0
    message_id: Snowflake
    channel_id: Snowflake | None = None
    guild_id: Snowflake | None = None
    fail_if_not_exists: bool = True


class NamedFile(Wire):
    """A file that is sent along, by its place among the files, or one to keep, by its id."""

    id: Snowflake
    filename: Annotated[str, between(1, 1024)] | None = None
    description: Annotated[str, between(0, 1024)] | None = None


class MessageBody(Wire):
    """A new message, wherever it is sent. `None` is the same as not sent."""

    content: Annotated[str, between(0, 2000)] | None = None
    embeds: Annotated[tuple[Embed, ...], between(0, 10)] | None = None
    components: Annotated[tuple[InMessage, ...], between(0, 40)] | None = None
    attachments: Annotated[tuple[NamedFile, ...], between(0, 10)] | None = None
    allowed_mentions: AllowedMentions | None = None
    message_reference: Reference | None = None
    flags: Annotated[int, Field(ge=0)] | None = None
    tts: bool = False
    nonce: int | Annotated[str, between(0, 25)] | None = None
    enforce_nonce: bool = False
    """Whether a nonce that was used minutes ago makes no second message."""

    @property
    def is_layout(self) -> bool:
        """Whether it is made of Components V2."""
        return bool((self.flags or 0) & COMPONENTS_V2)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one member is to see it."""
        return bool((self.flags or 0) & EPHEMERAL)


class MessageEdit(MessageBody):
    """A change to a message. What is not sent stays; what is sent as `None` goes."""

    def sets(self, field: str) -> bool:
        """Whether the bot sent this field at all."""
        return field in self.model_fields_set


def message_rules(body: MessageBody, *, layout: bool = False) -> Iterator[Problem]:
    """Find what is wrong with a message beyond its single fields, if it is one or the other kind.

    A message that is made of Components V2 stays so, whatever an edit says: `layout` is for that.
    """
    layout = layout or body.is_layout
    yield from component_problems(body.components or (), layout=layout)
    if layout:
        yield from _old_fields(body)
    if sum(len(text) for embed in body.embeds or () for text in embed.texts()) > MOST_EMBED_TEXT:
        yield Problem(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}",
        )
    yield from _mention_problems(body.allowed_mentions or AllowedMentions())


def _old_fields(body: MessageBody) -> Iterator[Problem]:
    if body.content:
        yield old_field("content")
    if body.embeds:
        yield old_field("embeds")


def old_field(name: str) -> Problem:
    """Say that this field and Components V2 exclude each other."""
    return Problem(
        (name,),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    )


def _mention_problems(allowed: AllowedMentions) -> Iterator[Problem]:
    for kind, named in (("users", allowed.users), ("roles", allowed.roles)):
        if named and kind in allowed.parse:
            yield Problem(
                ("allowed_mentions",),
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
