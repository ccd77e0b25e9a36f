"""YAML as moderators mean it: every value is text, every value knows its line, nothing clever.

Read from the parser's events, so that `no` stays the word "no", an alias is refused before
anything is expanded, and a problem can name the line where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_MAX_DEPTH: Final = 8
# libyaml where the wheel has it (ten times faster), the same events either way.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SYNTAX: Final[Mapping[str, tuple[str, str]]] = {
    "mapping values are not allowed": (
        "a colon followed by a space stands inside a text",
        'put the whole text in double quotes, like "AHSCT: what is it"',
    ),
    "found character that cannot start any token": (
        "a tab or a special character stands where a value should begin",
        "use spaces instead of tabs, and put the text in double quotes",
    ),
    "could not find expected ':'": (
        "this line is neither `name: value` nor `- value`",
        "write the name, a colon, a space and the value",
    ),
    "did not find expected ',' or": (
        "a square bracket is not closed, or a comma is missing",
        "write lists in brackets like [article, sharrack-2020]",
    ),
    "did not find expected key": (
        "the indentation of this line does not fit the lines above",
        "indent the lines of one list alike, with spaces",
    ),
    "did not find expected '-' indicator": (
        "the indentation of this line does not fit the lines above",
        "indent the lines of one list alike, with spaces",
    ),
    "unexpected end of stream": (
        "a quotation mark is opened and not closed",
        'close the text with the same quotation mark, or use none ("…")',
    ),
}
_SYNTAX_ELSE = (
    "this line cannot be read",
    "compare it with an entry that works; a text with : # or quotes goes in double quotes",
)


class YamlError(Exception):
    """The text is not the YAML we read. Carries the line (from 1), what is wrong, what to write."""

    def __init__(self, line: int, what: str, instead: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Tree:
    """A value, and on which line of the file each part of it begins."""

    value: Value
    lines: dict[Path, int] = field(default_factory=dict[Path, int])

    def line(self, path: Path) -> int:
        """Return the line of the part at `path`, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, first_line: int = 1) -> Tree:
    """Read one YAML document; `first_line` is the line of the file on which `text` begins.

    Raises:
        YamlError: for broken syntax, an anchor, alias or tag, a name given twice, more than one
            document, or more than eight levels.

    """
    try:
        return _Reader(text, first_line).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark is not None else 0)
        known = (_SYNTAX[key] for key in _SYNTAX if key in (error.problem or ""))
        raise YamlError(line, *next(known, _SYNTAX_ELSE)) from error
    except yaml.YAMLError as error:
        raise YamlError(first_line, *_SYNTAX_ELSE) from error


class _Reader:
    def __init__(self, text: str, first_line: int) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._first_line = first_line
        self._lines: dict[Path, int] = {}

    def read(self) -> Tree:
        value: Value = ""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._lines:
                    raise YamlError(
                        self._line(event), "a second document begins here", "remove the --- line"
                    )
                value = self._value(next(self._events), ())
        return Tree(value, self._lines)

    def _line(self, event: yaml.Event) -> int:
        mark = event.start_mark
        return self._first_line + (mark.line if mark is not None else 0)

    def _value(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_clever(event)
        if len(path) > _MAX_DEPTH:
            raise YamlError(self._line(event), "the lists are nested too deep", "flatten them")
        self._lines[path] = self._line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return _text(event)

    def _list(self, path: Path) -> Value:
        items: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> Value:
        found: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_clever(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise YamlError(self._line(event), *_SYNTAX_ELSE)
            name = _text(event)
            if name in found:
                raise YamlError(
                    self._line(event), f"`{name}` stands here a second time", "keep one of the two"
                )
            found[name] = self._value(next(self._events), (*path, name))
            self._lines[(*path, name)] = self._line(event)
        return found

    def _refuse_clever(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(
                self._line(event),
                "YAML anchors and aliases (& and *) are not allowed",
                "write the text out, or put it in double quotes if it begins with & or *",
            )
        if getattr(event, "tag", None):
            raise YamlError(
                self._line(event),
                "YAML tags (words that begin with !) are not allowed",
                "put the text in double quotes if it begins with !",
            )


def _text(event: yaml.Event) -> str:
    value: object = getattr(event, "value", "")
    return value if isinstance(value, str) else ""
