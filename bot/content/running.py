"""Cases through the live path, again and again: what cannot have changed is not done twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from rapidfuzz import fuzz, process

from bot.content.sharing_out import each
from bot.core.answering import decide
from bot.core.evaluation import Came

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.cases import Case
    from bot.core.engine import Engine
    from bot.core.evaluation import Verdict
    from bot.core.lexicon import Reading
    from bot.core.screening import Alarm

_NEARLY_THE_SAME: Final = 95
_COMPARED_AT_ONCE: Final = 200
"""Texts that are compared with all behind them: each two once, and little memory."""
_REMEMBERED: Final = 50_000
_Said: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"
"""The words of a message, and their stems: all that the screening looks at."""


class Runner:
    """Runs cases through one engine after the other, as a FAQ changes.

    With several `processes`, the one it runs in must have one thread.
    """

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._engine: Engine | None = None
        self._alarms: dict[_Said, tuple[Alarm, ...]] = {}
        self._known: set[str] = set()
        self._near: dict[str, set[str]] = defaultdict(set)

    def alarms(self, engine: Engine, texts: Iterable[str]) -> list[tuple[Alarm, ...]]:
        """Return the alarms that each text sets off, the gravest first."""
        self._forget_if_changed(engine)
        return [self._screened(engine, engine.answerer.read(text)) for text in texts]

    def came(self, engine: Engine, cases: Sequence[Case], *, whole: bool = True) -> list[Came]:
        """Return what comes of each case.

        Unless `whole`, no entries are looked up for a case that is kept without: its verdict is
        the same, but its outcome is told as declined.
        """
        self._forget_if_changed(engine)
        briefs = each(partial(self._brief, engine, whole=whole), cases, self._processes)
        # What the copies of this process heard is theirs until they tell.
        self._alarms.update(brief.heard for brief in briefs if brief.heard is not None)
        return [
            Came(case, brief.outcome, brief.entry, brief.verdict)
            for case, brief in zip(cases, briefs, strict=True)
        ]

    def near(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Return the places of every two texts that are nearly the same, the earlier one first."""
        new = sorted(set(texts) - self._known)
        for gone in self._known.difference(texts):
            for other in self._near.pop(gone, ()):
                self._near[other].discard(gone)
        self._known.intersection_update(texts)
        both = [*new, *self._known]
        for at in range(0, len(new), _COMPARED_AT_ONCE):
            some, rest = new[at : at + _COMPARED_AT_ONCE], both[at:]
            alike = process.cdist(
                some, rest, scorer=fuzz.ratio, score_cutoff=_NEARLY_THE_SAME, dtype=np.uint8
            )
            for one, other in np.argwhere(alike).tolist():
                self._near[some[one]].add(rest[other])
                self._near[rest[other]].add(some[one])
        self._known.update(new)
        places: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            places[text].append(place)
        return sorted(
            (first, second)
            for first, text in enumerate(texts)
            for other in self._near[text]
            for second in places.get(other, ())
            if first < second
        )

    def _brief(self, engine: Engine, case: Case, *, whole: bool) -> _Brief:
        reading = engine.answerer.read(case.ask)
        said = reading.words, reading.stems
        known = self._alarms.get(said)
        alarms = engine.screener.screen_reading(reading) if known is None else known
        looked_up = not alarms and (whole or not case.must.is_kept_by_calm)
        rank = engine.matcher.rank_reading
        candidates = rank(case.ask, reading, case.after) if looked_up else ()
        came = Came.of(case, decide(alarms, candidates, engine.faq.calibration))
        heard = (said, alarms) if known is None else None
        return _Brief(came.outcome, came.entry, came.verdict, heard)

    def _screened(self, engine: Engine, reading: Reading) -> tuple[Alarm, ...]:
        said = reading.words, reading.stems
        if said not in self._alarms:
            self._alarms[said] = engine.screener.screen_reading(reading)
        return self._alarms[said]

    def _forget_if_changed(self, engine: Engine) -> None:
        before, self._engine = self._engine, engine
        if len(self._alarms) > _REMEMBERED or before is None or not _screen_alike(before, engine):
            self._alarms.clear()


@dataclass(frozen=True, slots=True)
class _Brief:
    outcome: str
    entry: str | None
    verdict: Verdict
    heard: tuple[_Said, tuple[Alarm, ...]] | None
    """What the screening said, if it had not been asked before."""


def _screen_alike(before: Engine, now: Engine) -> bool:
    """Whether two engines raise the same alarms at the same words."""
    return (
        before.faq.screening == now.faq.screening
        and before.faq.calibration == now.faq.calibration
        and before.faq.words.short_forms == now.faq.words.short_forms
        and before.screener.listener.learned is now.screener.listener.learned
    )
