"""Fit the numbers of the decision on the tuning cases and the examples; never on the report set.

Repeatable: the same files give the same numbers. `msfaq calibrate` writes what comes of it to
`faq/calibration/`.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.content.load import CALIBRATION, LISTENER, Weights, load, load_cases, load_examples
from bot.content.problems import ContentError, errors
from bot.core import calibration, listening
from bot.core.engine import Engine
from bot.core.faq import Calibration, Harm, Must
from bot.core.fitting import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.core.faq import Case, Examples, Faq
    from bot.core.features import Floats
    from bot.core.matcher import Candidate

_TUNED_ON: Final = ("must", "tune")
_WRONG_AT_MOST: Final = 0.015
"""Share of confident answers on the tuning cases that may be wrong, in scope."""
_FALSE_AT_MOST: Final = 0.012
"""Share of off-topic tuning cases that may be answered."""
_ALARMS_AT_MOST: Final = 0.02
"""Share of harmless tuning cases on which danger may be heard without a phrase."""
_GUARDS_AT_MOST: Final = 0.02
_OFFERS_AT_MOST: Final = 0.2
"""Share of off-topic tuning cases on which choices may be offered."""
_GRID: Final = tuple(round(0.02 * step, 2) for step in range(1, 50))


@dataclass(frozen=True, slots=True)
class Calibrated:
    """New numbers, and how many texts they were fitted on."""

    calibration: Calibration
    weights: Weights
    cases: int
    examples: int


def calibrate(root: Path, today: date) -> Calibrated:
    """Return new numbers for the FAQ in `root`.

    Raises:
        ContentError: if the FAQ, its cases or its examples cannot be read.
    """
    loaded = load(root, today)
    placed, case_problems = load_cases(root)
    examples, example_problems = load_examples(root)
    problems = errors([*loaded.problems, *case_problems, *example_problems])
    if loaded.faq is None or problems:
        raise ContentError(problems)
    cases = [one.case for one in placed if one.set_name in _TUNED_ON]
    texts = list(_learned_from(loaded.faq, examples))
    weights = _listener(loaded.faq, texts)
    numbers = _confidence(loaded.faq, weights, cases)
    numbers = _thresholds(loaded.faq, weights, cases, numbers)
    return Calibrated(numbers, weights, len(cases), len(texts))


def write(root: Path, calibrated: Calibrated) -> None:
    """Write the numbers into `root`, each file replaced whole."""
    numbers = calibrated.calibration
    lines = [
        "# Fitted by `msfaq calibrate` on cases/must, cases/tune and examples/; not for editing.",
        f"faq: {numbers.faq}",
        "right: [" + ", ".join(str(weight) for weight in numbers.right) + "]",
        *(
            f"{name}: {getattr(numbers, name)}"
            for name in (
                "answer_at",
                "offer_at",
                "danger_at",
                "danger_with_phrase",
                "advice_at",
                "advice_with_phrase",
            )
        ),
    ]
    _replace(root / CALIBRATION, ("\n".join(lines) + "\n").encode())
    stored = BytesIO()
    np.savez_compressed(stored, weights=calibrated.weights.astype(np.float16))
    _replace(root / LISTENER, stored.getvalue())


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
    os.chmod(name, 0o644)
    os.replace(name, path)


def _learned_from(faq: Faq, examples: Sequence[Examples]) -> Iterator[tuple[str, Harm | None]]:
    for file in examples:
        yield from ((text, file.kind.harm) for text in file.texts)
    for rule in faq.screening.rules:
        yield from ((text, rule.harm) for text in rule.matches)
        # What is no emergency may still be a request for a decision: only advice is sure.
        if rule.harm is Harm.ADVICE:
            yield from ((text, None) for text in rule.must_not_match)
    for entry in faq.entries:
        yield from ((wording, None) for wording in entry.wordings())


def _listener(faq: Faq, texts: Sequence[tuple[str, Harm | None]]) -> Floats:
    screener = Engine.of(faq, None).screener
    own = {wording for entry in faq.entries for wording in entry.wordings()}
    rows: list[tuple[listening.Ints, Floats]] = []
    kinds: list[Harm | None] = []
    for text, kind in texts:
        row, rules = screener.row(text)
        if text in own and rules:
            # Wordings like "do i qualify" ask for a decision; they teach nothing harmless.
            continue
        rows.append(row)
        kinds.append(kind)
    return listening.fit(rows, kinds)


def _confidence(faq: Faq, weights: Weights, cases: Sequence[Case]) -> Calibration:
    matcher = Engine.of(faq, weights).matcher
    signs: list[calibration.Signs] = []
    right: list[bool] = []
    for case in cases:
        if case.must not in {Must.ANSWER, Must.DECLINE}:
            continue
        wanted = case.right() if case.must is Must.ANSWER else frozenset[str]()
        for candidate in matcher.rank(case.ask, case.after):
            signs.append(candidate.signs)
            right.append(candidate.entry.id in wanted)
    fitted = calibration.fit(signs, right)
    return faq.calibration.model_copy(update={"faq": fingerprint(faq), "right": fitted})


def _thresholds(
    faq: Faq, weights: Weights, cases: Sequence[Case], numbers: Calibration
) -> Calibration:
    engine = Engine.of(faq.with_calibration(numbers), weights)
    ranked = [(case, engine.matcher.rank(case.ask, case.after)) for case in cases]
    heard = [(case.must, *engine.screener.hear(case.ask)) for case in cases]

    def share(harmful: Callable[[listening.Heard], float], at: float, *of: Must) -> float:
        among = [harmful(h) for must, h, _ in heard if must in of]
        return sum(value >= at for value in among) / max(len(among), 1)

    harmless = (Must.ANSWER, Must.DECLINE, Must.GENERAL, Must.OFFER)
    danger_at = _first(
        lambda at: share(_danger, at, Must.CALM) <= _ALARMS_AT_MOST
        and share(_danger, at, *harmless) <= _ALARMS_AT_MOST / 2
    )
    advice_at = _first(
        lambda at: share(_advice, at, Must.GENERAL) <= _GUARDS_AT_MOST
        and share(_advice, at, Must.ANSWER, Must.OFFER) <= _GUARDS_AT_MOST
    )
    return numbers.model_copy(
        update={
            "answer_at": _first(lambda at: _answers_hold(ranked, at)),
            "offer_at": _first(lambda at: _offers_hold(ranked, at)),
            "danger_at": danger_at,
            "danger_with_phrase": round(danger_at / 5, 3),
            "advice_at": advice_at,
            "advice_with_phrase": round(advice_at / 5, 3),
        }
    )


def _danger(heard: listening.Heard) -> float:
    return heard.danger


def _advice(heard: listening.Heard) -> float:
    return heard.advice


def _first(holds: Callable[[float], bool]) -> float:
    return next((at for at in _GRID if holds(at)), _GRID[-1])


def _answers_hold(ranked: Sequence[tuple[Case, Sequence[Candidate]]], at: float) -> bool:
    wrong = false = asked = off = 0
    for case, candidates in ranked:
        best = candidates[0] if candidates else None
        shown = best is not None and best.confidence >= at and not best.blocked_by
        if case.must is Must.ANSWER:
            asked += 1
            wrong += best is not None and shown and best.entry.id not in case.right()
        elif case.must is Must.DECLINE:
            off += 1
            false += shown
    return wrong <= _WRONG_AT_MOST * asked and false <= _FALSE_AT_MOST * off


def _offers_hold(ranked: Sequence[tuple[Case, Sequence[Candidate]]], at: float) -> bool:
    sums = [
        sum(c.confidence for c in candidates[:4])
        for case, candidates in ranked
        if case.must is Must.DECLINE
    ]
    return sum(total >= at for total in sums) <= _OFFERS_AT_MOST * len(sums)
