"""Components that hold others, which may stand where, and what must be true of all together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Annotated, Final, Literal, Self, TypeAlias, TypeVar, cast

from pydantic import SerializerFunctionWrapHandler, Tag, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from bot.sandbox.errors import Path, Problem
from bot.sandbox.wire.components import (
    Button,
    Checkbox,
    CheckboxGroup,
    Component,
    EntitySelect,
    File,
    FileUpload,
    InRow,
    MediaGallery,
    RadioGroup,
    Separator,
    StringSelect,
    TextDisplay,
    TextInput,
    Thumbnail,
    one_of,
)
from bot.sandbox.wire.fields import Colour, between

MOST_COMPONENTS: Final = 40
MOST_TEXT: Final = 4000
MOST_ROWS: Final = 5
_ROW_WIDTH: Final = 5

Kind = TypeVar("Kind", bound=Component)


class ActionRow(Component):
    """Up to five buttons, or one menu."""

    type: Literal[1]
    components: Annotated[tuple[InRow, ...], between(1, _ROW_WIDTH)]

    def children(self) -> Iterator[tuple[Path, Component]]:
        """Yield what stands in the row."""
        return _placed(self.components, ("components",))

    @model_validator(mode="after")
    def _is_not_too_wide(self) -> Self:
        width = sum(1 if isinstance(one, Button) else _ROW_WIDTH for one in self.components)
        if width > _ROW_WIDTH:
            raise PydanticCustomError(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
        return self


class Section(Component):
    """Text with a button or a picture beside it."""

    type: Literal[9]
    components: Annotated[
        tuple[Annotated[Annotated[TextDisplay, Tag("@10")], one_of(10)], ...], between(1, 3)
    ]
    accessory: Annotated[
        Annotated[Button, Tag("@2")] | Annotated[Thumbnail, Tag("@11")], one_of(2, 11)
    ]

    def children(self) -> Iterator[tuple[Path, Component]]:
        """Yield the texts, then what stands beside them."""
        yield from _placed(self.components, ("components",))
        yield ("accessory",), self.accessory


InContainer: TypeAlias = Annotated[
    Annotated[ActionRow, Tag("@1")]
    | Annotated[Section, Tag("@9")]
    | Annotated[TextDisplay, Tag("@10")]
    | Annotated[MediaGallery, Tag("@12")]
    | Annotated[File, Tag("@13")]
    | Annotated[Separator, Tag("@14")],
    one_of(1, 9, 10, 12, 13, 14),
]


class Container(Component):
    """A card: several components in a frame."""

    type: Literal[17]
    components: Annotated[tuple[InContainer, ...], between(1, MOST_COMPONENTS)]
    accent_color: Colour | None = None
    spoiler: bool = False

    @model_serializer(mode="wrap")
    def _with_colour(self, rest: SerializerFunctionWrapHandler) -> object:
        # Discord names the colour of a container even where there is none.
        return {"accent_color": None, **cast("Mapping[str, object]", rest(self))}

    def children(self) -> Iterator[tuple[Path, Component]]:
        """Yield what stands in the frame."""
        return _placed(self.components, ("components",))


class Label(Component):
    """A field of a modal, with its name and what it is for."""

    type: Literal[18]
    label: Annotated[str, between(1, 45)]
    description: Annotated[str, between(0, 100)] | None = None
    component: Annotated[
        Annotated[StringSelect, Tag("@3")]
        | Annotated[TextInput, Tag("@4")]
        | Annotated[EntitySelect, Tag("@5")]
        | Annotated[FileUpload, Tag("@19")]
        | Annotated[RadioGroup, Tag("@21")]
        | Annotated[CheckboxGroup, Tag("@22")]
        | Annotated[Checkbox, Tag("@23")],
        one_of(3, 4, 5, 6, 7, 8, 19, 21, 22, 23),
    ]

    def children(self) -> Iterator[tuple[Path, Component]]:
        """Yield the one field it names."""
        yield ("component",), self.component


InMessage: TypeAlias = Annotated[
    Annotated[ActionRow, Tag("@1")]
    | Annotated[Section, Tag("@9")]
    | Annotated[TextDisplay, Tag("@10")]
    | Annotated[MediaGallery, Tag("@12")]
    | Annotated[File, Tag("@13")]
    | Annotated[Separator, Tag("@14")]
    | Annotated[Container, Tag("@17")],
    one_of(1, 9, 10, 12, 13, 14, 17),
]

InModal: TypeAlias = Annotated[
    Annotated[ActionRow, Tag("@1")]
    | Annotated[TextDisplay, Tag("@10")]
    | Annotated[Label, Tag("@18")],
    one_of(1, 10, 18),
]


def walk(components: Iterable[Component]) -> Iterator[Component]:
    """Each component and everything inside it, in the order in which a person meets them."""
    for component in components:
        yield component
        yield from walk(child for _, child in component.children())


def numbered(components: Sequence[Kind]) -> tuple[Kind, ...]:
    """Return the same components, each with an id of its own, as Discord gives them out."""
    taken = {one.id for one in walk(components) if one.id}
    free = (number for number in count(1) if number not in taken)
    return tuple(_with_number(component, free) for component in components)


def _with_number(component: Kind, free: Iterator[int]) -> Kind:
    changed: dict[str, object] = {} if component.id else {"id": next(free)}
    parts: dict[str, list[Component]] = {}
    for path, child in component.children():
        named = _with_number(child, free)
        if len(path) == 1:
            changed[str(path[0])] = named
        else:
            parts.setdefault(str(path[0]), []).append(named)
    changed.update({name: tuple(children) for name, children in parts.items()})
    return component.model_copy(update=changed)


def component_problems(
    components: Sequence[Component], *, layout: bool, at: Path = ("components",)
) -> Iterator[Problem]:
    """Find what is wrong with the components of one message as a whole."""
    everything = tuple(walk(components))
    if layout:
        yield from _layout_problems(everything, at)
    else:
        yield from _legacy_problems(components, at)
    yield from duplicate_ids(components, at)


def _layout_problems(everything: Sequence[Component], at: Path) -> Iterator[Problem]:
    if len(everything) > MOST_COMPONENTS:
        yield Problem(
            at,
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"Total number of components cannot exceed {MOST_COMPONENTS}",
        )
    if sum(len(one.content) for one in everything if isinstance(one, TextDisplay)) > MOST_TEXT:
        yield Problem(
            at,
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {MOST_TEXT}",
        )


def _legacy_problems(components: Sequence[Component], at: Path) -> Iterator[Problem]:
    if len(components) > MOST_ROWS:
        yield Problem(at, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length.")
    for place, component in enumerate(components):
        if not isinstance(component, ActionRow):
            yield Problem(
                (*at, place), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).'
            )


def duplicate_ids(components: Sequence[Component], at: Path) -> Iterator[Problem]:
    """Find custom ids and numbers that two components share."""
    placed = tuple(_everywhere(_placed(components, at)))
    custom = Counter(_custom_id(one) for _, one in placed)
    numbers = Counter(one.id for _, one in placed)
    for path, one in placed:
        if (name := _custom_id(one)) and custom[name] > 1:
            yield Problem(
                (*path, "custom_id"),
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            )
        if one.id and numbers[one.id] > 1:
            yield Problem(
                (*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated"
            )


def _custom_id(component: Component) -> str | None:
    found: object = getattr(component, "custom_id", None)
    return found if isinstance(found, str) else None


def _placed(components: Iterable[Component], at: Path) -> Iterator[tuple[Path, Component]]:
    return (((*at, place), component) for place, component in enumerate(components))


def _everywhere(
    placed: Iterable[tuple[Path, Component]], at: Path = ()
) -> Iterator[tuple[Path, Component]]:
    for path, component in placed:
        yield (*at, *path), component
        yield from _everywhere(component.children(), (*at, *path))
