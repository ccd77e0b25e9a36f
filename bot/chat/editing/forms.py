"""The forms an editor fills in: which fields, how long, and what was typed into them.

A form is never kept: its custom id carries what it is for, and what was typed comes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.faq import Faq

LONGEST: Final = 4_000
"""Characters Discord takes in one field."""
_MOST_CHOICES: Final = 25
_ID: Final = 60
_QUESTION: Final = 200
_SHORT: Final = 420
_IDS: Final = 1_000
_DAY: Final = 10

NEW: Final = "new"
HEAD: Final = "head"
PARTS: Final = {
    "text": "Question and answer",
    "asked": "Other ways to ask it",
    HEAD: "Evidence, sources, advice, review",
    "case": "A test question",
}
"""What of an entry can be edited in a form of its own."""
_TITLES: Final = {**PARTS, NEW: "A new entry"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. With `choices` one of them is picked, else something is typed."""

    name: str
    label: str
    hint: str
    most: int = _QUESTION
    is_long: bool = False
    is_needed: bool = True
    choices: Sequence[tuple[str, str]] = ()


_QUESTION_FIELD: Final = Field("question", "Question", "The headline a reader sees")
_ASKED_FIELD: Final = Field(
    "also_asked",
    "Other ways to ask it, one a line",
    "At least 8, in different words: what people really type",
    LONGEST,
    is_long=True,
)
_CASE_FIELD: Final = Field(
    "case",
    "A test question, in other words than its own",
    "Something a member might type; the bot must find the entry by it, from now on",
)
_DETAIL: Final = "What follows; **bold** and lists with “- ” are fine"


def fields_of(part: str, faq: Faq) -> list[Field]:
    """Return the fields of the form for a part; empty for a part that there is not."""
    match part:
        case "text":
            short = "One or two plain sentences that answer the question"
            return [
                _QUESTION_FIELD,
                Field("short", "Short answer", short, _SHORT, is_long=True),
                Field("detail", "Detail", _DETAIL, LONGEST, is_long=True, is_needed=False),
            ]
        case "asked":
            return [_ASKED_FIELD]
        case "head":
            return _head(faq)
        case "case":
            return [_CASE_FIELD]
        case "new":
            answer = "The short answer, an empty line, then the detail"
            return [
                Field("id", "Id", "Small letters, digits and dashes; it is never changed", _ID),
                _QUESTION_FIELD,
                _ASKED_FIELD,
                Field("answer", "Answer", answer, LONGEST, is_long=True),
                _CASE_FIELD,
            ]
        case _:
            return []


def _head(faq: Faq) -> list[Field]:
    labels = list(faq.wording.evidence.items())[:_MOST_CHOICES]
    advice = [
        ("none", "none: nothing to act on"),
        ("low", "low: hardly anything to act on"),
        ("med", "med: a reader may act on it"),
        ("high", "high: a reader is likely to act on it"),
    ]
    return [
        Field("evidence", "What the main statement rests on", "", choices=labels),
        Field("sources", "Sources", "Ids from sources.yaml, with commas", _IDS, is_long=True),
        Field("advice", "How likely a reader is to act on it", "", choices=advice),
        Field("related", "Related entries", "Their ids, with commas", _IDS, is_needed=False),
        Field("reviewed", "Reviewed", "The day it was last checked: year-month-day", _DAY),
    ]


def too_long(part: str, faq: Faq, values: Mapping[str, str]) -> Field | None:
    """Return the first field of a part that cannot hold what stands there."""
    for field in fields_of(part, faq):
        if len(values.get(field.name, "")) > field.most:
            return field
    return None


def form(part: str, faq: Faq, values: Mapping[str, str], custom_id: str) -> ui.Modal:
    """Return the form for a part, filled with `values`."""
    modal = ui.Modal(title=_TITLES[part], custom_id=custom_id)
    for field in fields_of(part, faq):
        value = values.get(field.name, "")
        shown = _select(field, value) if field.choices else _input(field, value)
        modal.add_item(
            ui.Label[Any](text=field.label, description=field.hint or None, component=shown)
        )
    # The library must not keep it to listen for: what is sent is understood without it.
    modal.stop()
    return modal


def _input(field: Field, value: str) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.is_long else discord.TextStyle.short,
        default=value or None,
        required=field.is_needed,
        max_length=field.most,
    )


def _select(field: Field, value: str) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=label[:100], value=name, default=name == value)
        for name, label in field.choices
    ]
    return ui.Select(custom_id=field.name, options=options, required=field.is_needed)


def typed_in(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """Return what was typed or picked in a form that was sent, by the fields' names."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    typed: dict[str, str] = {}
    for row in data.get("components", ()):
        field = row.get("component", {})
        picked = field.get("values")
        value = picked[0] if picked else field.get("value")
        if "custom_id" in field:
            typed[str(field["custom_id"])] = str(value or "")
    return typed


def picked_in(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
    """Return what was picked in a menu of a message."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return tuple(str(one) for one in data.get("values", ()))


def by_fields(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the form of a new entry by the fields of the others."""
    rest = {name: text for name, text in typed.items() if name not in {"id", "answer"}}
    short, _, detail = typed["answer"].replace("\r\n", "\n").strip().partition("\n\n")
    return {**rest, "short": short.strip(), "detail": detail.strip()}
