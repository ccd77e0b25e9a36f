"""Components of messages and modals, as a bot sends them and as a message keeps them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, Self, TypeAlias, cast

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from bot.sandbox.errors import Path
from bot.sandbox.wire.fields import CustomId, Link, Snowflake, Wire, between

LINK_STYLE: Final = 5
PREMIUM_STYLE: Final = 6
ENTITY_SELECTS: Final = (5, 6, 7, 8)

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
Upto25: TypeAlias = Annotated[int, Field(ge=0, le=25)]


class Component(Wire):
    """One component. `id` is a number in its message, given by Discord where the bot gave none."""

    id: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_is_the_default(cls, sent: object) -> object:
        # discord.py sends null for what was not given; Discord takes it so.
        if not isinstance(sent, Mapping):
            return sent
        given = cast("Mapping[str, object]", sent)
        return {name: value for name, value in given.items() if value is not None}

    @property
    def kind(self) -> int:
        """Discord's number for this sort of component; each subclass has it as its `type`."""
        return int(self.__dict__["type"])

    def children(self) -> Iterator[tuple[Path, "Component"]]:
        """Yield what lies directly inside, each with the path to it."""
        yield from ()


class Emoji(Wire):
    """The emoji on a button or an option."""

    id: Snowflake | None = None
    name: str | None = None
    animated: bool | None = None


class Button(Component):
    """Pressed, it sends its custom id; a link button opens its address instead."""

    type: Literal[2]
    style: Literal[1, 2, 3, 4, 5, 6]
    label: Annotated[str, between(0, 80)] | None = None
    emoji: Emoji | None = None
    custom_id: CustomId | None = None
    url: Link | None = None
    sku_id: Snowflake | None = None
    disabled: bool = False

    @model_validator(mode="after")
    def _has_one_purpose(self) -> Self:
        if self.custom_id and self.url:
            raise PydanticCustomError(
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
        wanted = {LINK_STYLE: self.url, PREMIUM_STYLE: self.sku_id}.get(self.style, self.custom_id)
        if not wanted:
            raise PydanticCustomError(
                "BASE_TYPE_REQUIRED", "A custom id, url or sku id is required"
            )
        if self.style != PREMIUM_STYLE and not self.label and not self.emoji:
            raise PydanticCustomError("BASE_TYPE_REQUIRED", "A label or an emoji is required")
        return self


class Option(Wire):
    """One line of a select menu, a radio group or a group of boxes."""

    label: Annotated[str, between(1, 100)]
    value: Annotated[str, between(1, 100)]
    description: Annotated[str, between(0, 100)] | None = None
    emoji: Emoji | None = None
    default: bool = False


def _different_values(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if len({option.value for option in options}) != len(options):
        raise PydanticCustomError(
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    return options


class Select(Component):
    """A menu to choose from."""

    custom_id: CustomId
    placeholder: Annotated[str, between(0, 150)] | None = None
    min_values: Upto25 = 1
    max_values: Annotated[int, Field(ge=1, le=25)] = 1
    disabled: bool = False
    required: bool | None = None

    @model_validator(mode="after")
    def _can_be_satisfied(self) -> Self:
        if self.min_values > self.max_values:
            raise PydanticCustomError(
                "NUMBER_TYPE_MAX", "min_values should be less than or equal to max_values"
            )
        return self


class StringSelect(Select):
    """A menu whose lines the bot wrote."""

    type: Literal[3]
    options: Annotated[tuple[Option, ...], between(1, 25), AfterValidator(_different_values)]


class DefaultValue(Wire):
    """Somebody or something chosen beforehand."""

    id: Snowflake
    type: Literal["user", "role", "channel"]


class EntitySelect(Select):
    """A menu of users (5), roles (6), both (7) or channels (8), which Discord fills."""

    type: Literal[5, 6, 7, 8]
    channel_types: tuple[int, ...] | None = None
    default_values: Annotated[tuple[DefaultValue, ...], between(0, 25)] | None = None


class TextInput(Component):
    """A field to write in; in modals only."""

    type: Literal[4]
    custom_id: CustomId
    style: Literal[1, 2]
    label: Annotated[str, between(0, 45)] | None = None
    min_length: Annotated[int, Field(ge=0, le=4000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    required: bool = True
    value: Annotated[str, between(0, 4000)] | None = None
    placeholder: Annotated[str, between(0, 100)] | None = None


class FileUpload(Component):
    """A place to put files; in modals only."""

    type: Literal[19]
    custom_id: CustomId
    min_values: Annotated[int, Field(ge=0, le=10)] = 1
    max_values: Annotated[int, Field(ge=1, le=10)] = 1
    required: bool = True


class RadioGroup(Component):
    """One of several; in modals only."""

    type: Literal[21]
    custom_id: CustomId
    options: Annotated[tuple[Option, ...], between(2, 10), AfterValidator(_different_values)]
    required: bool = True


class CheckboxGroup(Component):
    """Any of several; in modals only."""

    type: Literal[22]
    custom_id: CustomId
    options: Annotated[tuple[Option, ...], between(1, 10), AfterValidator(_different_values)]
    min_values: Annotated[int, Field(ge=0, le=10)] | None = None
    max_values: Annotated[int, Field(ge=1, le=10)] | None = None
    required: bool = True


class Checkbox(Component):
    """Yes or no; in modals only."""

    type: Literal[23]
    custom_id: CustomId
    default: bool = False


class TextDisplay(Component):
    """Text, with Markdown."""

    type: Literal[10]
    content: Annotated[str, between(1, 4000)]


class Media(Wire):
    """A picture or file by its address, or `attachment://name` for one that is sent along."""

    url: Annotated[str, between(1, 2048)]


class Thumbnail(Component):
    """A small picture beside a section."""

    type: Literal[11]
    media: Media
    description: Annotated[str, between(0, 1024)] | None = None
    spoiler: bool = False


class GalleryItem(Wire):
    """One picture of a gallery."""

    media: Media
    description: Annotated[str, between(0, 1024)] | None = None
    spoiler: bool = False


class MediaGallery(Component):
    """Pictures side by side."""

    type: Literal[12]
    items: Annotated[tuple[GalleryItem, ...], between(1, 10)]


class File(Component):
    """A file that was sent along."""

    type: Literal[13]
    file: Media
    spoiler: bool = False


class Separator(Component):
    """A gap, with or without a line."""

    type: Literal[14]
    divider: bool = True
    spacing: Literal[1, 2] = 1


def _tag(value: object) -> str | None:
    """Return the tag for a component's number, whether it comes from outside or is one of ours."""
    found: object = None
    if isinstance(value, Component):
        found = value.kind
    elif isinstance(value, Mapping) and "type" in value:
        found = value["type"]  # pyright: ignore[reportUnknownVariableType] - anything may be sent
    if not isinstance(found, int):
        return None
    return "@5" if found in ENTITY_SELECTS else f"@{found}"


def one_of(*types: int) -> Discriminator:
    """Tell components apart by `type`, which must be one of these."""
    return Discriminator(
        _tag,
        custom_error_type="UNION_TYPE_CHOICES",
        custom_error_message=f'Value of field "type" must be one of {types}.',
    )


InRow: TypeAlias = Annotated[
    Annotated[Button, Tag("@2")]
    | Annotated[StringSelect, Tag("@3")]
    | Annotated[TextInput, Tag("@4")]
    | Annotated[EntitySelect, Tag("@5")],
    one_of(2, 3, 4, 5, 6, 7, 8),
]
