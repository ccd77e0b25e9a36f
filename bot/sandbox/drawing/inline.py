"""Discord's Markdown within a line: emphasis, code, links, mentions, timestamps.

The patterns are those of Discord's own client, which grew out of simple-markdown. CommonMark reads
too much differently: it leaves `**Note:**text` as it is, which Discord shows in bold type.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from bot.sandbox.drawing.markup import Safe, element, join, link, span, words

Names: TypeAlias = Mapping[int, str]
"""What the ids of people, roles and channels are called."""

_DEEPEST: Final = 12
"""Emphasis within emphasis; what lies deeper is shown as it was written."""


@dataclass(frozen=True)
class Reading:
    """What is known while a text is read."""

    names: Names = field(default_factory=dict[int, str])
    depth: int = 0
    in_link: bool = False


Drawn: TypeAlias = tuple[Safe, int] | None
"""What came of a match and where it ends, or nothing where it only looked like one."""

_Maker: TypeAlias = Callable[[re.Match[str], Reading], Drawn]

_PLAIN: Final = re.compile(r"[^\\<\[*_~`|@\n]+?(?=[\\<\[*_~`|@\n]|https?://|$)|.", re.DOTALL)
_FENCE: Final = re.compile(
    r"\n?```(?:[a-z0-9_+.#-]+\n)?\n*([^\n].*?)\n*```\n?", re.DOTALL | re.IGNORECASE
)
_STRONG: Final = re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)
_UNDERLINE: Final = re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL)
_EMPHASIS: Final = re.compile(
    r"_((?:__|\\.|[^\\_])+?)_\b"
    r"|\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
    re.DOTALL | re.ASCII,
)
_STRIKE: Final = re.compile(r"~~(.+?)~~(?!_)", re.DOTALL)
_SPOILER: Final = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_CODE: Final = re.compile(r"(`++)(.*?[^`])\1(?!`)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\([^0-9A-Za-z\s])")
_ANGLE_LINK: Final = re.compile(r"<(https?://[^\s<>]+)>")
_BARE_LINK: Final = re.compile(r"https?://[^\s<]*[^\s<.,:;\"'\]]")
_MASKED_LINK: Final = re.compile(
    r"\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])+)\]"
    r"\(\s*(?:<(https?://[^\s<>]+)>|(https?://(?:\([^\s()<>]*\)|[^\s()<>])+))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_MENTION: Final = re.compile(r"<(@[!&]?|#)(\d{1,20})>|@(everyone|here)\b")
_COMMAND: Final = re.compile(r"<(/[^\s:<>][^:<>]{0,99}):\d{1,20}>")
_EMOJI: Final = re.compile(r"<a?(:\w{2,32}:)\d{1,20}>")
_TIME: Final = re.compile(r"<t:(-?\d{1,13})(?::([tTdDfFR]))?>")


def inline(source: str, reading: Reading) -> Safe:
    """Return the drawing of a text that holds no headings, lists or quotes."""
    parts: list[Safe] = []
    at = 0
    while at < len(source):
        drawn = _special(source, at, reading)
        if drawn is None:
            plain = _PLAIN.match(source, at)
            end = plain.end() if plain else at + 1
            drawn = words(source[at:end]), end
        part, at = drawn
        parts.append(part)
    return join(*parts)


def _special(source: str, at: int, reading: Reading) -> Drawn:
    if reading.depth > _DEEPEST:
        return None
    for pattern, make in _RULES.get(source[at], ()):
        found = pattern.match(source, at)
        if found and (drawn := make(found, reading)):
            return drawn
    return _emphasis(source, at, reading)


def _emphasis(source: str, at: int, reading: Reading) -> Drawn:
    """Take the longest of those that fit here; italics, then bold where they are equally long."""
    found = [
        (match, tag)
        for pattern, tag in ((_EMPHASIS, "em"), (_STRONG, "strong"), (_UNDERLINE, "u"))
        if source[at] in "*_" and (match := pattern.match(source, at))
    ]
    if not found:
        return None
    match, tag = max(found, key=lambda one: one[0].end())
    return _within(tag, match, reading)


def _within(tag: str, found: re.Match[str], reading: Reading) -> tuple[Safe, int]:
    inside = next(group for group in found.groups() if group is not None)
    return element(tag, {}, inline(inside, _deeper(reading))), found.end()


def _deeper(reading: Reading) -> Reading:
    return replace(reading, depth=reading.depth + 1)


def _struck(found: re.Match[str], reading: Reading) -> Drawn:
    return _within("s", found, reading)


def _spoiler(found: re.Match[str], reading: Reading) -> Drawn:
    return span("spoiler", inline(found[1], _deeper(reading))), found.end()


def _code(found: re.Match[str], _: Reading) -> Drawn:
    return element("code", {}, words(found[2].strip(" ") or found[2])), found.end()


def _fence(found: re.Match[str], _: Reading) -> Drawn:
    # A browser drops a line feed right after <pre>; the pattern leaves none there.
    return element("pre", {}, words(found[1])), found.end()


def _escaped(found: re.Match[str], _: Reading) -> Drawn:
    return words(found[1]), found.end()


def _masked_link(found: re.Match[str], reading: Reading) -> Drawn:
    label, url = found[1], found[2] or found[3]
    if reading.in_link:
        return None
    if "://" in label:
        # Words that pretend to be an address are not made a link: Discord shows all as written.
        return words(found[0]), found.end()
    inside = inline(label, replace(_deeper(reading), in_link=True))
    return link(url, inside), found.end()


def _angle_link(found: re.Match[str], reading: Reading) -> Drawn:
    return None if reading.in_link else (link(found[1], words(found[1])), found.end())


def _bare_link(found: re.Match[str], reading: Reading) -> Drawn:
    if reading.in_link:
        return None
    url = found[0]
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1]
    return link(url, words(url)), found.start() + len(url)


def _mention(found: re.Match[str], reading: Reading) -> Drawn:
    sign, number, everybody = found.groups()
    if everybody:
        return span("mention", words(found[0])), found.end()
    name = reading.names.get(int(number))
    shown = found[0] if name is None else f"{sign[0]}{name}"
    return span("mention", words(shown)), found.end()


def _command(found: re.Match[str], _: Reading) -> Drawn:
    return span("mention", words(found[1])), found.end()


def _emoji(found: re.Match[str], _: Reading) -> Drawn:
    return span("emoji", words(found[1])), found.end()


def _time(found: re.Match[str], _: Reading) -> Drawn:
    try:
        moment = datetime.fromtimestamp(int(found[1]), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return element("time", {"datetime": moment.isoformat()}, words(_said(moment, found[2]))), (
        found.end()
    )


def _said(moment: datetime, style: str | None) -> str:
    """Return a moment in the way asked for, in UTC. "3 days ago" stands as the date it means."""
    date = f"{moment.day} {moment:%B} {moment.year}"
    match style:
        case "t" | "T":
            return f"{moment:%H:%M UTC}"
        case "d":
            return f"{moment:%d/%m}/{moment.year}"
        case "D" | "R":
            return date
        case "F":
            return f"{moment:%A}, {date} {moment:%H:%M UTC}"
        case _:
            return f"{date} {moment:%H:%M UTC}"


_RULES: Final[Mapping[str, tuple[tuple[re.Pattern[str], _Maker], ...]]] = {
    "\\": ((_ESCAPE, _escaped),),
    "\n": ((_FENCE, _fence),),
    "`": ((_FENCE, _fence), (_CODE, _code)),
    "<": (
        (_ANGLE_LINK, _angle_link),
        (_MENTION, _mention),
        (_TIME, _time),
        (_COMMAND, _command),
        (_EMOJI, _emoji),
    ),
    "@": ((_MENTION, _mention),),
    "[": ((_MASKED_LINK, _masked_link),),
    "h": ((_BARE_LINK, _bare_link),),
    "~": ((_STRIKE, _struck),),
    "|": ((_SPOILER, _spoiler),),
}
"""By the character with which it begins, what may stand there, in the order of trying."""
