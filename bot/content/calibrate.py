"""Fit the numbers of the decision on the tuning cases and the examples; never on the report set.

Repeatable: the same files give the same numbers. `msfaq calibrate` writes what comes of it to
`faq/calibration/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from bot.content.load import CALIBRATION, load, load_cases, load_examples
from bot.content.problems import ContentError, errors
from bot.content.reading import LISTENER
from bot.content.writing import replace_file
from bot.core import calibration, listening
from bot.core.cases import Must
from bot.core.engine import Engine
from bot.core.faq import Calibration, Harm
from bot.core.fitting import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from bot.core.cases import Case
    from bot.core.faq import Faq
    from bot.core.features import Floats
    from bot.core.listening import Heard
    from bot.core.matcher import Candidate
    from bot.core.screening import Screener

_TUNED_ON: Final = ("must", "tune")
_WRONG_AT_MOST: Final = 0.02
"""Share of confident answers on the tuning cases that may be wrong, in scope."""
_FALSE_AT_MOST: Final = 0.015
"""Share of off-topic tuning cases that may be answered."""
_ALARMS_AT_MOST: Final = 0.02
"""Share of ordinary harmless texts on which danger may be heard, by listeners that did not
learn from them."""
_LOOK_ALIKES_AT_MOST: Final = 0.12
"""The same for texts that were written to look like danger."""
_GUARDS_AT_MOST: Final = 0.03
"""Share of general questions that may be taken for a request for a decision."""
_OFFERS_AT_MOST: Final = 0.2
"""Share of off-topic tuning cases on which choices may be offered."""
_GRID: Final = tuple(round(0.02 * step, 2) for step in range(1, 50))


_GENERAL: Final = frozenset({Must.GENERAL, Must.ANSWER, Must.OFFER})
_ORDINARY: Final = _GENERAL | {Must.DECLINE}
_FOLDS: Final = 4
_WEIGHT_OF_RULES: Final = 6
"""How often a sentence beside a phrase counts against one of `examples/`: somebody chose it."""
_KINDS: Final[Mapping[Must, Harm | None]] = {
    **dict.fromkeys(Must),
    Must.CRISIS: Harm.CRISIS,
    Must.URGENT: Harm.URGENT,
    Must.GUARD: Harm.ADVICE,
}
_Row: TypeAlias = "tuple[listening.Ints, Floats]"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case or an example as the listener meets it, and what its phrases tell of."""

    must: Must
    row: _Row
    harms: frozenset[Harm]

    @property
    def in_danger(self) -> bool:
        """Whether a phrase of danger matches."""
        return bool(self.harms & {Harm.CRISIS, Harm.URGENT})

    @property
    def in_doubt(self) -> bool:
        """Whether a phrase of a request for a decision matches."""
        return Harm.ADVICE in self.harms


@dataclass(frozen=True, slots=True)
class Calibrated:
    """New numbers, and how many texts they were fitted on."""

    calibration: Calibration
    weights: Floats
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
    faq = loaded.faq
    cases = [one.case for one in placed if one.set_name in _TUNED_ON]
    # The listener has no part in ranking: one engine, and its index, serve every step.
    engine = Engine.of(faq, None)
    screener = engine.screener
    learned = list(_learned_from(faq, screener))
    harm_of = {rule.id: rule.harm for rule in faq.screening.rules}
    told = [(text, Must(file.kind)) for file in examples for text in file.texts]
    asked: list[_Asked] = []
    for text, must in (*told, *((case.ask, case.must) for case in cases)):
        row, rules = screener.row(text)
        asked.append(_Asked(must, row, frozenset(harm_of[rule] for rule in rules)))
    heard = _heard_without_knowing(learned, asked)
    rows = [*learned, *((one.row, _KINDS[one.must]) for one in asked)]
    weights = listening.fit([row for row, _ in rows], [kind for _, kind in rows])
    numbers = _confidence(engine, cases)
    numbers = numbers.model_copy(update=_danger_thresholds(asked, heard))
    numbers = numbers.model_copy(update=_answer_thresholds(engine, cases, numbers))
    return Calibrated(numbers, weights, len(cases), len(rows))


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
    replace_file(root / CALIBRATION, ("\n".join(lines) + "\n").encode())
    stored = BytesIO()
    np.savez_compressed(stored, weights=calibrated.weights.astype(np.float16))
    replace_file(root / LISTENER, stored.getvalue())


