"""All methods on the same questions, each at its best threshold, chosen on the tuning set."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bench.methods import OTHERS, TFIDF_CHARACTERS, TFIDF_WORDS, Ours, wordings_of
from bench.questions import questions
from bot.core.answering import Answered, Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bench.methods import Method
    from bench.questions import Material, Question
    from bot.core.engine import Engine

MOST_WRONG: Final = 0.03
MOST_OFF_TOPIC: Final = 0.02


@dataclass(frozen=True, slots=True)
class Scored:
    """What a method found for each of some questions."""

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    in_scope: NDArray[np.bool_]
    micros: float
    """Median processor time a question."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was shown, and how often that was right."""

    in_scope: int
    off_topic: int
    right: int
    """In scope, and the right entry shown."""
    wrong: int
    """In scope, and only another entry shown."""
    answered: int
    """Off topic, and an entry shown all the same."""

    @property
    def accuracy(self) -> float:
        """Share of all questions that were answered right or rightly declined."""
        return (self.right + self.off_topic - self.answered) / (self.in_scope + self.off_topic)

    @property
    def wrong_share(self) -> float:
        """Share of the questions in scope that got a wrong answer."""
        return self.wrong / self.in_scope

    @property
    def answered_share(self) -> float:
        """Share of the questions off topic that were answered."""
        return self.answered / self.off_topic

    @property
    def is_careful(self) -> bool:
        """Whether it keeps to the floors for wrong answers and for answers off topic."""
        return self.wrong_share <= MOST_WRONG and self.answered_share <= MOST_OFF_TOPIC


@dataclass(frozen=True, slots=True)
class Line:
    """One method on the report set."""

    name: str
    tally: Tally
    careful: Tally | None
    """The same at the threshold that keeps to the floors on the tuning set; None for ours."""
    micros: float


def scored(method: Method, asked: Sequence[Question]) -> Scored:
    """Ask `method` every question."""
    found: list[tuple[str, float]] = []
    times: list[float] = []
    for question in asked:
        start = time.process_time_ns()
        found.append(method.find(question.ask))
        times.append((time.process_time_ns() - start) / 1000)
    return Scored(
        scores=np.array([score for _, score in found]),
        right=np.array([one[0] in q.right for one, q in zip(found, asked, strict=True)]),
        in_scope=np.array([bool(question.right) for question in asked]),
        micros=statistics.median(times),
    )


def tally(of: Scored, threshold: float) -> Tally:
    """Count what comes of showing every entry that scores `threshold` or more."""
    shown = of.scores >= threshold
    return Tally(
        in_scope=int(of.in_scope.sum()),
        off_topic=int((~of.in_scope).sum()),
        right=int((shown & of.right).sum()),
        wrong=int((shown & of.in_scope & ~of.right).sum()),
        answered=int((shown & ~of.in_scope).sum()),
    )


def best_threshold(of: Scored, *, careful: bool) -> float:
    """Return the threshold with the highest accuracy; if `careful`, among those within floors."""
    best = (0.0, float("inf"))
    for threshold in np.unique(of.scores).tolist():
        count = tally(of, threshold)
        if count.accuracy > best[0] and (count.is_careful or not careful):
            best = (count.accuracy, threshold)
    return best[1]


def compare(material: Material) -> Iterator[Line]:
    """Yield ours as decided by the engine, then each method by its ranking and a threshold."""
    engine = material.engine
    tune, report = questions(material.tune), questions(material.report)
    ours = _line("ours, ranking and one threshold", Ours(engine), tune, report)[1]
    yield _decided("ours, as the answer", engine, report, ours.micros, choices=False)
    yield _decided("ours, answer or choices", engine, report, ours.micros, choices=True)
    yield ours
    wordings = wordings_of(material.faq)
    lines: dict[str, tuple[float, Line]] = {}
    for name, method in OTHERS.items():
        lines[name] = _line(name, method(wordings), tune, report)
    left_out = min(TFIDF_CHARACTERS, TFIDF_WORDS, key=lambda name: lines[name][0])
    yield from (line for name, (_, line) in lines.items() if name != left_out)


def _line(
    name: str, method: Method, tune: Sequence[Question], report: Sequence[Question]
) -> tuple[float, Line]:
    """Return the accuracy on the tuning set, and the line for the report set."""
    tuned, reported = scored(method, tune), scored(method, report)
    threshold = best_threshold(tuned, careful=False)
    careful = tally(reported, best_threshold(tuned, careful=True))
    line = Line(name, tally(reported, threshold), careful, reported.micros)
    return tally(tuned, threshold).accuracy, line


def _decided(
    name: str, engine: Engine, asked: Sequence[Question], micros: float, *, choices: bool
) -> Line:
    """Count what the engine shows; with `choices`, a choice list counts as shown everywhere."""
    right = wrong = answered = 0
    for question in asked:
        shown = _shown(engine, question.ask, choices=choices)
        if shown and not question.right:
            answered += 1
        elif shown & question.right:
            right += 1
        elif shown:
            wrong += 1
    in_scope = sum(bool(question.right) for question in asked)
    count = Tally(in_scope, len(asked) - in_scope, right, wrong, answered)
    return Line(name, count, None, micros)


def _shown(engine: Engine, ask: str, *, choices: bool) -> frozenset[str]:
    match engine.consider(ask).outcome:
        case Answered(entry):
            return frozenset({entry.id})
        case Choices(entries) if choices:
            return frozenset(entry.id for entry in entries)
        case _:
            return frozenset()
