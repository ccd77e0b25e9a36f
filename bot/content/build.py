"""A tree of texts → one of our values, with every misfit told in a moderator's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.content.problems import Problem
from bot.core.faq import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from bot.content.yamlread import Path, Tree

R = TypeVar("R", bound=Record)

_HOW: Final[Mapping[str, str]] = {
    "question": "write the question in one line",
    "also_asked": "write one wording per line, each starting with a dash and a space",
    "evidence": "write one label from wording.yaml, like guideline",
    "sources": "write ids from sources.yaml in square brackets, like [article, sharrack-2020]",
    "claims": "write the claims in square brackets, like [A03, A08], or [] for none",
    "advice": "write none, low, med or high",
    "related": "write ids of other entries in square brackets, like [ahsct-steps]",
    "reviewed": "write the date as year-month-day, like 2026-11-22",
    "answer": "write the answer under the second --- line",
    "id": "use small letters, digits and single dashes, like ahsct-cost",
    "topic": "use small letters, digits and single dashes, like ahsct",
    "url": "write the whole address, beginning with https://",
    "doi": "write the DOI alone, like 10.1001/jama.2018.18743",
    "year": "write the year, like 2020, or undated",
    "must": "write answer, offer, decline, urgent, crisis, guard, calm or general",
    "ask": 'write the question in double quotes, up to 4,000 characters, like "is ms curable"',
    "harm": "write crisis, urgent or advice",
}
_HOW_ELSE: Final = "see faq/README.md for how this file is written"


def build(
    model: type[R], tree: Tree, file: str, extra: Mapping[str, object] | None = None
) -> tuple[R | None, list[Problem]]:
    """Return `model` made of `tree` and `extra`, or None and every problem with its line."""
    if not isinstance(tree.value, dict):
        told = Problem(file, tree.line(()), "this is not a list of `name: value` lines", _HOW_ELSE)
        return None, [told]
    try:
        return model.model_validate({**tree.value, **(extra or {})}), []
    except ValidationError as error:
        return None, [_problem(model, detail, tree, file) for detail in error.errors()]


def _problem(model: type[Record], detail: ErrorDetails, tree: Tree, file: str) -> Problem:
    path: Path = detail["loc"]
    # A value that may be of two types is reported once for each, with the type in the path.
    path = tuple(part for part in path if not str(part).startswith(("literal[", "constrained")))
    name = _last_name(path)
    what, instead = _told(model, detail, name)
    return Problem(file, tree.line(path), what, instead)


def _last_name(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "the file")


def _told(model: type[Record], detail: ErrorDetails, name: str) -> tuple[str, str]:
    how = _HOW.get(name, _HOW_ELSE)
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"`{name}` is missing", how
        case "extra_forbidden":
            return f"`{name}` is not a name this file knows", _nearest(model, name)
        case "tuple_type" | "list_type":
            return f"`{name}` must be a list", how
        case "mapping_type" | "dict_type" | "model_type" | "model_attributes_type":
            return f"`{name}` must be lines of `name: value`", how
        case "string_type":
            return f"`{name}` must be one text", how
        case "string_too_short" | "value_error":
            return f"`{name}` holds nothing to read", how
        case "string_too_long":
            most = context.get("max_length", 0)
            return f"a text of `{name}` is longer than {most} characters", "shorten it"
        case "too_short":
            least = context.get("min_length", 1)
            return f"`{name}` needs at least {least}", how
        case "too_long":
            most = context.get("max_length", 0)
            return f"`{name}` holds more than {most}", "remove the weakest ones"
        case "string_pattern_mismatch":
            return f"`{name}` is not written as it has to be", how
        case _:
            return f"`{name}` cannot be read", how


def _nearest(model: type[Record], name: str) -> str:
    known = [field.alias or key for key, field in model.model_fields.items()]
    found = process.extractOne(name, known, scorer=OSA.distance, score_cutoff=3)
    if found is None:
        return "remove it, or check its spelling"
    return f"did you mean `{found[0]}`?"
