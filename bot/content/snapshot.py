"""The FAQ's folder at one moment: read once as a whole, then looked at as often as wanted.

Whoever reads a folder file by file while somebody saves, checks out another branch or publishes,
gets a mixture that nobody wrote. What is read here stood there together.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.content.folder import MAX_BYTES, MAX_FILES, Folder, ignored
from bot.content.journal import BusyError, changing, is_unfinished
from bot.content.learned import ENCODER, LISTENER, MOST_BYTES
from bot.content.load import CALIBRATION, TOP_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.content.problems import Problem

_TRIES: Final = 100
_PAUSE: Final = 0.02
_SETTLED: Final = 0.04
"""Seconds nothing may have been written before the folder is read: editors write in pieces."""

_DEEPEST: Final = 3

_Read: TypeAlias = "tuple[bytes | None, list[Problem]]"
_Listed: TypeAlias = "tuple[list[Path], list[Problem]]"
_Sign: TypeAlias = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Snapshot(Folder):
    """What stood in a folder at one moment. Disk is read for what was not looked at before."""

    files: dict[Path, _Read] = field(default_factory=dict["Path", "_Read"])
    folders: dict[Path, _Listed] = field(default_factory=dict["Path", "_Listed"])
    signature: str = ""
    """That of the folder when it was read; empty if it did not stand still."""

    def read_bytes(self, path: Path, most: int) -> _Read:
        """Return what stands in `path`, or None and what is wrong."""
        if path not in self.files:
            self.files[path] = Folder.read_bytes(self, path, most)
        return self.files[path]

    def inside(self, folder: Path) -> _Listed:
        """Return what stands in `folder`, sorted, or what keeps it from being read."""
        if folder not in self.folders:
            self.folders[folder] = Folder.inside(self, folder)
        paths, problems = self.folders[folder]
        return list(paths), list(problems)

    def is_folder(self, path: Path) -> bool:
        """Whether it is a folder, or a link to one."""
        return path in self.folders or (path not in self.files and path.is_dir())

    def exists(self, path: Path) -> bool:
        """Whether anything stands there."""
        return path in self.folders or path in self.files or path.exists()

    def with_changes(self, changes: Mapping[str, str | None]) -> Snapshot:
        """Return the same folder with other texts in some files; None stands for no file."""
        files, folders = dict(self.files), dict(self.folders)
        for name, text in changes.items():
            path = self.root / name
            if text is None:
                files.pop(path, None)
                paths, problems = folders.get(path.parent, ([], []))
                folders[path.parent] = [one for one in paths if one != path], problems
                continue
            files[path] = text.encode("utf-8", "surrogatepass"), []
            while path != self.root:
                paths, problems = folders.get(path.parent, ([], []))
                folders[path.parent] = sorted({*paths, path}), problems
                path = path.parent
        return replace(self, files=files, folders=folders)

    def learned_files(self) -> tuple[bytes, bytes | None]:
        """Return the files from which `read_learned` reads what the listener learned."""
        listener, encoder = (
            self.read_bytes(self.root / name, MOST_BYTES)[0] for name in (LISTENER, ENCODER)
        )
        return listener or b"", encoder

    def version(self) -> str:
        """Return a hash of everything that was read."""
        total = hashlib.sha256()
        for path, (data, problems) in sorted(self.files.items()):
            total.update(os.fsencode(path.relative_to(self.root)) + b"\0")
            total.update(hashlib.sha256(repr(problems).encode() if data is None else data).digest())
        return total.hexdigest()[:16]


def mark_of(learned_files: tuple[bytes, bytes | None]) -> str:
    """Return a hash by which to know again what was learned."""
    return hashlib.sha256(b"\0".join(one or b"" for one in learned_files)).hexdigest()


def take(root: Path) -> Snapshot:
    """Return what stands in `root`, once it stands still; after two seconds, what stands there."""
    for _ in range(_TRIES):
        _finish(root)
        before = sorted(_signs(str(root), ""))
        if is_unfinished(root) or _is_warm(before):
            time.sleep(_PAUSE)
            continue
        snapshot = Snapshot(root, signature=_hash(before))
        _look_at_everything(snapshot)
        if signature(root) == snapshot.signature:
            return snapshot
    snapshot = Snapshot(root)
    _look_at_everything(snapshot)
    return snapshot


def signature(root: Path) -> str:
    """Return a hash of names, times and sizes in `root`; it differs once any of them changes."""
    return _hash(sorted(_signs(str(root), "")))


def _hash(signs: list[_Sign]) -> str:
    return hashlib.sha256(repr(signs).encode("utf-8", "surrogateescape")).hexdigest()


def _signs(folder: str, name: str) -> Iterator[_Sign]:
    try:
        with os.scandir(folder) as inside:
            found = [one for one, _ in zip(inside, range(2 * MAX_FILES), strict=False)]
        for one in found:
            if ignored(one.name):
                continue
            yield from _signs_of(one, f"{name}/{one.name}")
    except OSError as error:
        yield name, 0, 0, error.errno or 0


def _signs_of(one: os.DirEntry[str], name: str) -> Iterator[_Sign]:
    try:
        stat = one.stat()
    except OSError as error:
        yield name, 0, 0, error.errno or 0
        return
    yield name, stat.st_mtime_ns, stat.st_size, stat.st_ino
    if name.count("/") < _DEEPEST and one.is_dir(follow_symlinks=False):
        yield from _signs(one.path, name)


def _is_warm(signs: list[_Sign]) -> bool:
    # A clock that was set back, or a file from the future, must not keep us waiting.
    age = time.time() - max((written for _, written, _, _ in signs), default=0) / 1e9
    return 0 <= age < _SETTLED


def _finish(root: Path) -> None:
    if is_unfinished(root):
        try:
            with changing(root, wait=False):
                pass
        except (BusyError, OSError):
            # Whoever is at it will be done soon; and where we may not write, we wait in vain.
            return


def _look_at_everything(snapshot: Snapshot) -> None:
    for name in (*TOP_FILES, CALIBRATION):
        snapshot.read_bytes(snapshot.root / name, MAX_BYTES)
    for name in (LISTENER, ENCODER):
        snapshot.read_bytes(snapshot.root / name, MOST_BYTES)
    for paths, _ in (snapshot.entry_paths(), snapshot.case_paths(), snapshot.example_paths()):
        for path in paths:
            snapshot.read_bytes(path, MAX_BYTES)
