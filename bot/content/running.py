"""Cases through the live path, again and again: what cannot have changed is not done twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
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
    from bot.core.lexicon import Reading
    from bot.core.screening import Alarm

_NEARLY_THE_SAME: Final = 95
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
        return self._screened(engine, [engine.answerer.read(text) for text in texts])

    def came(self, engine: Engine, cases: Sequence[Case], *, whole: bool = True) -> list[Came]:
        """Return what comes of each case.

        Unless `whole`, no entries are looked up for a case that the screening alone keeps or
        breaks: it is told as declined if no alarm is raised.
        """
        readings = [engine.answerer.read(case.ask) for case in cases]
        found = zip(cases, readings, self._screened(engine, readings), strict=True)
        # A copy of the process need not send back the cases themselves.
        came = each(partial(_brief, engine, whole=whole), list(found), self._processes)
        return [replace(one, case=case) for one, case in zip(came, cases, strict=True)]

    def near(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Return the places of every two texts that are nearly the same, the earlier one first."""
        new = sorted(set(texts) - self._known)
        for gone in self._known.difference(texts):
            for other in self._near.pop(gone, ()):
                self._near[other].discard(gone)
        self._known.intersection_update(texts)
        both = [*self._known, *new]
        alike = process.cdist(
            new, both, scorer=fuzz.ratio, score_cutoff=_NEARLY_THE_SAME, dtype=np.uint8
        )
        for one, other in np.argwhere(alike).tolist():
            self._near[new[one]].add(both[other])
            self._near[both[other]].add(new[one])
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

    def _screened(self, engine: Engine, readings: Sequence[Reading]) -> list[tuple[Alarm, ...]]:
        if not self._screens_like(engine) or len(self._alarms) > _REMEMBERED:
            self._alarms.clear()
        self._engine = engine
        said = [(reading.words, reading.stems) for reading in readings]
        new = {one: r for one, r in zip(said, readings, strict=True) if one not in self._alarms}
        heard = each(engine.screener.screen_reading, list(new.values()), self._processes)
        self._alarms.update(zip(new, heard, strict=True))
        return [self._alarms[one] for one in said]

    def _screens_like(self, engine: Engine) -> bool:
        before = self._engine
        return before is not None and (
            before.faq.screening == engine.faq.screening
            and before.faq.calibration == engine.faq.calibration
            and before.faq.words.short_forms == engine.faq.words.short_forms
            and before.screener.listener.is_like(engine.screener.listener)
        )


def _brief(engine: Engine, one: tuple[Case, Reading, tuple[Alarm, ...]], *, whole: bool) -> Came:
    case, reading, alarms = one
    looked_up = not alarms and (whole or not case.must.is_about_alarms)
    found = engine.matcher.rank_reading(case.ask, reading, case.after) if looked_up else ()
    return Came.of(case, decide(alarms, found, engine.faq.calibration))
