"""Everything that has to change for an entry to leave the FAQ: its file, and what names it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from bot.content.folder import Folder
from bot.content.yamlread import YamlError, read_yaml
from bot.core.cases import Must
from bot.core.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.content.yamlread import Path as Place
    from bot.content.yamlread import Tree, Value

_WITH_OFFERS: Final = ("discord.yaml", "wording.yaml", "urgent.yaml", "advice.yaml")
_NAMING: Final = frozenset({"related", "starters", "offer", "entries", "or"})
"""Lists of ids of entries."""
_FOR_AN_OFFER: Final = 2
_DASHES: Final = "---"


def retire(root: Path, entry_id: str) -> list[Change]:
    """Return what has to change in the FAQ in `root` for an entry to leave it.

    Lists that name it lose its id, and cases about it go; what cannot be read is left alone, and
    the check tells of it.
    """
    folder = Folder(root)
    entries, _ = folder.entry_paths()
    cases, _ = folder.case_paths()
    changes = [Change(folder.name(one), None) for one in entries if one.stem == entry_id]
    for path in (*entries, *(root / name for name in _WITH_OFFERS), *cases):
        if path.stem == entry_id and path in entries:
            continue
        file, _ = folder.read(path)
        if file is None or entry_id not in file.text:
            continue
        text = _without(file.text, entry_id)
        if text != file.text:
            changes.append(Change(file.name, text))
    return changes


def _without(text: str, entry_id: str) -> str | None:
    """Return the text of a file without the id; None if nothing else is left of it."""
    lines = text.split("\n")
    end, first = len(lines), 1
    if lines[0].rstrip() == _DASHES:
        end = next((n for n, line in enumerate(lines) if n and line.rstrip() == _DASHES), end)
        first = 2
    try:
        tree = read_yaml("\n".join(lines[first - 1 : end]), first)
    except YamlError:
        return text
    kept: dict[int, str | None] = {}
    for place in (*_named(tree.value, entry_id), *_notes(tree, entry_id)):
        number = tree.line(place) - 1
        kept[number] = _line_without(kept.get(number, lines[number]) or "", entry_id)
    gone = list(_cases_gone(tree, entry_id))
    for number in gone:
        until = tree.lines.get(("cases", number + 1), end + 1)
        kept.update(dict.fromkeys(range(tree.line(("cases", number)) - 1, until - 1)))
    found = (kept.get(number, line) for number, line in enumerate(lines))
    nothing_left = bool(gone) and len(gone) == len(_cases(tree))
    return None if nothing_left else "\n".join(line for line in found if line is not None)


def _named(value: Value, entry_id: str, at: Place = ()) -> Iterator[Place]:
    """Yield where a list of ids of entries has this one."""
    match value:
        case dict():
            for name, part in value.items():
                yield from _named(part, entry_id, (*at, name))
        case list():
            for number, part in enumerate(value):
                if part == entry_id and at and at[-1] in _NAMING:
                    yield (*at, number)
                elif not isinstance(part, str):
                    yield from _named(part, entry_id, (*at, number))
        case _:
            return


def _line_without(line: str, entry_id: str) -> str | None:
    quoted = rf"[\"']?{re.escape(entry_id)}[\"']?"
    if re.fullmatch(rf"\s*(-\s+|entry:\s*){quoted}\s*(#.*)?", line):
        return None
    inside = re.sub(rf"(?<=[\[,])\s*{quoted}\s*(?=[,\]])", "", line, count=1)
    return re.sub(r",\s*(?=\])", "", re.sub(r"\[,\s*", "[", inside)).replace(",,", ",")


def _cases(tree: Tree) -> list[Mapping[str, object]]:
    value = tree.value.get("cases") if isinstance(tree.value, dict) else None
    found = value if isinstance(value, list) else []
    return [cast("Mapping[str, object]", one) for one in found if isinstance(one, dict)]


def _notes(tree: Tree, entry_id: str) -> Iterator[Place]:
    """Yield where the entry is only a note: the case promises something else, and stays."""
    for number, case in enumerate(_cases(tree)):
        if case.get("entry") == entry_id and case.get("must") != Must.ANSWER:
            yield ("cases", number, "entry")


def _cases_gone(tree: Tree, entry_id: str) -> Iterator[int]:
    """Yield the cases that ask for nothing once the entry is gone."""
    for number, case in enumerate(_cases(tree)):
        listed = case.get("entries")
        entries = cast("list[object]", listed) if isinstance(listed, list) else []
        too_few = entry_id in entries and len(entries) <= _FOR_AN_OFFER
        answered = case.get("entry") if case.get("must") == Must.ANSWER else None
        if entry_id in {answered, case.get("after")} or too_few:
            yield number
