"""Reading a request body, or refusing it with every problem in Discord's words."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.sandbox.errors import Problem, invalid_form
from bot.sandbox.wire.fields import Wire

Body = TypeVar("Body", bound=Wire)

_WORDS: Final = {
    "missing": ("BASE_TYPE_REQUIRED", "This field is required"),
    "literal_error": ("BASE_TYPE_CHOICES", "Value must be one of {expected}."),
    "enum": ("BASE_TYPE_CHOICES", "Value must be one of {expected}."),
    "greater_than_equal": ("NUMBER_TYPE_MIN", "int value should be greater than or equal to {ge}."),
    "less_than_equal": ("NUMBER_TYPE_MAX", "int value should be less than or equal to {le}."),
    "int_type": ("NUMBER_TYPE_COERCE", "Value is not int."),
    "int_parsing": ("NUMBER_TYPE_COERCE", "Value is not int."),
    "string_type": ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    "bool_type": ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
    "bool_parsing": ("BOOLEAN_TYPE_CONVERT", "Must be either true or false."),
    "string_pattern_mismatch": (
        "STRING_TYPE_REGEX",
        "String value did not match validation regex.",
    ),
    "tuple_type": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    "dict_type": ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
    "model_type": ("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType"),
}
"""pydantic's word for a problem → Discord's code and sentence."""


def read(
    shape: type[Body], sent: object, rules: Callable[[Body], Iterable[Problem]] | None = None
) -> Body:
    """`sent` as a `shape`, if it is one and keeps the `rules` that no single field can know."""
    try:
        body = shape.model_validate(sent)
    except ValidationError as error:
        raise invalid_form(_problem(detail) for detail in error.errors()) from None
    problems = tuple(rules(body)) if rules else ()
    if problems:
        raise invalid_form(problems)
    return body


def _problem(detail: ErrorDetails) -> Problem:
    # A tag names which of several shapes was tried; Discord's paths do not show it.
    path = tuple(step for step in detail["loc"] if not str(step).startswith("@"))
    if detail["type"].isupper():
        return Problem(path, detail["type"], detail["msg"])
    code, words = _WORDS.get(detail["type"], ("BASE_TYPE_BAD_TYPE", detail["msg"]))
    return Problem(path, code, words.format(**detail.get("ctx", {})))


def read_many(
    shape: type[Body], sent: object, rules: Callable[[Body], Iterable[Problem]]
) -> tuple[Body, ...]:
    """Return each of a list, or refuse it with every problem of every one, by its place."""
    if not isinstance(sent, list):
        raise invalid_form([Problem((), *_WORDS["tuple_type"])])
    found: list[Body] = []
    problems: list[Problem] = []
    for place, one in enumerate(cast("list[object]", sent)):
        try:
            body = shape.model_validate(one)
        except ValidationError as error:
            problems += [_problem(detail).within(place) for detail in error.errors()]
        else:
            found.append(body)
            problems += [problem.within(place) for problem in rules(body)]
    if problems:
        raise invalid_form(problems)
    return tuple(found)
