"""The little language of urgent.yaml and advice.yaml."""

from __future__ import annotations

import pytest

from bot.core.phrases import PhraseError, PhraseIndex, Said, parse, vocabulary

LISTS = {"someone": [("i",), ("my", "wife")], "pills": [("pill",), ("metformin",)]}


def stem(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def matches(phrase: str, text: str) -> bool:
    stems = stem(text)
    return parse(phrase, LISTS, stem).find(Said(stems)) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("can not breathe", "help i can not breathe", True),
        ("can not breathe", "i can breathe", False),
        ("can not ... breathe", "can not even start to breathe", True),
        ("can not ... breathe", "can not a b c d e breathe", False),
        ("(hot|very hot) water", "very hot water", True),
        ("[really] high fever", "high fever", True),
        ("[really] high fever", "really high fever", True),
        ("{someone} took {pills}", "my wife took metformin", True),
        ("{someone} took {pills}", "you took metformin", False),
        ("fever & pill", "one pill and then fever", True),
        ("fever & pill", "fever " + "and " * 40 + "pill", False),
        ("^ does it", "does it hurt", True),
        ("^ does it", "oh does it hurt", False),
        ("good idea $", "is that a good idea", True),
        ("good idea $", "a good idea it was", False),
    ],
)
def test_what_a_phrase_matches(phrase: str, text: str, found: bool) -> None:  # noqa: FBT001
    assert matches(phrase, text) is found


@pytest.mark.parametrize(
    ("phrase", "what"),
    [
        ("{nobody} took", "there is no list `nobody`"),
        ("(open", "a bracket is not closed"),
        ("...", "holds no words"),
        ("[maybe]", "no word that must be there"),
        ("()", "a pair of brackets holds no words"),
    ],
)
def test_a_phrase_that_cannot_be_read_says_why(phrase: str, what: str) -> None:
    with pytest.raises(PhraseError) as error:
        parse(phrase, LISTS, stem)
    assert what in error.value.what
    assert error.value.instead


def test_an_index_finds_what_each_phrase_alone_finds() -> None:
    phrases = [parse(p, LISTS, stem) for p in ("a b", "b ... d", "{pills} & a", "[c] d", "^ a")]
    index = PhraseIndex((phrase, number) for number, phrase in enumerate(phrases))
    for text in ("a b c d", "d c b a", "pill x a", "b x x d", "c d", ""):
        stems = stem(text)
        said = Said(stems)
        alone = {n: p for n, one in enumerate(phrases) if (p := one.find(said))}
        assert index.find(said) == alone


def test_many_gaps_are_not_tried_exponentially_often() -> None:
    phrase = parse("a " + "... a " * 12 + "z", LISTS, stem)
    stems = ("a",) * 400
    # Without remembering what failed this would not end within a lifetime.
    assert phrase.find(Said((*stems, "y", "z"))) is None


def test_the_vocabulary_of_a_phrase_are_its_plain_words() -> None:
    assert vocabulary("{someone} (took|ate) ... [too] many & now").split() == [
        "took", "ate", "too", "many", "now",
    ]  # fmt: skip
