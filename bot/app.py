"""The composition root: builds everything out of its parts; nobody else builds anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.content.check import Checked, check_cases, stale_calibration
from bot.content.load import load, load_cases, load_examples
from bot.content.opening import in_one_thread, open_engine
from bot.content.problems import Problem, errors
from bot.core.engine import Engine

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found: every problem, and what came of every case if they could be run."""

    problems: tuple[Problem, ...]
    checked: Checked | None
    entries: int


def today() -> date:
    """Return the date, in UTC."""
    return datetime.now(UTC).date()


def engine(faq_dir: Path, data_dir: Path) -> Engine:
    """Read the FAQ and build what answers from it.

    Raises:
        ContentError: with every problem that keeps the FAQ from being used.

    """
    return open_engine(faq_dir, data_dir, today())


def check(faq_dir: Path) -> Report:
    """Read the FAQ, then run every case through the live path."""
    in_one_thread()
    loaded = load(faq_dir, today())
    placed, case_problems = load_cases(faq_dir)
    _, example_problems = load_examples(faq_dir)
    problems = {*loaded.problems, *case_problems, *example_problems}
    checked = None
    if loaded.faq is not None and not errors(case_problems):
        checked = check_cases(Engine.of(loaded.faq, loaded.weights), placed, loaded.trees)
        problems |= {*checked.problems, *stale_calibration(loaded.faq)}
    entries = len(loaded.faq.entries) if loaded.faq else 0
    return Report(tuple(sorted(problems)), checked, entries)
