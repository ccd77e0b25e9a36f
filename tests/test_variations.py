"""The texts a tutor marks: made of the lessons' words, never longer than the reader reads."""

from __future__ import annotations

import numpy as np
import pytest

from bot.core.encoding import BEGIN, END, LONGEST
from training.material import Lesson
from training.variations import variations

CONTINUING = frozenset({11, 21, 22})
"""Pieces that go on with a word: 10 11 is one word, and so is 20 21 22."""
WORDS = {(10, 11), (20, 21, 22), (30,), (40,), (50,)}


def lesson(*pieces: int) -> Lesson:
    return Lesson(key=0, pieces=(BEGIN, *pieces, END), kind=0, fold=0, source="calm")


LESSONS = [lesson(10, 11, 30, 40), lesson(20, 21, 22, 50, 30, 30), lesson(40)]


def made(lessons: list[Lesson], count: int) -> list[tuple[int, ...]]:
    return variations(lessons, CONTINUING, count, np.random.default_rng(0))


def test_as_many_are_made_as_were_asked_for_and_they_differ() -> None:
    texts = made(LESSONS, 300)
    assert len(texts) == 300
    assert len(set(texts)) > 50


def test_words_are_never_torn() -> None:
    for begin, *pieces, end in made(LESSONS, 300):
        assert (begin, end) == (BEGIN, END)
        while pieces:
            length = next(n for n in (1, 2, 3) if tuple(pieces[:n]) in WORDS)
            del pieces[:length]


def test_nothing_is_longer_than_what_is_read() -> None:
    texts = made([lesson(*[30, 40] * 100)], 50)
    assert max(map(len, texts)) == LONGEST


def test_texts_of_one_word_are_left_out() -> None:
    assert not any(pieces[1:-1] == (40, 40) for pieces in made(LESSONS, 300))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_chance_makes_the_same_texts(seed: int) -> None:
    one, other = (
        variations(LESSONS, CONTINUING, 20, np.random.default_rng(seed)) for _ in range(2)
    )
    assert one == other
