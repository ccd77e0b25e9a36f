"""Fit the numbers of the decision on the tuning cases and the examples; never on the report set.

Repeatable: the same files give the same numbers. `msfaq calibrate` writes what comes of it to
`faq/calibration/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from zlib import crc32

import numpy as np

from bot.content.folder import Folder
from bot.content.learned import (
    ENCODER,
    LISTENER,
    MOST_BYTES,
    DamagedError,
    held_out_scores,
    key_of,
    listener_bytes,
    read_encoder,
)
from bot.content.load import CALIBRATION, load, load_cases, load_examples
from bot.content.problems import ContentError, Problem, errors
from bot.content.thresholds import GRID, Loudness
from bot.content.writing import replace_file
from bot.core import calibration, listening
from bot.core.cases import Must
from bot.core.engine import Engine
from bot.core.faq import Calibration, Harm
from bot.core.fitting import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_LOOK_ALIKES_AT_MOST: Final = 0.09
"""The same for texts that were written to look like danger."""
_GUARDS_AT_MOST: Final = 0.045
"""Share of general questions that may be taken for a request for a decision."""
_OFFERS_AT_MOST: Final = 0.2
"""Share of off-topic tuning cases on which choices may be offered."""


_GENERAL: Final = frozenset({Must.GENERAL, Must.ANSWER, Must.OFFER})
_ORDINARY: Final = _GENERAL | {Must.DECLINE}
_FOLDS: Final = 4
_WEIGHT_OF_RULES: Final = 6
"""How often a sentence beside a phrase counts against one of `examples/`: somebody chose it."""
_FRAGMENT: Final = 3
"""Words of the longest part of a text that is learned by itself."""
_WORTH_CUTTING: Final = 6
"""Words from which on a text is cut up: the parts of a shorter one would give it away."""
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
    scores: Floats | None
    """What an encoder that did not learn from it makes of it."""

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
    encoder: bytes | None
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
    harm_of = {rule.id: rule.harm for rule in faq.screening.rules}
    told = [(text, Must(file.kind)) for file in examples for text in file.texts]
    plain = [text for text, must in told if must is Must.GENERAL]
    learned = [*_learned_from(faq, screener), *_fragments(plain, screener)]
    encoder, scores_of = _encoder(root, screener)
    asked: list[_Asked] = []
    for text, must in (*told, *((case.ask, case.must) for case in cases)):
        row, rules = screener.row(text)
        harms = frozenset(harm_of[rule] for rule in rules)
        asked.append(_Asked(must, row, harms, scores_of(text)))
    heard = _heard_without_knowing(learned, asked)
    rows = [*learned, *((one.row, _KINDS[one.must]) for one in asked)]
    weights = listening.fit([row for row, _ in rows], [kind for _, kind in rows])
    numbers = _confidence(engine, cases)
    numbers = numbers.model_copy(update=_danger_thresholds(asked, heard))
    numbers = numbers.model_copy(update=_answer_thresholds(engine, cases, numbers))
    return Calibrated(numbers, weights, encoder, len(cases), len(rows))


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
    replace_file(root / LISTENER, listener_bytes(calibrated.weights, calibrated.encoder))


def _encoder(root: Path, screener: Screener) -> tuple[bytes | None, Callable[[str], Floats | None]]:
    """Return the encoder's file, and what tells a text's scores by one that did not learn from it.

    Raises:
        ContentError: if the file is damaged.

    """
    data, _ = Folder(root).read_bytes(root / ENCODER, MOST_BYTES)
    if data is None:
        return None, lambda _: None
    try:
        encoder, known = read_encoder(data), held_out_scores(data)
    except DamagedError as error:
        instead = "fetch it again, or teach it anew as training/README.md says"
        raise ContentError([Problem(ENCODER, 1, "this file is damaged", instead)]) from error

    def scores_of(text: str) -> Floats:
        held_out = known.get(key_of(text))
        return encoder.scores(screener.read(text).words) if held_out is None else held_out

    return data, scores_of


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


def _fragments(texts: Iterable[str], screener: Screener) -> Iterator[tuple[_Row, Harm | None]]:
    """Yield parts of harmless texts, up to three words each, on which no phrase matches.

    A cry for help may be two words long, and so may half a question: whoever is shown what danger
    reads like in two words, and nothing harmless as short, hears it in "one more".
    """
    found: set[str] = set()
    for text in texts:
        said = text.split()
        if len(said) < _WORTH_CUTTING:
            continue
        chance = crc32(text.encode())
        length = 1 + chance % _FRAGMENT
        at = chance // _FRAGMENT % max(1, len(said) - length + 1)
        found.update((" ".join(said[:length]), " ".join(said[at : at + length])))
    for text in sorted(found):
        row, rules = screener.row(text)
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
        for place in range(fold, len(asked), _FOLDS):
            heard[place] = _heard(weights, asked[place])
    return [one for one in heard if one is not None]


def _heard(weights: Floats, asked: _Asked) -> Heard:
    slots, values = asked.row
    return listening.heard(values @ weights[slots], lambda: asked.scores)


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
    """Return from when on danger and requests for advice are believed, with and without a phrase.

    Of all pairs of thresholds that keep harmless texts quiet enough, the pair that hears most.
    """
    must = np.array([one.must for one in asked])
    general = np.isin(must, list(_GENERAL))
    danger, advice = (
        Loudness(
            np.array([h.danger for h in heard]),
            np.array([one.in_danger for one in asked]),
            np.isin(must, [Must.CRISIS, Must.URGENT]),
            [
                (np.isin(must, list(_ORDINARY)), _ALARMS_AT_MOST),
                (must == Must.CALM, _LOOK_ALIKES_AT_MOST),
            ],
        ),
        Loudness(
            np.array([h.advice for h in heard]),
            np.array([one.in_doubt for one in asked]),
            must == Must.GUARD,
            [(general, _GUARDS_AT_MOST)],
        ),
    )
    danger_at, danger_with_phrase = danger.best()
    advice_at, advice_with_phrase = advice.best()
    return {
        "danger_at": danger_at,
        "danger_with_phrase": danger_with_phrase,
        "advice_at": advice_at,
        "advice_with_phrase": advice_with_phrase,
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
    return next((at for at in GRID if holds(at)), GRID[-1])


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
