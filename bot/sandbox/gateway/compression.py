"""How frames are packed for the way: one packer per connection, as Discord has it."""

import zlib
from collections.abc import Callable
from typing import TypeAlias

import zstandard

Packer: TypeAlias = Callable[[str], str | bytes]
"""Packs one frame, so that all frames so far can be unpacked."""


def _plain() -> Packer:
    return lambda frame: frame


def _zlib() -> Packer:
    stream = zlib.compressobj()
    return lambda frame: stream.compress(frame.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd() -> Packer:
    stream = zstandard.ZstdCompressor().compressobj()
    return lambda frame: (
        stream.compress(frame.encode()) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    )


_PACKERS = {None: _plain, "zlib-stream": _zlib, "zstd-stream": _zstd}


def packer(asked: str | None) -> Packer | None:
    """Return what packs as asked; nothing if nobody knows that way."""
    make = _PACKERS.get(asked)
    return make() if make else None
