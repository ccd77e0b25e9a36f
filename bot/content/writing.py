"""Writing files so that a reader finds the old one or the new one, never half of either."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step; folders on the way are made.

    Raises:
        OSError: if it cannot be written; what stood there before still stands.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        written.chmod(0o644)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
