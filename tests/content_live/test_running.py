"""Cases run again come out as if they were run for the first time."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from bot.content.load import load, load_cases
from bot.content.running import Runner
from bot.content.sharing_out import each
from bot.core.answering import Answered
from bot.core.cases import Case, Must
from bot.core.engine import Engine
from bot.core.evaluation import Verdict, judge, name_of
from bot.core.features import Weights
from bot.core.remembering import Remembered
from tests.conftest import FAQ, ROOT, TODAY
from tests.content_live.conftest import AHSCT
from tests.support import change, small

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.faq import Faq


def test_cases_come_out_as_members_are_answered(engine: Engine) -> None:
    placed, _ = load_cases(FAQ)
    cases = [one.case for one in placed if one.set_name != "report"][::4]
    runner = Runner()
    whole, brief = runner.came(engine, cases), runner.came(engine, cases, whole=False)
    for case, came, cheap in zip(cases, whole, brief, strict=True):
        judged = judge(case, engine.consider(case.ask, case.after))
        outcome = judged.considered.outcome
        entry = outcome.entry.id if isinstance(outcome, Answered) else None
        assert (came.outcome, came.entry, came.verdict) == (
            name_of(outcome),
            entry,
            judged.verdict,
        )
        assert cheap.verdict == judged.verdict


def test_what_the_screening_said_is_forgotten_when_it_changes(tmp_path: Path) -> None:
    root = small(tmp_path)
    faq = load(root, TODAY).faq
    assert faq is not None
    runner = Runner()
    assert len(runner.alarms(Engine.of(faq, None), ["i really want to die"])[0]) == 1
    quiet = _without_phrases(faq)
    assert runner.alarms(Engine.of(quiet, None), ["i really want to die"]) == [()]


def test_an_index_built_after_a_change_is_as_if_built_anew(tmp_path: Path) -> None:
    root = small(tmp_path)
    remembered = Remembered()
    first = _built(root, remembered)
    change(root, AHSCT, "It is a strong", "It is a remarkably strong")
    answered = _built(root, remembered)
    assert answered is first, "an answer is none of the wordings"
    change(root, AHSCT, "also_asked:", "also_asked:\n  - please tell me of the transplant")
    assert _built(root, remembered) is not first
    change(root, AHSCT, "\n  - please tell me of the transplant", "")
    _built(root, remembered)


def _built(root: Path, remembered: Remembered) -> object:
    """Build the index with and without what is remembered; return what is remembered then."""
    faq = load(root, TODAY).faq
    assert faq is not None
    anew, again = Engine.of(faq, None).index, Engine.of(faq, None, None, remembered).index
    assert isinstance(anew.entries, Weights)
    assert isinstance(again.entries, Weights)
    for one, other in (
        (anew.entries.values, again.entries.values),
        (anew.wordings.rows, again.wordings.rows),
        (anew.wordings.values, again.wordings.values),
        (anew.answers.rows, again.answers.rows),
        (anew.owners, again.owners),
        (anew.subjects, again.subjects),
    ):
        assert np.array_equal(one, other)
    assert anew.rarity == again.rarity
    assert (anew.names, anew.answer_names) == (again.names, again.answer_names)
    return remembered.sharpened


def _without_phrases(faq: Faq) -> Faq:
    rules = tuple(
        rule.model_copy(update={"phrases": ("zzz",), "certain": ()}) for rule in faq.screening.rules
    )
    return faq.model_copy(update={"screening": faq.screening.model_copy(update={"rules": rules})})


def test_nearly_the_same_is_found_whatever_was_known_before() -> None:
    texts = ["cost of hsct", "hsct cost of", "cost of the hsct", "cost of hsct", "metformin"]
    fresh, used = Runner(), Runner()
    used.near(["metformin", "cost of hsct", "something that is gone", "cost of  hsct"])
    assert used.near(texts) == fresh.near(texts)
    assert (0, 3) in fresh.near(texts)
    assert all(4 not in pair for pair in fresh.near(texts))


def test_every_two_of_many_texts_are_compared() -> None:
    texts = [f"wording number {number:03} of {number:03}" for number in range(450)]
    texts[5] = texts[440] = "how much does the treatment cost in all"
    # Sorted, the one comes before all others and the other behind them.
    texts[230] = "zow much does the treatment cost in all"
    runner = Runner()
    pairs = runner.near(texts)
    assert {(5, 230), (5, 440), (230, 440)} <= set(pairs)
    assert runner.near(texts) == pairs


def test_a_broken_case_is_told_with_what_members_get(engine: Engine) -> None:
    case = Case(ask="what is ahsct", must=Must.URGENT)
    [came] = Runner().came(engine, [case], whole=False)
    assert (came.outcome, came.verdict) == ("answered", Verdict.MISSED)


def test_work_is_shared_out_in_order() -> None:
    numbers = list(range(1_001))
    assert each(lambda number: number * 2, numbers, 3) == [number * 2 for number in numbers]
    assert each(str, [], 3) == []


def test_where_one_process_is_held_up_the_other_does_the_rest() -> None:
    first, last = os.getpid(), 199
    here, there = os.pipe()

    def process_of(number: int) -> int:
        if number == last:
            os.write(there, b"!" * last)
        elif os.getpid() == first:
            os.read(here, 1)
        return os.getpid()

    processes = each(process_of, range(last + 1), 2)
    os.close(here)
    os.close(there)
    # Or none, if the other had done all before it looked.
    assert processes.count(first) <= 1


KILLED = """
import os, signal
from bot.content.sharing_out import each
first = os.getpid()
here, there = os.pipe()

def answer(number):
    if os.getpid() == first:
        os.write(there, b"!" * 200)
        os.write(1, b"copied")
        signal.pause()
    # Not before the first one has begun: else the copy might have done all by then.
    os.read(here, 1)
    return "more than a pipe holds" * 1_000

each(answer, range(200), 2)
"""


def test_a_copy_ends_when_the_process_it_is_a_copy_of_is_killed() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stdout.read(6) == b"copied"
    started.kill()
    # Both have the same output: it ends when the last of them is gone.
    out, err = started.communicate(timeout=60)
    assert (out, err) == (b"", b"")
