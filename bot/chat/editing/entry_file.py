"""The file of an entry, changed line by line: what an editor did not touch stays as it was."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import TYPE_CHECKING, Final, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_DASHES: Final = "---"
_NAME: Final = re.compile(r"^([a-z_]+)\s*:")
_NEEDS_NO_QUOTES: Final = re.compile(r"[A-Za-z0-9][\w ,.;!?()/&+%'-]*")
_LISTS: Final = frozenset({"sources", "claims", "related"})
_LINES: Final = "also_asked"
_HEADER: Final = (
    "question",
    _LINES,
    "evidence",
    "sources",
    "claims",
    "advice",
    "related",
    "reviewed",
)
_ANSWER: Final = ("short", "detail")
_BULLET: Final = re.compile(r"^\s*[-*•]\s+")


def values_in(text: str | None) -> dict[str, str] | None:
    """Return what stands in each field of a form for the text of an entry's file.

    None if it cannot be read as one; no field has anything where there is no file.
    """
    if text is None:
        return {}
    parts = _split(text)
    if parts is None:
        return None
    header, answer = parts
    try:
        # Every value is text here, as it is for who wrote it.
        found: object = yaml.load("\n".join(chain(*header.values())), Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError:
        return None
    if not isinstance(found, dict):
        return None
    read = {str(name): value for name, value in cast("dict[object, object]", found).items()}
    values = {name: _shown(name, read.get(name, "")) for name in _HEADER}
    short, _, detail = _plain_lines(answer).partition("\n\n")
    return {**values, "short": short.strip(), "detail": detail.strip()}


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        items = [str(one) for one in cast("list[object]", value) if isinstance(one, str)]
        return ("\n" if name == _LINES else ", ").join(items)
    return value if isinstance(value, str) else ""


def written(start: str | None, typed: Mapping[str, str]) -> str | None:
    """Return the text of an entry's file with what was typed in the place of what stood there.

    None if the file has no header that could be changed.
    """
    parts = _split(start) if start is not None else (dict[str, list[str]](), "")
    present = values_in(start)
    if parts is None or present is None:
        return None
    header, answer = parts
    for name in _HEADER:
        if name in typed or name not in header:
            header[name] = _lines(name, typed.get(name, ""))
    if not typed.keys().isdisjoint(_ANSWER):
        told = [typed.get(name, present.get(name, "")) for name in _ANSWER]
        answer = "\n\n".join(filter(None, (_plain_lines(part) for part in told))) + "\n"
    lines = [line for block in header.values() for line in block]
    return "\n".join((_DASHES, *lines, _DASHES, answer))


def with_case(before: str | None, entry_id: str, question: str) -> str:
    """Return a file of cases with one more: this question must be answered with the entry."""
    case = f"  - ask: {json.dumps(_one_line(question), ensure_ascii=False)}\n"
    case += f"    must: answer\n    entry: {_scalar(entry_id)}\n"
    before = before or "cases:\n"
    return before + ("" if before.endswith("\n") else "\n") + case


def changed(typed: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed where it differs from what stood there."""
    return {
        name: text
        for name, text in typed.items()
        if _plain_lines(text) != _plain_lines(present.get(name, ""))
    }


def _split(text: str) -> tuple[dict[str, list[str]], str] | None:
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == _DASHES), None)
    if lines[0].rstrip() != _DASHES or end is None:
        return None
    header: dict[str, list[str]] = {}
    block: list[str] = header.setdefault("", [])
    for line in lines[1:end]:
        named = _NAME.match(line)
        if named is not None:
            block = header.setdefault(named[1], [])
        block.append(line)
    return header, "\n".join(lines[end + 1 :])


def _lines(name: str, typed: str) -> list[str]:
    if name == _LINES:
        wordings = [_BULLET.sub("", line).strip() for line in typed.splitlines()]
        items = [f"  - {_scalar(line)}" for line in wordings if line]
        return [f"{name}:", *items] if items else [f"{name}: []"]
    if name in _LISTS:
        items = [_scalar(item) for item in re.split(r"[,;\s]+", typed.strip("[] \n")) if item]
        return [f"{name}: [{', '.join(items)}]"]
    return [f"{name}: {_scalar(typed)}"]


def _scalar(text: str) -> str:
    text = _one_line(text)
    plain = _NEEDS_NO_QUOTES.fullmatch(text) is not None
    return text if plain else json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
