"""The small reader: how words become pieces, what it refuses, and how the listener uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.content.learned import (
    DamagedError,
    held_out_scores,
    listener_bytes,
    read_encoder,
    read_learned,
)
from bot.content.load import load
from bot.core.encoding import BEGIN, END, LONGEST, UNKNOWN, Encoder, Layer, reader
from bot.core.listening import KINDS, SLOTS, Learned, Listener, features, gravest, heard
from tests.support import SHIPPED, TODAY, small

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.core.engine import Engine

WIDTH = 32
VOCABULARY = ["[CLS]", "[SEP]", "[UNK]", "numb", "##ness", "num", "leg", "39", ".", "5", "##b"]


def arrays(layers: int = 2) -> dict[str, NDArray[np.generic]]:
    """Return a reader that learned nothing: numbers by chance."""
    chance = np.random.default_rng(7)
    sizes = {
        "attend": (WIDTH, 3 * WIDTH),
        "attend_bias": (3 * WIDTH,),
        "join": (WIDTH, WIDTH),
        "widen": (WIDTH, 64),
        "widen_bias": (64,),
        "narrow": (64, WIDTH),
    }
    made: dict[str, NDArray[np.generic]] = {
        f"{n}.{name}": chance.normal(size=sizes.get(name, (WIDTH,))).astype(np.float16)
        for n in range(layers)
        for name in Layer.__slots__
    }
    made["table"] = chance.integers(-127, 128, (len(VOCABULARY), WIDTH)).astype(np.int8)
    made["scale"] = np.full(len(VOCABULARY), 0.01, dtype=np.float16)
    made["places"] = chance.normal(size=(LONGEST, WIDTH)).astype(np.float16)
    made["out"] = chance.normal(size=(3 * WIDTH, len(KINDS))).astype(np.float16)
    made["out_bias"] = np.zeros(len(KINDS), dtype=np.float16)
    return made


def encoder() -> Encoder:
    return Encoder.of(VOCABULARY, arrays())


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("numb", ["numb"]),
        ("numbness", ["numb", "##ness"]),
        ("39.5", ["39", ".", "5"]),
        ("zebra", ["[UNK]"]),
        ("", []),
    ],
)
def test_a_word_is_read_in_its_longest_pieces(word: str, pieces: list[str]) -> None:
    read = reader(VOCABULARY)([word])
    assert [VOCABULARY[n] for n in read] == ["[CLS]", *pieces, "[SEP]"]


def test_no_message_is_longer_than_the_reader() -> None:
    read = reader(VOCABULARY)(["leg"] * 500)
    assert len(read) == LONGEST
    assert (read[0], read[-1]) == (BEGIN, END)


def test_the_order_of_words_counts() -> None:
    made = encoder()
    there, back = made.scores(["numb", "leg"]), made.scores(["leg", "numb"])
    assert there.shape == (len(KINDS),)
    assert not np.allclose(there, back)
    assert np.array_equal(there, encoder().scores(["numb", "leg"]))


def test_the_first_piece_alone_is_read_as_among_all() -> None:
    made = encoder()
    states = np.random.default_rng(3).normal(size=(9, WIDTH)).astype(np.float32)
    for layer in made.layers:
        assert np.allclose(layer.first(states), layer(states)[:1], atol=1e-4)


def test_every_layer_has_a_say() -> None:
    words = ["numb", "leg"]
    told = [Encoder.of(VOCABULARY, arrays(layers)).scores(words) for layers in (1, 2, 3)]
    assert np.isfinite(told).all()
    assert not np.allclose(told[1], told[0])
    assert not np.allclose(told[2], told[1])


def test_no_words_are_no_error() -> None:
    assert np.isfinite(encoder().scores([])).all()


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("table", np.zeros((3, WIDTH), dtype=np.int8)),
        ("table", np.zeros((len(VOCABULARY), WIDTH), dtype=np.float32)),
        ("out", np.zeros((5, len(KINDS)), dtype=np.float16)),
        ("1.join", np.zeros((WIDTH, WIDTH + 32), dtype=np.float16)),
        ("0.widen", np.full((WIDTH, 64), np.nan, dtype=np.float16)),
        ("places", np.zeros((3, WIDTH), dtype=np.float16)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name: str, array: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Encoder.of(VOCABULARY, arrays() | {name: array})


@pytest.mark.parametrize("name", ["1.narrow_bias", "1.attend", "0.join", "scale"])
def test_a_missing_array_is_refused(name: str) -> None:
    incomplete = arrays()
    del incomplete[name]
    with pytest.raises(KeyError):
        Encoder.of(VOCABULARY, incomplete)


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_a_message_that_is_plain_is_not_read_again(kind: int) -> None:
    plain = np.zeros(len(KINDS), dtype=np.float32)
    plain[kind] = 9
    asked: list[bool] = []

    def scores() -> NDArray[np.float32]:
        asked.append(True)
        return np.array([0, 9, 0, 0], dtype=np.float32)

    at_once = heard(plain, scores)
    assert not asked
    found = (1 - at_once.danger - at_once.advice, at_once.crisis, at_once.urgent, at_once.advice)
    assert found[kind] > 0.99
    assert heard(np.zeros(len(KINDS), dtype=np.float32), scores).crisis > 0.9
    assert asked


def test_of_a_long_message_the_gravest_stretch_is_read(engine: Engine) -> None:
    screener = engine.screener
    calm, grave = screener.read("the cake was nice "), screener.read("leg numb")
    weights = np.zeros((SLOTS, len(KINDS)), dtype=np.float32)
    slots, _ = features(grave, [], [])
    weights[slots, 2] = 1.0
    story = screener.read("the cake was nice " * 40 + "leg numb " + "the cake was nice " * 40)
    words = gravest(weights, story)
    assert {"leg", "numb"} <= set(words)
    assert len(words) < len(story.words)
    assert gravest(weights, calm) == calm.words


def test_the_encoder_has_a_say(engine: Engine) -> None:
    reading = engine.screener.read("leg numb")
    row = features(reading, [], [])
    weights = np.zeros((SLOTS, len(KINDS)), dtype=np.float32)
    alone = Listener(Learned(weights, None)).hear(*row, reading)
    together = Listener(Learned(weights, encoder())).hear(*row, reading)
    assert alone.crisis == pytest.approx(1 / len(KINDS))
    assert together != alone


def test_a_listener_knows_beside_which_encoder_it_was_fitted() -> None:
    weights = np.zeros((SLOTS, len(KINDS)), dtype=np.float32)
    stored = (SHIPPED / "calibration/encoder.npz").read_bytes()
    assert read_learned(listener_bytes(weights, stored), stored).encoder is not None
    assert read_learned(listener_bytes(weights, None), None).encoder is None
    for fitted, found in ((stored, None), (None, stored), (stored, stored[:-1] + b"!")):
        with pytest.raises(DamagedError):
            read_learned(listener_bytes(weights, fitted), found)


@pytest.mark.parametrize("damage", [b"", b"no archive"])
def test_a_damaged_encoder_is_told(tmp_path: Path, damage: bytes) -> None:
    root = small(tmp_path)
    (root / "calibration/encoder.npz").write_bytes(damage)
    [told] = load(root, TODAY).problems
    assert "calibration/listener.npz:1: (to consider) this file is damaged" in str(told)
    with pytest.raises(DamagedError):
        read_encoder(damage)


def test_what_the_shipped_encoder_made_of_texts_held_out_can_be_read() -> None:
    stored = (SHIPPED / "calibration/encoder.npz").read_bytes()
    held_out = held_out_scores(stored)
    assert len(held_out) > 1000
    assert all(scores.shape == (len(KINDS),) for scores in held_out.values())
    with pytest.raises(DamagedError):
        held_out_scores(b"")


def test_an_unknown_piece_is_one_of_the_table() -> None:
    assert VOCABULARY[UNKNOWN] == "[UNK]"
