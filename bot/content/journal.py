"""Several files of the FAQ replaced as one: all of them or none, whenever the process is killed.

The new texts are first written beside the FAQ, in a folder that no reader of entries looks into.
Then a list of what goes where is put there in one step: from that step on the change has
happened, and whoever comes next finishes what is left of it. This module needs nothing but
Python, so that a test can start, and kill, hundreds of processes that use it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypedDict, cast

from bot.content.writing import keep_folder, make_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

_BESIDE: Final = ".publishing"
_LIST: Final = "list.json"
_LOCK: Final = ".publishing.lock"


class _Step(TypedDict):
    file: str
    staged: str | None
    """The name of the new text; None removes the file."""


class BusyError(Exception):
    """Another process is changing the FAQ right now."""


@contextmanager
def changing(root: Path, *, wait: bool = True) -> Generator[None]:
    """Be the only one who changes the FAQ in `root`; what a killed process left is finished first.

    Raises:
        BusyError: if another process is changing it, and we are not to `wait`.
        OSError: if the folder cannot be written.

    """
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            # The system lets go of it when the process ends, however it ends.
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BusyError from error
        _finish(root)
        yield
    finally:
        os.close(handle)


def is_unfinished(root: Path) -> bool:
    """Whether a change has happened that does not stand in all of its files yet."""
    return (root / _BESIDE / _LIST).exists()


def replace_files(root: Path, texts: Mapping[str, bytes | None]) -> None:
    """Write every text to its file, relative to `root`; None removes the file. All or none.

    To be called while `changing` the FAQ.

    Raises:
        OSError: if they cannot be written; then nothing has changed.

    """
    if len(texts) == 1:
        [(file, data)] = texts.items()
        _replace_one(root / file, data)
        return
    for file in texts:
        _refuse_unwritable((root / file).parent)
    beside = root / _BESIDE
    steps: list[_Step] = []
    make_folder(beside)
    try:
        for number, (file, data) in enumerate(texts.items()):
            if data is not None:
                _stage(beside / str(number), data)
            steps.append({"file": file, "staged": None if data is None else str(number)})
        keep_folder(beside)
        replace_file(beside / _LIST, json.dumps(steps).encode())
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _finish(root)


def _stage(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def _replace_one(path: Path, data: bytes | None) -> None:
    if data is not None:
        replace_file(path, data)
    elif path.exists():
        path.unlink()
        keep_folder(path.parent)


def _refuse_unwritable(folder: Path) -> None:
    # To find this out when half of the files have been replaced would be too late.
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))


def _finish(root: Path) -> None:
    beside = root / _BESIDE
    if (beside / _LIST).exists():
        steps = _steps(beside / _LIST)
        for step in steps:
            _take(root / step["file"], beside / step["staged"] if step["staged"] else None)
        for folder in {(root / step["file"]).parent for step in steps}:
            if folder.is_dir():
                keep_folder(folder)
        (beside / _LIST).unlink()
        keep_folder(beside)
    shutil.rmtree(beside, ignore_errors=True)


def _steps(path: Path) -> list[_Step]:
    """Return what is left to do; nothing if the list is none that `replace_files` wrote."""
    try:
        steps = cast("list[_Step]", json.loads(path.read_bytes()))
        # Whoever may add files to the folder must not have us write elsewhere.
        inside = all(is_plain(step["file"]) and _is_number(step["staged"]) for step in steps)
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
    return steps if inside else []


def is_plain(file: str) -> bool:
    """Whether `file` is a relative path that leads nowhere but down."""
    return all(part.strip(".") and "\\" not in part for part in file.split("/"))


def _is_number(staged: str | None) -> bool:
    return staged is None or staged.isdecimal()


def _take(path: Path, staged: Path | None) -> None:
    if staged is None:
        path.unlink(missing_ok=True)
    elif staged.exists():
        make_folder(path.parent)
        staged.replace(path)
