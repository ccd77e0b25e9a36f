"""Reading files that strangers may have written: bounded, inside the folder, as UTF-8 text."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.content.problems import Problem, Severity

MAX_BYTES: Final = 64 * 1024
MAX_ENTRIES: Final = 2_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_IGNORED_PREFIXES = (".", "~", "#")
_IGNORED_SUFFIXES = ("~", ".swp", ".swx", ".tmp", ".bak", ".orig")


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text of one file, with line ends made plain, and its name as problems show it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The FAQ's folder. Nothing outside of it is ever read."""

    root: Path

    def name(self, path: Path) -> str:
        """Return `path` as problems show it: relative to the FAQ, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def read(self, path: Path) -> tuple[TextFile | None, list[Problem]]:
        """Return the text of `path`, or None and what is wrong; never raises for a bad file."""
        name = self.name(path)
        try:
            data = self._bytes(path)
        except _UnfitError as error:
            return None, [Problem(name, 1, error.what, error.instead)]
        except FileNotFoundError:
            return None, [Problem(name, 1, "there is no such file", "add it, see faq/README.md")]
        except OSError as error:
            reason = error.strerror or "unknown reason"
            told = Problem(name, 1, f"the file cannot be read ({reason})", "check its permissions")
            return None, [told]
        return _decoded(name, data)

    def _bytes(self, path: Path) -> bytes:
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise _UnfitError(
                "this is a link to a file outside the FAQ folder", "put the file itself here"
            )
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _UnfitError("this is not an ordinary file", "put a text file here")
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _UnfitError(
                "the file is larger than 64 KiB", "split it, or shorten it; one file is one page"
            )
        return data

    def entry_paths(self) -> tuple[list[Path], list[Problem]]:
        """Return the entry files, `entries/<topic>/<id>.md`, and what else lies in their way."""
        return self._paths("entries", ".md", depth=2)

    def case_paths(self) -> tuple[list[Path], list[Problem]]:
        """Return the case files, `cases/<set>/<name>.yaml`, and what else lies in their way."""
        return self._paths("cases", ".yaml", depth=2)

    def _paths(self, under: str, ending: str, depth: int) -> tuple[list[Path], list[Problem]]:
        top = self.root / under
        if not top.is_dir():
            return [], [Problem(under, 1, "there is no such folder", "add it, see faq/README.md")]
        found: list[Path] = []
        problems: list[Problem] = []
        for where, folders, files in os.walk(top):
            level = len(Path(where).relative_to(top).parts)
            folders[:] = [] if level >= depth else sorted(f for f in folders if not _ignored(f))
            for file in sorted(files):
                path = Path(where, file)
                if _ignored(file) or file == "README.md":
                    continue
                if level == depth - 1 and file.endswith(ending):
                    found.append(path)
                else:
                    problems.append(self._misplaced(path, under, ending))
            if len(found) > MAX_ENTRIES:
                return [], [_too_many(under)]
        return sorted(found), problems

    def _misplaced(self, path: Path, under: str, ending: str) -> Problem:
        example = "entries/ahsct/what-is-ahsct.md" if ending == ".md" else "cases/tune/more.yaml"
        return Problem(
            self.name(path),
            1,
            f"the bot does not read this file: in {under}/ it reads files ending in {ending}, "
            "one folder down",
            f"move or rename it, as in {example}",
        )


class _UnfitError(Exception):
    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead


def _ignored(name: str) -> bool:
    return name.startswith(_IGNORED_PREFIXES) or name.endswith(_IGNORED_SUFFIXES)


def _too_many(under: str) -> Problem:
    return Problem(
        under,
        1,
        f"there are more than {MAX_ENTRIES:,} files in this folder",
        f"keep {MAX_ENTRIES:,} or fewer; nothing of it was read",
    )


def _decoded(name: str, data: bytes) -> tuple[TextFile | None, list[Problem]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "this line holds a character that is not UTF-8 text"
        return None, [Problem(name, line, what, "save the file as UTF-8, or retype the character")]
    problems: list[Problem] = []
    if text.startswith("\ufeff") or "\r" in text:
        what = "the file was saved the Windows way (invisible mark at the start, or CRLF line ends)"
        instead = "nothing, it was read all the same; saving it as plain UTF-8 silences this"
        problems.append(Problem(name, 1, what, instead, Severity.WARNING))
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n") if _CONTROL.search(text) else (), start=1):
        if _CONTROL.search(line_text):
            what = "this line holds an invisible control character"
            return None, [*problems, Problem(name, number, what, "retype the line")]
    return TextFile(name, text), problems
