"""A FAQ to break: copies of the small one under `tests/small/` and of the shipped one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from bot.content.check import check_cases
from bot.content.learned import LISTENER, listener_bytes
from bot.content.load import load, load_cases
from bot.content.problems import Problem, errors
from bot.core.engine import Engine
from bot.core.listening import KINDS, SLOTS

HERE: Final = Path(__file__).parent
SHIPPED: Final = HERE.parent / "faq"
TODAY: Final = date(2026, 11, 23)
"""The day of every test that reads a FAQ, whatever the clock says."""


def small(into: Path) -> Path:
    """Return a sound FAQ of three entries in `into`, whose listener hears nothing."""
    root = into / "faq"
    shutil.copytree(HERE / "small", root)
    deaf = np.zeros((SLOTS, len(KINDS)), dtype=np.float32)
    (root / LISTENER).write_bytes(listener_bytes(deaf, None))
    return root


def shipped(into: Path) -> Path:
    """Return a copy of the shipped FAQ in `into`, without its cases and examples."""
    root = into / "shipped"
    shutil.copytree(SHIPPED, root, ignore=shutil.ignore_patterns("cases", "examples"))
    return root


def write(root: Path, name: str, text: str | bytes) -> Path:
    """Write one file of the FAQ in `root`, and its folder if need be."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replace `old`, which stands exactly once in the file `name`, by `new`."""
    text = (root / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    write(root, name, text.replace(old, new))


def problems(root: Path) -> list[Problem]:
    """Return what `msfaq check` would tell of `root`: of its files, then of its cases."""
    loaded = load(root, TODAY)
    placed, wrong = load_cases(root)
    found = {*loaded.problems, *wrong}
    if loaded.faq is not None and not errors(wrong):
        engine = Engine.of(loaded.faq, loaded.weights)
        found |= set(check_cases(engine, placed, loaded.trees).problems)
    return sorted(found)


def sentences(root: Path) -> list[str]:
    """Return the same as `problems`, as a moderator reads it."""
    return [str(problem) for problem in problems(root)]
