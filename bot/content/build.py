"""A tree of texts → one of our values, with every misfit told in a moderator's words."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Final, TypeVar, Union, cast, get_args, get_origin

from pydantic import ValidationError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.content.problems import Problem, shown
from bot.core.faq import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sized

    from pydantic_core import ErrorDetails

    from bot.content.yamlread import Path, Tree

R = TypeVar("R", bound=Record)

_MOST: Final = 100
"""Problems told of one file; a file with more was never meant to be one of ours."""

_SLUG: Final = "use small letters, digits and single dashes"
_SOURCES: Final = "write ids from sources.yaml in square brackets, like [article, sharrack-2020]"
_ENTRIES: Final = "write ids of entries in square brackets, like [ahsct-steps, ahsct-cost]"
_EVIDENCE: Final = "write one label from wording.yaml, like guideline"
_DATE: Final = "write the date as year-month-day, like 2026-11-22"
_FEW: Final = "write a few words, 45 characters at most"
_CALIBRATE: Final = "run `msfaq calibrate`, which writes this file"
_LINES: Final = "write each on a line of its own, beginning with a dash and a space"
_NAMED: Final = "write each on a line of its own, as `name: value`"
_HOW_ELSE: Final = "see faq/README.md for how this file is written"
_HOW: Final[Mapping[str, str]] = {
    "Entry.id": f"{_SLUG}, like ahsct-cost.md",
    "Entry.topic": f"{_SLUG}, like ahsct",
    "Entry.question": "write the question in one line",
    "Entry.also_asked": "write one wording per line, each starting with a dash and a space",
    "Entry.evidence": _EVIDENCE,
    "Entry.sources": _SOURCES,
    "Entry.claims": "write the claims in square brackets, like [A03, A08], or [] for none",
    "Entry.advice": "write none, low, med or high",
    "Entry.related": f"{_ENTRIES}, or [] for none",
    "Entry.reviewed": _DATE,
    "Entry.answer": "write the answer under the second --- line",
    "Source.id": f"{_SLUG}, like sharrack-2020",
    "Source.authors": "write them as in the paper, like Sharrack B and others",
    "Source.title": "write the title of the paper or page",
    "Source.journal": "write the journal, or the site the page is on",
    "Source.year": "write the year, like 2020, or undated",
    "Source.doi": "write the DOI alone, like 10.1001/jama.2018.18743",
    "Source.url": "write the whole address, beginning with https://",
    "Source.kind": "write one of source_kinds in wording.yaml, like guideline",
    "Wording.disclaimer": "write the sentence that stands under every answer",
    "Wording.evidence": "write each label and its words, like guideline: A guideline of experts",
    "Talk.starters": _ENTRIES,
    "Talk.topics": "write each folder and its name, like ahsct: Stem-cell transplantation",
    "Talk.countries": "write two small letters and the name each, like nz: New Zealand",
    "Feedback.helpful": _FEW,
    "Sending.title": _FEW,
    "Sending.label": _FEW,
    "FixedText.sources": _SOURCES,
    "FixedText.evidence": _EVIDENCE,
    "FixedText.reviewed": _DATE,
    "FixedText.offer": _ENTRIES,
    "Rule.harm": "write crisis, urgent or advice",
    "Rule.phrases": "write one phrase per line, each starting with a dash and a space",
    "Rule.matches": "write at least three messages that must raise the alarm",
    "Rule.must_not_match": "write at least three messages that only look alike",
    "Case.ask": 'write the question in double quotes, up to 4,000 characters, like "is ms curable"',
    "Case.must": "write answer, offer, decline, urgent, crisis, guard, calm or general",
    "Case.entry": "write the id of one entry, like ahsct-cost",
    "Case.entries": _ENTRIES,
    "Case.or": _ENTRIES,
    "Examples.kind": "write urgent, crisis, guard, calm or general",
    "_SourcesFile.sources": "write `sources:` and under it the sources, each after a dash",
    "_ClaimsFile.claims": "write `claims:` and under it the claims, like A01: what it says",
    "_CasesFile.cases": "write `cases:` and under it the cases, each after a dash",
}
_GIVEN: Final[Mapping[str, tuple[str, str]]] = {
    # What a file does not say in its header: how it is called, and why it must not stand there.
    "id": ("the file's name", "remove it; the file's name says it"),
    "topic": ("the folder's name", "remove it; the folder's name says it"),
    "answer": ("the answer", "remove it, and write the answer under the second --- line"),
}


def build(
    model: type[R], tree: Tree, file: str, given: Mapping[str, object] | None = None
) -> tuple[R | None, list[Problem]]:
    """Return `model` made of `tree` and what is `given` beside it, or None and every problem."""
    given = given or {}
    if not isinstance(tree.value, dict):
        what = "this is not a list of `name: value` lines"
        return None, [Problem(file, tree.line(()), what, _HOW_ELSE)]
    problems = [
        Problem(file, tree.line((name,)), f"`{name}` does not belong here", _GIVEN[name][1])
        for name in given
        if name in tree.value
    ]
    try:
        value = model.model_validate({**tree.value, **given})
    except ValidationError as error:
        details = filter(_is_told, error.errors(include_url=False))
        problems += (_problem(model, detail, tree, file, given) for detail in details)
        return None, _first(problems, file)
    return (None, problems) if problems else (value, [])


def _is_told(detail: ErrorDetails) -> bool:
    # A list of eight with one misfit is also reported as too short: it then holds seven.
    least = detail.get("ctx", {}).get("min_length", 0)
    return detail["type"] != "too_short" or _count(detail["input"]) < least


def _first(problems: list[Problem], file: str) -> list[Problem]:
    problems = sorted(set(problems))
    if len(problems) <= _MOST:
        return problems
    more, line = len(problems) - _MOST, problems[_MOST].line
    what = f"from here on {more:,} more things are wrong in this file"
    return [*problems[:_MOST], Problem(file, line, what, "mend those above first")]


def _problem(
    model: type[Record], detail: ErrorDetails, tree: Tree, file: str, given: Mapping[str, object]
) -> Problem:
    path: Path = detail["loc"]
    # A value that may be of two types is reported once for each, with the type in the path.
    if path not in tree.lines and str(path[-1]).startswith(("literal[", "constrained-")):
        path = path[:-1]
    name = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    record = _record_at(model, path)
    if detail["type"] == "extra_forbidden":
        known = [field.alias or key for key, field in record.model_fields.items()]
        instead = _nearest(name, [one for one in known if record is not model or one not in given])
        what = f"`{shown(name)}` is not a name this file knows"
        return Problem(file, tree.line(path), what, instead)
    called = _GIVEN[name][0] if name in given else f"`{shown(name)}`"
    how = _CALIBRATE if record.__name__ == "Calibration" else _HOW.get(f"{record.__name__}.{name}")
    what, instead = _told(detail, called, how, in_list=isinstance(path[-1], int))
    return Problem(file, tree.line(path), what, instead)


def _told(detail: ErrorDetails, called: str, how: str | None, *, in_list: bool) -> tuple[str, str]:
    else_ = how or _HOW_ELSE
    one = f"a text under {called}" if in_list else called
    context = detail.get("ctx", {})
    written: object = detail["input"]
    match detail["type"]:
        case "missing":
            return f"{called} is missing", else_
        case "tuple_type" | "list_type":
            return f"{called} must be a list", how or _LINES
        case "mapping_type" | "dict_type" | "model_type" | "model_attributes_type":
            what = "must be lines of `name: value`"
            return f"{'each of ' if in_list else ''}{called} {what}", how or _NAMED
        case "string_type" if isinstance(written, dict):
            what = f"a text under {called} has a colon followed by a space"
            return what, 'put the whole text in double quotes, like "AHSCT: what is it"'
        case "string_type":
            return f"{called} must be one text, not a list", else_
        case "string_too_short" | "value_error":
            return f"{one} holds nothing to read", else_
        case "string_too_long":
            most = context.get("max_length", 0)
            return f"{one} has more than {most:,} characters", "shorten it"
        case "too_short":
            least = context.get("min_length", 1)
            return f"{called} needs at least {least}, here are {_count(written)}", else_
        case "too_long":
            most = context.get("max_length", 0)
            return f"{called} may hold {most}, here are {_count(written)}", "remove the weakest"
        case _:
            shown_ = f"“{shown(written)}”" if isinstance(written, str) else "this"
            return f"{called} cannot {'hold' if in_list else 'be'} {shown_}", else_


def _count(written: object) -> int:
    return len(cast("Sized", written)) if isinstance(written, list | dict) else 0


def _record_at(model: type[Record], path: Path) -> type[Record]:
    """Return the record in which the last name of `path` stands."""
    record, kind = model, model
    for part in path:
        if isinstance(kind, type) and issubclass(kind, Record):
            record = kind
            fields = record.model_fields.items()
            kind = next((f.annotation for key, f in fields if part in {key, f.alias}), None)
            if get_origin(kind) in {Union, UnionType}:
                kind = next(one for one in get_args(kind) if one is not NoneType)
        else:
            # What a list or a mapping holds.
            kind = next((one for one in reversed(get_args(kind)) if one is not Ellipsis), None)
    return record


def _nearest(name: str, known: list[str]) -> str:
    most = max(1, len(name) // 3)
    found = process.extractOne(name, known, scorer=OSA.distance, score_cutoff=most)
    if found is None:
        return "remove it, or check its spelling"
    return f"did you mean `{found[0]}`?"
