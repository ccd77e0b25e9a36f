"""Reading files that strangers may have written: bounded, inside the folder, as UTF-8 text."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from bot.content.problems import Problem, Severity, shown
from bot.content.yamlread import INVISIBLE

MAX_BYTES: Final = 64 * 1024
MAX_FILES: Final = 2_000
"""Files in `entries/`, and in `cases/`; what lies beyond is not read at all."""
_IGNORED_PREFIXES = (".", "~", "#")
_IGNORED_SUFFIXES = ("~", ".swp", ".swx", ".tmp", ".bak", ".orig", "_jb_tmp___", "_jb_old___")


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
        # A name on disk may hold bytes that are no text, and line breaks.
        inside = path.relative_to(self.root).as_posix()
        text = inside.encode("utf-8", "backslashreplace").decode("utf-8")
        return INVISIBLE.sub("?", text).replace("\n", "?").replace("\t", "?")

    def read(self, path: Path, most: int = MAX_BYTES) -> tuple[TextFile | None, list[Problem]]:
        """Return the text of `path`, or None and what is wrong; never raises for a bad file."""
        data, problems = self.read_bytes(path, most)
        if data is None:
            return None, problems
        return decoded(self.name(path), data)

    def read_bytes(self, path: Path, most: int) -> tuple[bytes | None, list[Problem]]:
        """Return what stands in `path`, `most` bytes of it, or None and what is wrong."""
        try:
            return self._bytes(path, most), []
        except OSError as error:
            what, instead = _told(error)
        except _UnfitError as error:
            what, instead = error.what, error.instead
        return None, [Problem(self.name(path), 1, what, instead)]

    def _bytes(self, path: Path, most: int) -> bytes:
        self._refuse_outside(path)
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _UnfitError("this is not an ordinary file", "put a text file here")
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(most + 1)
        finally:
            os.close(handle)
        if len(data) > most:
            what = f"the file is larger than {most // 1024:,} KiB"
            raise _UnfitError(what, "shorten it, or split it into several files")
        return data

    def _refuse_outside(self, path: Path) -> None:
        # Path.resolve() raises RuntimeError where links lead round in a circle; this does not.
        real, root = (Path(os.path.realpath(one)) for one in (path, self.root))
        if not real.is_relative_to(root):
            what = "this is a link to something outside the FAQ's folder"
            raise _UnfitError(what, "put the file itself here")

    def entry_paths(self) -> tuple[list[Path], list[Problem]]:
        """Return the entry files, `entries/<topic>/<id>.md`, and what else lies in their way."""
        return self._paths("entries", ".md", "entries/ahsct/what-is-ahsct.md")

    def case_paths(self) -> tuple[list[Path], list[Problem]]:
        """Return the case files, `cases/<set>/<name>.yaml`, and what else lies in their way."""
        return self._paths("cases", ".yaml", "cases/tune/more.yaml")

    def example_paths(self) -> tuple[list[Path], list[Problem]]:
        """Return the example files, `examples/<name>.yaml`, if there are any."""
        found: list[Path] = []
        if not self.exists(self.root / "examples"):
            return [], []
        inside, problems = self.inside(self.root / "examples")
        for path in inside:
            if path.name.endswith(".yaml"):
                found.append(path)
            else:
                what = "the bot does not read this: in examples/ it reads files ending in .yaml"
                instead = "move or rename it, as in examples/calm-1.yaml"
                problems.append(Problem(self.name(path), 1, what, instead))
        return found, problems

    def _paths(self, under: str, ending: str, example: str) -> tuple[list[Path], list[Problem]]:
        found: list[Path] = []
        folders, problems = self.inside(self.root / under)
        for folder in folders:
            if not self.is_folder(folder):
                problems.append(self._misplaced(folder, under, ending, example))
                continue
            inside, wrong = self.inside(folder)
            problems += wrong
            for path in inside:
                if path.name.endswith(ending):
                    found.append(path)
                else:
                    problems.append(self._misplaced(path, under, ending, example))
            if len(found) + len(problems) > MAX_FILES:
                return [], [Problem(under, 1, *_TOO_MANY)]
        return found, problems

    def exists(self, path: Path) -> bool:
        """Whether anything stands there."""
        return path.exists()

    def is_folder(self, path: Path) -> bool:
        """Whether it is a folder, or a link to one."""
        return path.is_dir()

    def inside(self, folder: Path) -> tuple[list[Path], list[Problem]]:
        """Return what stands in `folder`, sorted, or what keeps it from being read."""
        try:
            with os.scandir(folder) as inside:
                names = [one.name for one in islice(inside, MAX_FILES + 1)]
            link = folder.is_symlink()
        except FileNotFoundError:
            told = "there is no such folder", "add it, see faq/README.md"
        except OSError as error:
            told = _told(error)
        else:
            if not link and len(names) <= MAX_FILES:
                return [folder / name for name in sorted(names) if not ignored(name)], []
            told = _LINKED if link else _TOO_MANY
        return [], [Problem(self.name(folder), 1, *told)]

    def _misplaced(self, path: Path, under: str, ending: str, example: str) -> Problem:
        what = f"the bot does not read this: in {under}/ it reads files ending in {ending}"
        return Problem(
            self.name(path), 1, f"{what}, one folder down", f"move or rename it, as in {example}"
        )


class _UnfitError(Exception):
    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what)
        self.what = what
        self.instead = instead


_LINKED: Final = ("this is a link to a folder", "put the folder itself here")
_TOO_MANY: Final = (
    f"there are more than {MAX_FILES:,} files in this folder",
    f"keep {MAX_FILES:,} or fewer; nothing of it was read",
)


def _told(error: OSError) -> tuple[str, str]:
    match error.errno:
        case errno.ENOENT:
            return "there is no such file", "add it, see faq/README.md"
        case errno.ELOOP:
            return "this link leads round in a circle", "put the file itself here"
        case errno.EACCES | errno.EPERM:
            return "the bot is not allowed to read this", "let its user read it"
        case errno.ENOTDIR:
            return "this is a file, not a folder", "put a folder here, see faq/README.md"
        case _:
            return f"this cannot be read ({shown(error.strerror or 'unknown reason')})", "try again"


def ignored(name: str) -> bool:
    """Whether a name is that of a file which editors keep beside ours, or of a README."""
    return (
        name == "README.md"
        or name.startswith(_IGNORED_PREFIXES)
        or name.endswith(_IGNORED_SUFFIXES)
        # Vim writes a file `4913` to see whether it may write files at all.
        or name.isdecimal()
    )


def decoded(name: str, data: bytes) -> tuple[TextFile | None, list[Problem]]:
    """Return the text that `data` is, or None and what is wrong with it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "this line holds a character that is not UTF-8 text"
        return None, [Problem(name, line, what, "save the file as UTF-8, or retype the character")]
    problems: list[Problem] = []
    if text.startswith("\ufeff") or "\r" in text:
        what = "the file was saved the Windows way (a mark at its start, or CRLF line ends)"
        instead = "it is read all the same; save it as UTF-8 with LF line ends to silence this"
        problems.append(Problem(name, 1, what, instead, Severity.WARNING))
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    unseen = INVISIBLE.search(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        what = f"this line holds an invisible character (U+{ord(unseen.group()):04X})"
        return None, [*problems, Problem(name, line, what, "delete the line and type it anew")]
    return TextFile(name, text), problems
