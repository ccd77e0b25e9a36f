"""Choosing from when on a harm raises the alarm."""

from __future__ import annotations

import numpy as np

from bot.content.thresholds import GRID, Loudness

LIKELY = np.array([0.9, 0.5, 0.1, 0.6, 0.2, 0.05])
PHRASED = np.array([False, False, True, False, False, False])
WANTED = np.array([True, True, True, False, False, False])


def test_the_pair_that_hears_most_among_the_quiet_ones_is_chosen() -> None:
    """One of three harmless texts may raise the alarm: that of 0.6, but not that of 0.2."""
    at, with_phrase = Loudness(LIKELY, PHRASED, WANTED, [(~WANTED, 0.34)]).best()
    assert 0.2 < at <= 0.5
    assert with_phrase <= 0.1


def test_without_any_false_alarm_allowed_only_what_is_surer_than_each_harmless_text_is_heard() -> (
    None
):
    at, with_phrase = Loudness(LIKELY, PHRASED, WANTED, [(~WANTED, 0.0)]).best()
    assert 0.6 < at <= 0.9
    assert with_phrase <= 0.1


def test_where_nothing_is_quiet_enough_the_strictest_thresholds_are_taken() -> None:
    loud = Loudness(np.ones(2), np.ones(2, dtype=bool), np.array([True, False]), [])
    nobody = Loudness(loud.likely, loud.phrased, loud.wanted, [(np.array([False, True]), 0.0)])
    assert nobody.best() == (GRID[-1], GRID[-1])
