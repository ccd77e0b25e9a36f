"""YAML as moderators mean it: every value a text with its line, and nothing clever."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.yamlread import Tree, YamlError, read_yaml

COLON: Final = "a colon followed by a space stands inside a text"
NEITHER: Final = "this line is neither `name: value` nor `- value`"
INDENT: Final = "this line does not fit the lines above it"
BRACKET: Final = "a bracket is not closed, or a comma is missing"
QUOTE: Final = "a quotation mark is opened here and not closed"
TAB: Final = "a tab stands where spaces must"
ANCHOR: Final = "YAML anchors and aliases (& and *) are not allowed"
TAG: Final = "YAML tags (words that begin with !) are not allowed"
SECOND: Final = "a second document begins here"
DEEP: Final = "lists stand inside lists, more than eight deep"
SWALLOWED: Final = "this line begins with a dash, yet belongs to the text above it"
INVISIBLE: Final = "a text holds an invisible character, written with a backslash"


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "null", "~", "1e3", "0x1F", "010", "2026-11-22", "1:30", ".inf", "="],
)
def test_every_value_is_the_text_that_was_written(word: str) -> None:
    """YAML would make these false, true, nothing, numbers, dates."""
    assert read_yaml(f"a: {word}\nb: [{word}]\n{word}: c\n").value == {
        "a": word,
        "b": [word],
        word: "c",
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n"])
def test_an_empty_file_is_an_empty_text(text: str) -> None:
    """Whoever expects names says so."""
    assert read_yaml(text) == Tree("", {(): 1} if text == "---\n" else {})


def test_every_part_knows_its_line() -> None:
    """The line of its name where it has one; else where it begins."""
    tree = read_yaml(
        "# first\nname: x\nlist:\n  - one\n\n  - two\nflow: [a,\n  b]\nblock: |\n  x\n"
        "things:\n  - id: 1\n    of:\n      z\n"
    )
    assert tree.lines == {
        (): 2,
        ("name",): 2,
        ("list",): 3,
        ("list", 0): 4,
        ("list", 1): 6,
        ("flow",): 7,
        ("flow", 0): 7,
        ("flow", 1): 8,
        ("block",): 9,
        ("things",): 11,
        ("things", 0): 12,
        ("things", 0, "id"): 12,
        ("things", 0, "of"): 13,
    }
    assert tree.line(("things", 0, "missing")) == 12
    assert tree.line(("nothing", "of", "it")) == 2
    assert Tree("").line(("a",)) == 1


def test_lines_are_counted_from_where_the_text_begins() -> None:
    """A header begins on the second line of its file."""
    assert read_yaml("a: x\nb: y\n", 2).line(("b",)) == 3
    with pytest.raises(YamlError) as raised:
        read_yaml("a: x\nb: y: z\n", 2)
    assert raised.value.line == 3


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: b\nc: d: e\n", 2, COLON),
        ("a: b\nc\nd: e\n", 2, NEITHER),
        ("a: b\nc\n", 2, NEITHER),
        ("a:\n  - b\n c: d\n", 3, INDENT),
        ("- a\nb: c\n", 2, INDENT),
        ("a:\n  - b\n   - c\n", 3, SWALLOWED),
        ("a: b\n  - c\n", 2, SWALLOWED),
        ("a: [b\nc: d\n", 1, BRACKET),
        ("a: b\nc: [d,\n  e\n", 2, BRACKET),
        ("a: {b: c\n", 1, BRACKET),
        ("a: [b c]]\n", 1, "words stand after a closing bracket"),
        ('a: "b\nc: d\n\n', 1, QUOTE),
        ("a: x\nb: 'c\n", 2, QUOTE),
        ('a: "b" c\n', 1, "words stand after a closing quotation mark"),
        ("a: 'it's'\n", 1, "words stand after a closing quotation mark"),
        ("a:\n\t- b\n", 2, TAB),
        ("a:\n  - b\n\t- c\n", 3, TAB),
        ("\ta: b\n", 1, TAB),
        ("a: @here\n", 1, "a text begins with @"),
        ("a: `b`\n", 1, "a text begins with `"),
        ("a: x\nb: %c\n", 2, "a text begins with %"),
        ("a: *b\n", 1, ANCHOR),
        ("a: &b c\n", 1, ANCHOR),
        ("&b a: c\n", 1, ANCHOR),
        ("a: &b [c]\n", 1, ANCHOR),
        ("a: x\n<<: *b\n", 2, ANCHOR),
        ("a: *b* c\n", 1, "a text begins with * or &"),
        ("a: & c\n", 1, "a text begins with * or &"),
        ("a: !b c\n", 1, TAG),
        ("a: !!str c\n", 1, TAG),
        ("a: ! c\n", 1, TAG),
        ("!!python/object:os.system {a: b}\n", 1, TAG),
        ("a: b\na: c\n", 2, "`a` stands here a second time"),
        ("a: b\nc: {d: e,\n  d: f}\n", 3, "`d` stands here a second time"),
        ("a: b\n---\nc: d\n", 2, SECOND),
        ("a: b\n...\nc: d\n", 3, SECOND),
        ("? [a]\n: b\n", 1, "this line cannot be read"),
        ("%YAML 9.9\n---\na: b\n", 1, "this line cannot be read"),
        ('a: "\\q"\n', 1, "a backslash stands inside double quotes"),
        ('a: "\\0"\n', 1, INVISIBLE),
        ('a: b\n"\\e[31m": c\n', 2, INVISIBLE),
        ('a: "\\L"\n', 1, INVISIBLE),
        ("a: " + "[" * 60_000, 1, DEEP),
        ("- " * 60 + "a", 1, DEEP),
        ("\n".join(" " * n + "a:" for n in range(20)), 10, DEEP),
    ],
)
def test_what_cannot_be_read_is_told_on_its_line(text: str, line: int, what: str) -> None:
    """With what to write instead, on the line where a moderator has to mend it."""
    with pytest.raises(YamlError) as raised:
        read_yaml(text)
    assert (raised.value.line, raised.value.what) == (line, what)
    assert raised.value.instead


def test_eight_levels_are_enough_and_allowed() -> None:
    """The deepest of our files has five."""
    assert read_yaml("[" * 8 + "a" + "]" * 8).value == [[[[[[[["a"]]]]]]]]


def test_texts_over_several_lines_are_read_as_written() -> None:
    """Folded, kept, quoted or plain; only a line that begins with a dash is taken for a slip."""
    text = "a: >-\n  - one\n  - two\nb: |\n  - one\nc: 'x\n  - y'\nd: x\n  -y\n"
    assert read_yaml(text).value == {"a": "- one - two", "b": "- one\n", "c": "x - y", "d": "x -y"}


def lines_of(text: str, first: int) -> list[int]:
    """Return the line of every part of `text`, or that of what is wrong with it."""
    try:
        return list(read_yaml(text, first).lines.values())
    except YamlError as error:
        return [error.line]


CLEVER: Final = "ab \n:-[]{}'\"#&*!|>%@`,?\t\\."


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(CLEVER) | st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_read_or_told_on_a_line_of_its_own(text: str) -> None:
    """Nothing but YamlError is raised, and the line is one of the text."""
    last = 7 + text.rstrip("\n").count("\n")
    assert all(7 <= line <= last for line in lines_of(text, 7))
