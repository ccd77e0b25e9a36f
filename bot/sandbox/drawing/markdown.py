"""Discord's Markdown: headings, small print, quotes and lists, and the lines in them."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.sandbox.drawing.inline import Names, Reading, inline
from bot.sandbox.drawing.markup import Safe, box, element, join

# A fence may run over line ends, and what looks like a heading within it is none.
_LINE: Final = re.compile(r"(?:```.+?```|[^\n])*+(?:\n|\Z)", re.DOTALL)
_HEADING: Final = re.compile(r" *(#{1,3})[^\S\n]+(?=[^\s#])")
_SMALL: Final = re.compile(r"-#[^\S\n]+(?=\S)(?!-#)")
_QUOTED: Final = re.compile(r" *>(?!>>) +")
_QUOTED_REST: Final = re.compile(r" *>>> +")
_ITEM: Final = re.compile(r"( *)([*+-]|\d{1,9}\.) +(?=\S)")
_DEEPEST_LIST: Final = 11


@dataclass(frozen=True)
class _Blocks:
    reading: Reading
    depth: int = 0
    quoted: bool = False


def markdown(source: str, names: Names | None = None) -> Safe:
    """Return the drawing of a whole text. What is no Markdown comes out as it was written."""
    return box("text", _blocks(source, _Blocks(Reading(names or {}))))


def markdown_line(source: str, names: Names | None = None) -> Safe:
    """Return the drawing of a text on one line, as a preview of it."""
    return inline(" ".join(source.split()), Reading(names or {}))


def _lines(source: str) -> list[str]:
    """Split into lines, each with its line end; a fenced block is never split."""
    return [line for line in _LINE.findall(source) if line]


def _blocks(source: str, where: _Blocks) -> Safe:
    lines = _lines(source)
    parts: list[Safe] = []
    plain: list[str] = []
    while lines:
        taken = _block(lines, where)
        if taken is None:
            plain.append(lines.pop(0))
            continue
        part, count = taken
        parts += _paragraph(plain, where)
        plain.clear()
        parts.append(part)
        del lines[:count]
    return join(*parts, *_paragraph(plain, where))


def _paragraph(lines: Sequence[str], where: _Blocks) -> list[Safe]:
    text = "".join(lines)
    return [box("line", inline(text, where.reading))] if text else []


def _block(lines: Sequence[str], where: _Blocks) -> tuple[Safe, int] | None:
    """Return what begins with the first line and how many lines it takes, if a block does."""
    first = lines[0]
    if found := _HEADING.match(first):
        said = inline(first[found.end() :].strip(), where.reading)
        return element(f"h{len(found[1])}", {}, said), 1
    if found := _SMALL.match(first):
        return element("small", {}, inline(first[found.end() :].strip(), where.reading)), 1
    if not where.quoted and (_QUOTED.match(first) or _QUOTED_REST.match(first)):
        return _quote(lines, where)
    if where.depth < _DEEPEST_LIST and _ITEM.match(first):
        count = _length_of_list(lines)
        return _list(lines[:count], where), count
    return None


def _quote(lines: Sequence[str], where: _Blocks) -> tuple[Safe, int]:
    if rest := _QUOTED_REST.match(lines[0]):
        count, inside = len(lines), "".join(lines)[rest.end() :]
    else:
        ends = (place for place, line in enumerate(lines) if not _QUOTED.match(line))
        count = next(ends, len(lines))
        quoted = "".join(lines[:count]).splitlines(keepends=True)
        inside = "".join(_QUOTED.sub("", line, count=1) for line in quoted)
    return element("blockquote", {}, _blocks(inside, replace(where, quoted=True))), count


def _length_of_list(lines: Sequence[str]) -> int:
    """Count the lines that belong to a list: its items, and what is set in under them."""
    ends = (place for place, line in enumerate(lines) if not _continues(line))
    return next(ends, len(lines))


def _continues(line: str) -> bool:
    return bool(_ITEM.match(line)) or (line.startswith(" ") and bool(line.strip()))


def _list(lines: Sequence[str], where: _Blocks) -> Safe:
    items: list[list[str]] = []
    own = _indent(lines[0])
    for line in lines:
        if _ITEM.match(line) and (not items or _indent(line) <= own):
            items.append([line])
        else:
            items[-1].append(line)
    first = _ITEM.match(lines[0])
    number = first[2].rstrip(".") if first else ""
    drawn = [element("li", {}, _item(item, where)) for item in items]
    if number.isdigit():
        return element("ol", {"start": number}, *drawn)
    return element("ul", {}, *drawn)


def _item(lines: Sequence[str], where: _Blocks) -> Safe:
    inside = _ITEM.sub("", lines[0], count=1) + textwrap.dedent("".join(lines[1:]))
    return _blocks(inside.rstrip("\n"), replace(where, depth=where.depth + 1))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