def _learned_from(faq: Faq, screener: Screener) -> Iterator[tuple[_Row, Harm | None]]:
    harm_of = {rule.id: rule.harm for rule in faq.screening.rules}
    for rule in faq.screening.rules:
        for text in rule.matches * _WEIGHT_OF_RULES:
            yield screener.row(text)[0], rule.harm
        for text in rule.must_not_match * _WEIGHT_OF_RULES:
            row, rules = screener.row(text)
            # What is no emergency may still be a request for a decision.
            if rule.harm is Harm.ADVICE or not any(harm_of[r] is Harm.ADVICE for r in rules):
                yield row, None
    for entry in faq.entries:
        for wording in entry.wordings():
            row, rules = screener.row(wording)
            # Wordings like "do i qualify" ask for a decision; they teach nothing harmless.
            if not rules:
                yield row, None


def _heard_without_knowing(
    learned: Sequence[tuple[_Row, Harm | None]], asked: Sequence[_Asked]
) -> list[Heard]:
    """Return what a listener makes of each case that did not learn from it (cross-validation)."""
    heard: list[Heard | None] = [None] * len(asked)
    for fold in range(_FOLDS):
        known = [one for place, one in enumerate(asked) if place % _FOLDS != fold]
        rows = [*learned, *((one.row, _KINDS[one.must]) for one in known)]
        weights = listening.fit([row for row, _ in rows], [kind for _, kind in rows])
        listener = listening.Listener(weights)
        for place in range(fold, len(asked), _FOLDS):
            heard[place] = listener.hear(*asked[place].row)
    return [one for one in heard if one is not None]


def _confidence(engine: Engine, cases: Sequence[Case]) -> Calibration:
    signs: list[calibration.Signs] = []
    right: list[bool] = []
    for case in cases:
        if case.must not in {Must.ANSWER, Must.DECLINE}:
            continue
        wanted = case.right() if case.must is Must.ANSWER else frozenset[str]()
        for candidate in engine.matcher.rank(case.ask, case.after):
            signs.append(candidate.signs)
            right.append(candidate.entry.id in wanted)
    fitted = calibration.fit(signs, right)
    told = {"faq": fingerprint(engine.faq), "right": fitted}
    return engine.faq.calibration.model_copy(update=told)


def _danger_thresholds(asked: Sequence[_Asked], heard: Sequence[Heard]) -> dict[str, float]:
    """Return from when on danger and requests for advice are believed.

    Without a phrase: the lowest likelihood at which harmless cases stay quiet. With a phrase that
    matches: the same, over those harmless cases that a phrase matches.
    """
    seen = list(zip(asked, heard, strict=True))

    def share(harmless: Collection[Must], alarmed: Callable[[_Asked, Heard], bool]) -> float:
        of = [(one, h) for one, h in seen if one.must in harmless]
        return sum(alarmed(one, h) for one, h in of) / max(len(of), 1)

    def quiet(alarmed: Callable[[_Asked, Heard], bool], part: float = 1.0) -> bool:
        ordinary = share(_ORDINARY, alarmed) <= _ALARMS_AT_MOST * part
        return ordinary and share((Must.CALM,), alarmed) <= _LOOK_ALIKES_AT_MOST * part

    def unguarded(alarmed: Callable[[_Asked, Heard], bool], part: float = 1.0) -> bool:
        return share(_GENERAL, alarmed) <= _GUARDS_AT_MOST * part

    danger_at = _first(lambda at: quiet(lambda _, h: h.danger >= at))
    phrased = _first(lambda at: quiet(lambda one, h: one.in_danger and h.danger >= at, 0.5))
    advice_at = _first(lambda at: unguarded(lambda _, h: h.advice >= at))
    asked_for = _first(lambda at: unguarded(lambda one, h: one.in_doubt and h.advice >= at, 0.5))
    return {
        "danger_at": danger_at,
        "danger_with_phrase": min(danger_at, phrased),
        "advice_at": advice_at,
        "advice_with_phrase": min(advice_at, asked_for),
    }


def _answer_thresholds(
    engine: Engine, cases: Sequence[Case], numbers: Calibration
) -> dict[str, float]:
    matcher = Engine.of(engine.faq.with_calibration(numbers), None, engine.index).matcher
    ranked = [(case, matcher.rank(case.ask, case.after)) for case in cases]
    return {
        "answer_at": _first(lambda at: _answers_hold(ranked, at)),
        "offer_at": _first(lambda at: _offers_hold(ranked, at)),
    }


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
