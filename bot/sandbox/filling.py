"""Filling in a modal, as far as Discord's app lets a person send it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from bot.sandbox.availability import CannotDoError
from bot.sandbox.messages import Upload
from bot.sandbox.options import Resolved
from bot.sandbox.places import Channel, Role
from bot.sandbox.shapes import Json, JsonObject
from bot.sandbox.users import User
from bot.sandbox.wire.callbacks import Modal
from bot.sandbox.wire.components import (
    Checkbox,
    CheckboxGroup,
    Component,
    EntitySelect,
    FileUpload,
    Option,
    RadioGroup,
    StringSelect,
    TextDisplay,
    TextInput,
)
from bot.sandbox.wire.layout import ActionRow, Label

Picked: TypeAlias = Sequence[str | User | Channel | Role | Upload]
FieldValue: TypeAlias = str | bool | Picked
"""A text, a tick, or what was picked."""

_MOST_TYPED = 4000


def modal_data(modal: Modal, answers: Mapping[str, FieldValue], resolved: Resolved) -> JsonObject:
    """Return what the app sends for a modal filled in by the fields' labels or custom ids."""
    left = dict(answers)
    components = [_top(component, left, resolved) for component in modal.components]
    if left:
        raise CannotDoError(f"the modal has no field {min(left)!r}")
    data: JsonObject = {"custom_id": modal.custom_id, "components": components}
    return data | ({"resolved": resolved.found} if resolved.found else {})


def _top(component: Component, left: dict[str, FieldValue], resolved: Resolved) -> JsonObject:
    found: JsonObject = {"type": component.kind, "id": component.id}
    match component:
        case Label():
            field = _field(component.component, component.label, left, resolved)
            return found | {"component": field}
        case ActionRow():
            fields = [_field(one, _own_label(one), left, resolved) for one in component.components]
            return found | {"components": fields}
        case _:
            return found


def _own_label(component: Component) -> str:
    return (component.label or "") if isinstance(component, TextInput) else ""


def _field(
    component: Component, label: str, left: dict[str, FieldValue], resolved: Resolved
) -> JsonObject:
    if isinstance(component, TextDisplay):
        return {}
    name = str(component.json_object()["custom_id"])
    answer = left.pop(name, None)
    if answer is None:
        answer = left.pop(label, None)
    found: JsonObject = {"type": component.kind, "id": component.id, "custom_id": name}
    return found | _content(component, label or name, answer, resolved)


def _content(
    component: Component, name: str, answer: FieldValue | None, resolved: Resolved
) -> JsonObject:
    match component:
        case TextInput():
            return {"value": _typed(component, name, answer)}
        case Checkbox():
            return {"value": component.default if answer is None else bool(answer)}
        case RadioGroup():
            picked = _picked(component.options, answer)
            if not picked and component.required:
                raise CannotDoError(f"{name!r} has to be chosen")
            return {"value": picked[0] if picked else None}
        case StringSelect() | CheckboxGroup():
            picked = _picked(component.options, answer)
            return {"values": _counted(component, name, picked)}
        case EntitySelect() | FileUpload():
            picked = [str(resolved.value_of(one)) for one in _listed(answer)]
            return {"values": _counted(component, name, picked)}
        case _:
            raise CannotDoError(f"nobody can fill in {name!r}")


def _typed(component: TextInput, name: str, answer: FieldValue | None) -> str:
    text = (component.value or "") if answer is None else answer
    if not isinstance(text, str):
        raise CannotDoError(f"{name!r} takes text")
    if not text and not component.required:
        return text
    low = component.min_length or int(component.required)
    if not low <= len(text) <= (component.max_length or _MOST_TYPED):
        raise CannotDoError(f"{name!r} does not take {len(text)} characters")
    return text


def _listed(answer: FieldValue | None) -> Picked:
    if answer is None or isinstance(answer, bool):
        return ()
    return (answer,) if isinstance(answer, str) else answer


def _picked(options: Sequence[Option], answer: FieldValue | None) -> list[str]:
    """Return what was picked; where nothing was touched, what was picked beforehand."""
    if answer is None:
        return [option.value for option in options if option.default]
    return list(_values(options, _listed(answer)))


def _values(options: Sequence[Option], picked: Picked) -> Iterator[str]:
    """Yield the values of options named by label or value."""
    for one in picked:
        fitting = [option.value for option in options if one in {option.label, option.value}]
        if not fitting:
            raise CannotDoError(f"{one!r} is not offered")
        yield fitting[0]


def pick(options: Sequence[Option], picked: Picked) -> list[str]:
    """Return the values of options named by label or value, or say which is not offered."""
    return list(_values(options, picked))


def _counted(
    component: StringSelect | EntitySelect | CheckboxGroup | FileUpload,
    name: str,
    picked: list[str],
) -> list[Json]:
    required = component.required is not False
    low = max(component.min_values or 0, 1) if required else 0
    if picked and not low <= len(picked) <= (component.max_values or len(picked)):
        raise CannotDoError(f"{name!r} does not take {len(picked)}")
    if required and component.min_values != 0 and not picked:
        raise CannotDoError(f"{name!r} has to be filled in")
    return list(picked)
