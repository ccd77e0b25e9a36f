"""The FAQ as one zip for a moderator to keep, and what a moderator uploads as changes."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from bot.content.folder import MAX_BYTES, MAX_FILES, Folder, decoded, ignored
from bot.content.load import TOP_FILES
from bot.content.naming import may_change
from bot.content.problems import Problem, Severity, shown
from bot.core.changes import Change

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.faq import Faq

MOST_UPLOADED: Final = 1024 * 1024
_MOST_UNPACKED: Final = 16 * 1024 * 1024
_LINK: Final = 0o120000
_FILE_TYPE: Final = 0o170000
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_FOLDERS: Final = ("entries", "cases", "examples")
_NOT_OURS: Final = ("__MACOSX", "calibration", "Thumbs.db", "desktop.ini")


def pack(root: Path) -> bytes:
    """Return a zip of everything that editors change.

    That is every file but the numbers in `calibration/`, which the program writes; the report
    set, which nobody who looks after the FAQ should read; and `examples/`, texts to learn from
    that would alone be too much to bring back. What is not in a zip stays as it is when the zip
    is brought back, so nothing is lost. The same folder gives the same bytes.
    """
    folder = Folder(root)
    paths = [root / name for name in TOP_FILES]
    for found, _ in (folder.entry_paths(), folder.case_paths()):
        paths += found
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in paths:
            data, _ = folder.read_bytes(path, MAX_BYTES)
            if data is not None and may_change(folder.name(path)):
                zipped.writestr(_info(folder.name(path)), data)
    return packed.getvalue()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def unpack(data: bytes, filename: str, faq: Faq) -> tuple[list[Change], list[Problem]]:
    """Return the changes in an uploaded zip, or `.md` file of one entry, and what is wrong.

    A zip adds and replaces files and removes none. The `.md` of an entry goes where the entry of
    that name stands in `faq`. Where something is wrong that cannot be used, there are no changes.
    """
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    if len(data) > MOST_UPLOADED:
        what = f"the upload is larger than {MOST_UPLOADED // 1024 // 1024} MB"
        return [], [_refused(name, what, "upload fewer files at once")]
    if name.lower().endswith(".zip"):
        return _unzipped(data, name)
    if not name.endswith(".md"):
        what = "this is neither a .md file nor a .zip file"
        return [], [_refused(name, what, "upload an entry, or a zip of several files")]
    entry = faq.entry(name.removesuffix(".md"))
    if entry is None:
        what = f"there is no entry `{shown(name.removesuffix('.md'))}` yet, so its topic is unknown"
        return [], [_refused(name, what, "upload it in a zip, as entries/<topic>/<id>.md")]
    return _read([(f"entries/{entry.topic}/{entry.id}.md", data)])


def _unzipped(data: bytes, name: str) -> tuple[list[Change], list[Problem]]:
    try:
        with ZipFile(BytesIO(data)) as zipped:
            infos = [one for one in zipped.infolist() if not one.is_dir() and _is_ours(one)]
            problems = _unfit(infos, name)
            if problems:
                return [], problems
            above = _folder_around([one.filename for one in infos])
            return _read([(one.filename[len(above) :], _contents(zipped, one)) for one in infos])
    except (BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, zlib.error):
        what = "this zip is damaged, locked with a password, or of an unusual kind"
        return [], [_refused(name, what, "make it anew, as an ordinary zip without a password")]
    except (EOFError, ValueError, OSError):
        return [], [_refused(name, "this zip is damaged", "make it anew")]


def _is_ours(info: ZipInfo) -> bool:
    """Whether it is not one of those that systems and editors put beside ours."""
    parts = [part for part in info.filename.split("/") if part != ".."]
    return not any(part in _NOT_OURS or (ignored(part) and part != ".") for part in parts)


def _unfit(infos: list[ZipInfo], name: str) -> list[Problem]:
    if not infos:
        return [_refused(name, "there is no file of a FAQ in this zip", "see faq/README.md")]
    if len(infos) > MAX_FILES or sum(one.file_size for one in infos) > _MOST_UNPACKED:
        what = f"this zip holds more than {MAX_FILES:,} files, or unpacks to more than "
        what += f"{_MOST_UNPACKED // 1024 // 1024} MB"
        return [_refused(name, what, "upload fewer files at once")]
    problems: list[Problem] = []
    for info in infos:
        parts = info.filename.split("/")
        if ".." in parts or "" in parts or "." in parts or "\\" in info.orig_filename:
            what = "this path leads out of the FAQ's folder"
            problems.append(_refused(info.filename, what, "zip the folder of the FAQ itself"))
        elif info.external_attr >> 16 & _FILE_TYPE == _LINK:
            problems.append(_refused(info.filename, "this is a link", "put the file itself there"))
        elif info.file_size > MAX_BYTES:
            what = f"the file is larger than {MAX_BYTES // 1024} KiB"
            problems.append(_refused(info.filename, what, "split it into several files"))
    return problems


def _contents(zipped: ZipFile, info: ZipInfo) -> bytes:
    # Not `read`: what a file says of its size need not be true.
    with zipped.open(info) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadZipFile(info.filename)
    return data


def _folder_around(names: list[str]) -> str:
    """Return the folder, with its slash, in which all of the FAQ was zipped; often there is one."""
    first = PurePosixPath(names[0]).parts
    above = f"{first[0]}/" if len(first) > 1 and first[0] not in _FOLDERS else ""
    return above if all(name.startswith(above) for name in names) else ""


def _read(files: list[tuple[str, bytes]]) -> tuple[list[Change], list[Problem]]:
    changes: list[Change] = []
    problems: list[Problem] = []
    for name, data in sorted(files):
        file, wrong = decoded(shown(name), data)
        problems += wrong
        if file is not None:
            changes.append(Change(name, file.text))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return [], problems
    return changes, problems


def _refused(file: str, what: str, instead: str) -> Problem:
    return Problem(shown(file) or ".", 1, what, instead)
