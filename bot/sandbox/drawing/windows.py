"""What opens beside the messages: the window of a modal, and suggestions while somebody types."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.sandbox.drawing.controls import draw_menu, draw_options
from bot.sandbox.drawing.inline import Names
from bot.sandbox.drawing.markdown import markdown
from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, join, span, void, words
from bot.sandbox.users import User
from bot.sandbox.wire.callbacks import Choice, Modal
from bot.sandbox.wire.components import (
    Checkbox,
    CheckboxGroup,
    Component,
    EntitySelect,
    FileUpload,
    RadioGroup,
    StringSelect,
    TextDisplay,
    TextInput,
)
from bot.sandbox.wire.layout import ActionRow, Label

_LINES: Final = 2
"""The style of a text input that takes several lines."""


def draw_modal(modal: Modal, app: User, names: Names | None = None) -> str:
    """Return the window of a modal as a piece of HTML, before anything is filled in."""
    warning = f"This form will be submitted to {app.name}. Do not share passwords."
    buttons = join(
        *(_window_button(*one) for one in (("Cancel", "secondary"), ("Submit", "primary")))
    )
    return element(
        "section",
        {"class": "modal", "aria-label": modal.title},
        box("title", words(modal.title)),
        box("warning", words(warning)),
        *(_part(one, names or {}) for one in modal.components),
        box("row end", buttons),
    )


def _window_button(label: str, style: str) -> Safe:
    return element("button", {"class": f"button {style}", "type": "button"}, words(label))


def _part(component: Component, names: Names) -> Safe:
    match component:
        case TextDisplay():
            return markdown(component.content, names)
        case Label():
            field = component.component
            return _labelled(component.label, component.description, field, names)
        case ActionRow():
            return join(*(_bare(one, names) for one in component.components))
        case _:
            raise TypeError(f"a modal holds no component of type {component.kind}")


def _bare(component: Component, names: Names) -> Safe:
    """Return a field of the old kind, which carries its label itself."""
    label = component.label if isinstance(component, TextInput) else None
    return _labelled(label or "", None, component, names)


def _labelled(label: str, description: str | None, field: Component, names: Names) -> Safe:
    needed = span("required", words(" *")) if _is_required(field) else NOTHING
    said = element("span", {"class": "name"}, words(label), needed)
    hint = span("description", words(description)) if description else NOTHING
    tag = "label" if isinstance(field, TextInput) else "div"
    return element(tag, {"class": "field"}, said, hint, _field(field, names))


def _is_required(field: Component) -> bool:
    return not isinstance(field, Checkbox) and getattr(field, "required", None) is not False


def _field(field: Component, names: Names) -> Safe:
    match field:
        case TextInput():
            return _text_input(field)
        case StringSelect() | EntitySelect():
            return draw_menu(field, names)
        case FileUpload():
            most = "a file" if field.max_values == 1 else f"up to {field.max_values} files"
            return box("upload", span("link", words("Browse")), words(f" or drop {most} here"))
        case RadioGroup():
            return draw_options(field.options, "radio")
        case CheckboxGroup():
            return draw_options(field.options, "checkbox")
        case Checkbox():
            return span("mark checkbox ticked" if field.default else "mark checkbox")
        case _:
            raise TypeError(f"nobody can fill in a component of type {field.kind}")


def _text_input(field: TextInput) -> Safe:
    attributes = {"class": "input", "name": field.custom_id, **_limits(field)}
    if field.style == _LINES:
        area = element("textarea", {**attributes, "rows": "4"}, words(f"\n{field.value or ''}"))
    else:
        area = void("input", {**attributes, "type": "text", "value": field.value or ""})
    if field.max_length is None:
        return area
    count = f"{len(field.value or '')}/{field.max_length}"
    return join(area, span("count", words(count)))


def _limits(field: TextInput) -> Mapping[str, str]:
    given = {
        "placeholder": field.placeholder,
        "minlength": field.min_length,
        "maxlength": field.max_length,
    }
    return {name: str(value) for name, value in given.items() if value is not None}


def draw_choices(choices: Sequence[Choice], typed: str = "") -> str:
    """Return suggestions as the person sees them: their names, above the line with what is typed.

    `typed` is the whole line, such as `/ask question: walking`.
    """
    if choices:
        names = [element("li", {}, words(choice.name)) for choice in choices]
        listed = element("ul", {"class": "choices"}, *names)
    else:
        listed = box("hint", words("No options match your search."))
    return box("suggestions", listed, box("typed", words(typed)) if typed else NOTHING)
