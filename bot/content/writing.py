"""Writing files so that a reader finds the old one or the new one, never half of either."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, so that not even a power cut leaves half of it.

    Folders on the way are made.

    Raises:
        OSError: if it cannot be written; what stood there before still stands.

    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        written.chmod(0o644)
        written.replace(path)
        keep_folder(path.parent)
    finally:
        written.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make `folder` and those around it, each of them to stay."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        keep_folder(folder.parent)


def keep_folder(folder: Path) -> None:
    """Have the names in `folder` written to the disk, where the system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError:
        # Windows opens no folders; what was renamed there is kept by itself.
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
