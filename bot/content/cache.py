"""The fitted index on disk, so that a question in a terminal need not wait for the fit.

A cache and nothing more: it is keyed by everything the fit depends on, read without trusting
it, and does without being written.
"""

from __future__ import annotations

import contextlib
import json
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

import numpy as np

from bot.content.writing import replace_file
from bot.core.features import Postings, Rarity, Weights
from bot.core.fitting import Index, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.lib.npyio import NpzFile

    from bot.core.faq import Faq

_VERSION: Final = 3
_POSTINGS: Final = ("wordings", "answers")


def cached_index(folder: Path, faq: Faq) -> Index | None:
    """Return the index of `faq` if `folder` holds it, whole and of this version; else None."""
    try:
        with np.load(_path(folder, faq), allow_pickle=False) as stored:
            return _index(stored)
    except (OSError, ValueError, KeyError, IndexError, BadZipFile):
        return None


def keep_index(folder: Path, faq: Faq, index: Index) -> None:
    """Write `index` into `folder`, whole or not at all; a folder that cannot be written is fine."""
    arrays: dict[str, np.ndarray] = {
        "owners": index.owners,
        "subjects": index.subjects,
        "weights": np.array(index.rarity.weights),
        "text": np.frombuffer(_text(index).encode(), dtype=np.uint8),
    }
    for name in _POSTINGS:
        postings: Postings = getattr(index, name)
        arrays |= {
            f"{name}_starts": postings.starts,
            f"{name}_rows": postings.rows,
            f"{name}_values": postings.values,
            f"{name}_size": np.array([postings.size]),
        }
    if isinstance(index.entries, Postings):
        # A large FAQ: the file would be large too, and who serves it starts once, not often.
        return
    arrays["entries"] = index.entries.values
    with contextlib.suppress(OSError):
        path = _path(folder, faq)
        stored = BytesIO()
        np.savez(stored, allow_pickle=False, **arrays)
        replace_file(path, stored.getvalue())
        for old in folder.glob("index-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)


def _path(folder: Path, faq: Faq) -> Path:
    return folder / f"index-{_VERSION}-{fingerprint(faq)}.npz"


def _text(index: Index) -> str:
    return json.dumps(
        {
            "features": list(index.rarity.numbers),
            "unknown": index.rarity.unknown,
            "counts": dict(index.counts),
            "names": [sorted(names) for names in index.names],
            "answer_names": [sorted(names) for names in index.answer_names],
        }
    )


def _index(stored: NpzFile) -> Index:
    text = json.loads(stored["text"].tobytes())
    postings = {
        name: Postings(
            stored[f"{name}_starts"],
            stored[f"{name}_rows"],
            stored[f"{name}_values"],
            int(stored[f"{name}_size"][0]),
        )
        for name in _POSTINGS
    }
    numbers = {feature: number for number, feature in enumerate(text["features"])}
    return Index(
        rarity=Rarity(numbers, stored["weights"].tolist(), float(text["unknown"])),
        entries=Weights(stored["entries"]),
        owners=stored["owners"],
        subjects=stored["subjects"],
        counts=text["counts"],
        names=tuple(map(frozenset, text["names"])),
        answer_names=tuple(map(frozenset, text["answer_names"])),
        **postings,
    )
