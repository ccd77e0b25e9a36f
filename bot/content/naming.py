"""Which files of the FAQ a change may touch, and when a text is the one an editor began from."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from bot.content.folder import MAX_BYTES
from bot.content.load import TOP_FILES
from bot.content.problems import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from bot.core.changes import Change

_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_WITHIN: Final = re.compile(
    rf"entries/{_SLUG}/{_SLUG}\.md|cases/(?:must|tune)/{_SLUG}\.yaml|examples/{_SLUG}\.yaml"
)
_LONGEST_NAME: Final = 100
_WHERE: Final = (
    "give entries/<topic>/<id>.md, a file in cases/must/, cases/tune/ or examples/, or one of "
    + ", ".join(TOP_FILES)
)


def version_of(text: str) -> str:
    """Return a hash by which to know a text again, however its lines end."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def may_change(file: str) -> bool:
    """Whether `file` is one that editors change: not the report set, no numbers of the program."""
    inside = _WITHIN.fullmatch(file) is not None and len(file) <= _LONGEST_NAME
    return file in TOP_FILES or inside


def unfit_names(changes: Sequence[Change], existing: Container[str]) -> Iterator[Problem]:
    """Yield what is wrong with the names and lengths of changed files."""
    if not changes:
        yield Problem(".", 1, "there is nothing to change", "change at least one file")
    seen: set[str] = set()
    for change in changes:
        told = _unfit(change, seen, existing)
        if told is not None:
            yield Problem(shown(change.file) or ".", 1, *told)
        seen.add(change.file)


def _unfit(change: Change, seen: set[str], existing: Container[str]) -> tuple[str, str] | None:
    if change.file.startswith("cases/report/"):
        return "the report set measures the bot and is not for editors", "add to cases/tune/"
    if not may_change(change.file):
        return "this is no file that can be changed here", _WHERE
    if change.file in seen:
        return "this file is named twice", "name it once"
    if change.text is None and (change.file in TOP_FILES or change.file not in existing):
        what = "cannot be done without" if change.file in TOP_FILES else "is not there (any more)"
        return f"this file is to be removed, but {what}", "keep it as it is"
    if len((change.text or "").encode("utf-8", "surrogatepass")) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES // 1024} KiB"
        return what, "shorten it, or split it into several files"
    return None
