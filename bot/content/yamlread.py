"""YAML as moderators mean it: every value is text, every value knows its line, nothing clever.

Read from the parser's events, so that `no` stays the word "no", an alias is refused before
anything is expanded, and a problem can name the line where it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import yaml

from bot.content.problems import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

_MAX_DEPTH: Final = 8
# libyaml where the wheel has it (ten times faster), the same events either way.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How one complaint of the parser is told."""

    said: str
    what: str
    instead: str
    where_it_opens: bool = False
    """Whether the line to mend is where the text or bracket begins, not where it fails."""


_SECOND: Final = ("a second document begins here", "remove the line of dashes or dots")
# What libyaml says, in the part that the pure Python parser says too.
_SYNTAX: Final = (
    _Syntax(
        "mapping values are not allowed",
        "a colon followed by a space stands inside a text",
        'put the whole text in double quotes, like "AHSCT: what is it"',
    ),
    _Syntax(
        "found a tab character",
        "a tab stands where spaces must",
        "use spaces instead of tabs",
    ),
    _Syntax(
        "could not find expected ':'",
        "this line is neither `name: value` nor `- value`",
        "write the name, a colon, a space and the value",
        where_it_opens=True,
    ),
    _Syntax(
        "expected ',' or ",
        "a bracket is not closed, or a comma is missing",
        "write lists like [article, sharrack-2020]; a text with brackets goes in double quotes",
        where_it_opens=True,
    ),
    _Syntax(
        "expected alphabetic or numeric character",
        "a text begins with * or &",
        "put the whole text in double quotes",
    ),
    _Syntax(
        "found unknown escape character",
        "a backslash stands inside double quotes",
        "use single quotes, or write the backslash twice",
    ),
    _Syntax(
        "unexpected end of stream",
        "a quotation mark is opened here and not closed",
        "close the text with the same quotation mark, or use none",
        where_it_opens=True,
    ),
    _Syntax(
        "unexpected document indicator",
        "a quotation mark is opened here and not closed",
        "close the text with the same quotation mark, or use none",
        where_it_opens=True,
    ),
    _Syntax("expected <document start>", *_SECOND),
    _Syntax(
        "expected ",
        "this line does not fit the lines above it",
        "indent the lines of one list alike, with spaces",
    ),
)
_TOO_DEEP: Final = (
    "lists stand inside lists, more than eight deep",
    "write one plain list, or put the text in double quotes if it begins with a bracket",
)
_CANNOT_BEGIN: Final = "cannot start any token"
_SYNTAX_ELSE: Final = (
    "this line cannot be read",
    "compare it with an entry that works; a text with : # or quotes goes in double quotes",
)

INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What no editor shows: control characters, other line ends, marks and halves of characters."""


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
        line, what, instead = _told(error, text)
        raise YamlError(first_line + line, what, instead) from error
    except yaml.YAMLError as error:
        raise YamlError(first_line, *_SYNTAX_ELSE) from error


def _told(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """Return the line (from 0) to mend, what is wrong with it, and what to write."""
    said = error.problem or ""
    mark = error.problem_mark or error.context_mark
    lines = text.rstrip("\n").split("\n")
    number = min(mark.line, len(lines) - 1) if mark is not None else 0
    column = mark.column if mark is not None else 0
    before, rest = lines[number][:column].rstrip(), lines[number][column:]
    if _CANNOT_BEGIN in said:
        if rest.startswith("\t"):
            return number, "a tab stands where spaces must", "use spaces instead of tabs"
        return number, f"a text begins with {rest[:1]}", "put the whole text in double quotes"
    if said.startswith(("did not find expected key", "did not find expected '-'")) and before:
        closed = "quotation mark" if before.endswith(('"', "'")) else "bracket"
        what = f"words stand after a closing {closed}"
        return number, what, "put the whole text in one pair of quotation marks"
    known = next((one for one in _SYNTAX if one.said in said), None)
    if known is None:
        return number, *_SYNTAX_ELSE
    if known.where_it_opens and error.context_mark is not None:
        number = min(error.context_mark.line, len(lines) - 1)
    return number, known.what, known.instead


class _Reader:
    def __init__(self, text: str, first_line: int) -> None:
        self._text_lines = text.split("\n")
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        # What is missing at the end of a text is told on its last line, not below it.
        self._last = text.rstrip("\n").count("\n")
        self._first_line = first_line
        self._lines: dict[Path, int] = {}

    def read(self) -> Tree:
        value: Value = ""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._lines:
                    raise YamlError(self._line(event), *_SECOND)
                value = self._value(next(self._events), ())
        return Tree(value, self._lines)

    def _line(self, event: yaml.Event) -> int:
        mark = event.start_mark
        return self._first_line + (min(mark.line, self._last) if mark is not None else 0)

    def _value(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_clever(event)
        if len(path) > _MAX_DEPTH:
            raise YamlError(self._line(event), *_TOO_DEEP)
        self._lines[path] = self._line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        self._refuse_swallowed(event)
        return self._text(event)

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
            name = self._text(event)
            if name in found:
                what = f"`{shown(name)}` stands here a second time"
                raise YamlError(self._line(event), what, "keep one of the two")
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

    def _refuse_swallowed(self, event: yaml.Event) -> None:
        """Refuse a line that begins with a dash and yet belongs to the plain text above it."""
        if getattr(event, "style", None) or event.start_mark is None or event.end_mark is None:
            return
        for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
            if self._text_lines[number : number + 1] and self._begins_with_dash(number):
                what = "this line begins with a dash, yet belongs to the text above it"
                instead = "indent it like the other lines of its list"
                raise YamlError(self._first_line + number, what, instead)

    def _begins_with_dash(self, number: int) -> bool:
        return self._text_lines[number].lstrip().startswith("- ")

    def _text(self, event: yaml.Event) -> str:
        value: object = getattr(event, "value", "")
        text = value if isinstance(value, str) else ""
        if INVISIBLE.search(text):
            raise YamlError(
                self._line(event),
                "a text holds an invisible character, written with a backslash",
                "remove it, or write the backslash twice",
            )
        return text
