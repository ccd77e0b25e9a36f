"""What was learned, as it lies on disk: the listener's weights and the encoder beside them."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast
from zipfile import BadZipFile, ZipFile

import numpy as np

from bot.core.encoding import Encoder
from bot.core.listening import KINDS, SLOTS, Learned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bot.core.features import Floats

LISTENER: Final = "calibration/listener.npz"
ENCODER: Final = "calibration/encoder.npz"
MOST_BYTES: Final = 8 * 1024 * 1024
_NO_ENCODER: Final = 0


class DamagedError(Exception):
    """What was read is not what was once written."""


def listener_bytes(weights: Floats, encoder: bytes | None) -> bytes:
    """Return the file of a listener that was fitted beside the encoder in these bytes."""
    stored = BytesIO()
    beside = np.array([_mark(encoder)], dtype=np.uint32)
    np.savez_compressed(stored, weights=weights.astype(np.float16), encoder=beside)
    return stored.getvalue()


def read_learned(listener: bytes, encoder: bytes | None) -> Learned:
    """Return what the listener learned, with its encoder if it was fitted beside one.

    Raises:
        DamagedError: if either file is, or the encoder is not the one it was fitted beside.

    """
    arrays = _arrays(listener)
    weights = arrays.get("weights")
    if weights is None or weights.shape != (SLOTS, len(KINDS)) or weights.dtype.kind != "f":
        raise DamagedError
    if not np.isfinite(weights).all():
        raise DamagedError
    beside = arrays.get("encoder", np.zeros(1))
    if beside.shape != (1,) or int(beside[0]) != _mark(encoder):
        raise DamagedError
    # Half precision is widened at the few slots of a message, not here: that would take longer.
    told = cast("Floats", weights)
    return Learned(told, None if encoder is None else read_encoder(encoder))


def read_encoder(data: bytes) -> Encoder:
    """Return the encoder that `training/` wrote.

    Raises:
        DamagedError: if it cannot be read.

    """
    arrays = _arrays(data)
    try:
        vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
        return Encoder.of(vocabulary, arrays)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise DamagedError from error


def held_out_scores(encoder: bytes) -> Mapping[int, Floats]:
    """Return what encoders that had not learned from a text made of it, by its `key_of`.

    Raises:
        DamagedError: if it cannot be read.

    """
    arrays = _arrays(encoder)
    keys, scores = arrays.get("held_out"), arrays.get("held_out_scores")
    if keys is None or scores is None or scores.shape != (len(keys), len(KINDS)):
        raise DamagedError
    return dict(zip(keys.tolist(), scores.astype(np.float32), strict=True))


def key_of(text: str) -> int:
    """Return what a text is recognised by among the held-out scores."""
    return zlib.crc32(text.encode())


def _mark(encoder: bytes | None) -> int:
    return _NO_ENCODER if encoder is None else zlib.crc32(encoder)


def _arrays(data: bytes) -> dict[str, NDArray[np.generic]]:
    try:
        with ZipFile(BytesIO(data)) as zipped:
            # What a small file unpacks to may be large.
            if sum(part.file_size for part in zipped.infolist()) > MOST_BYTES:
                raise DamagedError
        with np.load(BytesIO(data), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError) as error:
        raise DamagedError from error
    except (BadZipFile, zlib.error) as error:
        raise DamagedError from error
