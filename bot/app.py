"""The composition root: builds everything out of its parts; nobody else builds anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.content.check import Checked, check_cases, stale_calibration
from bot.content.load import load, load_cases, load_examples
from bot.content.opening import in_one_thread, open_engine
from bot.content.problems import Problem, errors
from bot.content.running import Runner
from bot.core.engine import Engine
from bot.core.phrases import PhraseError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from bot.content.load import Loaded


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


def check(faq_dir: Path, processes: int = 1) -> Report:
    """Read the FAQ, then run every case through the live path.

    With several `processes`, this one must have no threads of Python's.
    """
    in_one_thread()
    loaded, built = _built(faq_dir)
    placed, case_problems = load_cases(faq_dir)
    _, example_problems = load_examples(faq_dir)
    problems = {*loaded.problems, *case_problems, *example_problems}
    checked = None
    if built is not None and not errors(case_problems):
        checked = check_cases(built, placed, loaded.trees, Runner(processes))
        problems |= {*checked.problems, *stale_calibration(built.faq)}
    entries = len(loaded.faq.entries) if loaded.faq else 0
    return Report(tuple(sorted(problems)), checked, entries)


def _built(faq_dir: Path) -> tuple[Loaded, Engine | None]:
    # Building reads the phrases of the screening; only if it cannot are they told of one by one.
    loaded = load(faq_dir, today(), phrases=False)
    if loaded.faq is not None:
        try:
            return loaded, Engine.of(loaded.faq, loaded.weights)
        except PhraseError:
            pass
    return load(faq_dir, today()), None
