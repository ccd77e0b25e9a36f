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
from bot.core.features import BLOCK_WEIGHTS, Nearness, Postings, Weigher, blocks
from bot.core.lexicon import Lexicon, count
from bot.core.text import MAX_CHARACTERS, fold, plain, squeeze, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.engine import Engine
    from bot.core.features import Rarity, Rows
    from bot.core.lexicon import Reading

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


@pytest.mark.parametrize("typed", ["aaaa", "zzzzzzzz"])
def test_a_single_letter_drawn_out_is_left_alone(lexicon: Lexicon, typed: str) -> None:
    assert lexicon.read(f"{typed} hsct").words == (typed, "hsct")


def test_words_that_mean_the_same_become_one_term(lexicon: Lexicon) -> None:
    one = lexicon.read("hsct").terms
    other = lexicon.read("stem cell transplants").terms
    assert [term.feature for term in one] == [term.feature for term in other] == ["=ahsct"]


def collected(lexicon: Lexicon, texts: Sequence[str] = TEXTS) -> tuple[Rarity, Rows]:
    collector = Collector()
    for text in texts:
        collector.add(blocks(lexicon.plain_reading(text)))
    return collector.weighed()


def weighed_plainly(rarity: Rarity, reading: Reading) -> dict[int, float]:
    """Return what `Weigher.vector` returns, by definition."""
    told: dict[int, float] = {}
    for block, share in zip(blocks(reading), BLOCK_WEIGHTS, strict=True):
        weighed = {name: count * rarity.weight(name) for name, count in block.items()}
        length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        known = rarity.numbers.keys() & weighed.keys()
        told |= {rarity.numbers[name]: share * weighed[name] / length for name in known}
    return told


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "",
        "?!",
        "what is the risk of hsct, what the risk of stem cell transplants",
        "xqzjvkw metformin xqzjvkw",
        "दवा 39.5",
    ],
)
def test_a_reading_is_weighed_as_defined(lexicon: Lexicon, text: str) -> None:
    rarity, _ = collected(lexicon)
    numbers, values = Weigher(rarity).vector(lexicon.read(text))
    told = dict(zip(numbers.tolist(), values.tolist(), strict=True))
    assert told == pytest.approx(weighed_plainly(rarity, lexicon.read(text)), abs=1e-6)


def test_postings_score_like_the_plain_dot_product(lexicon: Lexicon) -> None:
    rarity, rows = collected(lexicon)
    postings = Postings.of(rows, len(rarity.numbers))
    weigher = Weigher(rarity)
    vectors = [weigher.vector(lexicon.plain_reading(text)) for text in TEXTS]
    dense = np.zeros((len(vectors), len(rarity.numbers)), dtype=np.float32)
    as_collected = np.zeros_like(dense)
    for place, (numbers, values) in enumerate(vectors):
        dense[place, numbers] = values
        found, told = rows.part(place, place + 1)
        as_collected[place, found] = told
    assert np.allclose(as_collected, dense, atol=1e-6)
    for (numbers, values), whole in zip(vectors, dense, strict=True):
        assert np.allclose(postings.scores(numbers, values), dense @ whole, atol=1e-5)


def test_a_group_of_rows_scores_as_among_all_rows(lexicon: Lexicon) -> None:
    texts = ("?!", *TEXTS, "…")
    rarity, rows = collected(lexicon, texts)
    postings = Postings.of(rows, len(rarity.numbers))
    vector = Weigher(rarity).vector(lexicon.read("risk of a transplant"))
    among_all = postings.scores(*vector)
    assert among_all.max() > 0
    for groups in ((5,), (1, 4), (1, 3, 1), (1, 1, 1, 1, 1)):
        near = Nearness(postings, groups)
        whole = near.spread(*vector)
        scores = [near.scores(whole, group) for group in range(len(groups))]
        assert [len(found) for found in scores] == list(groups)
        assert np.allclose(np.concatenate(scores), among_all, atol=1e-6)


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
