"""The small parts of the core: words, repair, features, calibration, figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calibration import SIGNS, Signs, confidence, fit
from bot.core.collecting import Collector
from bot.core.evaluation import Share
from bot.core.faq import Words
from bot.core.features import Postings, blocks
from bot.core.lexicon import Lexicon, count
from bot.core.text import MAX_CHARACTERS, fold, plain, squeeze, words

if TYPE_CHECKING:
    from bot.core.engine import Engine

LANGUAGE = Words(
    short_forms={"can't": "can not", "whats": "what is"},
    same_meaning={"ahsct": ("hsct", "stem cell transplant"), "side": ("side effects",)},
    change_the_answer={},
    other_subjects={},
    small_words=("the", "is", "what", "of"),
    subjects=("ahsct",),
)
TEXTS = ("stem cell transplant metformin", "the risk of relapse", "side effects of fasting")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    ordinary = frozenset({"wealth", "house", "trials"})
    return Lexicon(LANGUAGE, count(LANGUAGE, TEXTS), ordinary)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's HSCT?", ["what's", "hsct"]),
        ("took 500mg, 38.6 °C", ["took", "500", "mg", "38.6", "c"]),
        ("5–10 %", ["5", "10", "percent"]),
        ("naïve Zalgo̷", ["naive", "zalgo"]),
        ("b12 ５", ["b12", "5"]),
        ("दवा กินยา", ["दवा", "กินยา"]),
        ("🙂 … ?!", []),
    ],
)
def test_how_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_no_more_than_one_message_is_read() -> None:
    assert len(words("a " * MAX_CHARACTERS)) == MAX_CHARACTERS // 2


def test_letters_drawn_out_are_squeezed() -> None:
    assert squeeze("sooooo coool") == "so col"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("metfromin", "metformin"),
        ("metphormin", "metformin"),
        ("etformin", "metformin"),
        ("emtformin", "metformin"),
        ("xmetformin", "metformin"),
        ("letformin", "metformin"),
        ("relaps", "relapse"),
        ("transplnat", "transplant"),
        ("stemcell transplant", "stem cell transplant"),
        ("met formin", "metformin"),
        ("house", "house"),
        ("whats", "what is"),
        ("xqzjvkw", "xqzjvkw"),
    ],
)
def test_how_spelling_is_repaired(lexicon: Lexicon, typed: str, understood: str) -> None:
    assert " ".join(lexicon.read(typed).words) == understood


def test_words_that_mean_the_same_become_one_term(lexicon: Lexicon) -> None:
    one = lexicon.read("hsct").terms
    other = lexicon.read("stem cell transplants").terms
    assert [term.feature for term in one] == [term.feature for term in other] == ["=ahsct"]


def test_postings_score_like_the_plain_dot_product(lexicon: Lexicon) -> None:
    rows = [blocks(lexicon.plain_reading(text)) for text in TEXTS]
    collector = Collector()
    for row in rows:
        collector.add(row)
    rarity, collected = collector.weighed()
    postings = Postings.of(collected, len(rarity.numbers))
    vectors = [rarity.vector(row) for row in rows]
    for place, (numbers, values) in enumerate(vectors):
        found, as_collected = collected.part(place, place + 1)
        assert found.tolist() == numbers.tolist()
        assert np.allclose(as_collected, values, atol=1e-6)
    dense = np.zeros((len(rows), len(rarity.numbers)), dtype=np.float32)
    for place, (numbers, values) in enumerate(vectors):
        dense[place, numbers] = values
    for numbers, values in vectors:
        whole = np.zeros(len(rarity.numbers), dtype=np.float32)
        whole[numbers] = values
        assert np.allclose(postings.scores(numbers, values), dense @ whole, atol=1e-5)


def signs(score: float) -> Signs:
    return Signs(
        score=score, lead=score, chance=score, nearest=score, asked=score, told=score,
        in_faq=score, length=1.0, apart=0.0, foreign=0.0,
    )  # fmt: skip


def test_a_fitted_confidence_follows_the_share_of_right_candidates() -> None:
    rows = [signs(step / 100) for step in range(100)] * 4
    right = [step % 100 + (step // 100) * 5 > 55 for step in range(400)]
    weights = fit(rows, right)
    assert len(weights) == SIGNS == len(signs(0.5).row())
    assert confidence(weights, signs(0.05)) < 0.1
    assert confidence(weights, signs(0.95)) > 0.9
    told = sum(confidence(weights, row) for row in rows) / len(rows)
    assert math.isclose(told, sum(right) / len(right), abs_tol=0.02)


@pytest.mark.parametrize(
    ("count_", "total", "low", "high"),
    [(0, 100, 0.0, 0.037), (50, 100, 0.404, 0.596), (100, 100, 0.963, 1.0), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_wilsons(count_: int, total: int, low: float, high: float) -> None:
    interval = Share("share", count_, total).interval
    assert interval == pytest.approx((low, high), abs=0.001)


def test_the_shipped_confidence_is_roughly_calibrated(engine: Engine) -> None:
    assert engine.faq.calibration.answer_at > engine.faq.calibration.offer_at
