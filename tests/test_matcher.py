"""What the matcher finds, says and refuses, on the shipped FAQ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answering import Answered, Choices, Declined

if TYPE_CHECKING:
    from bot.core.engine import Engine
    from bot.core.faq import Faq


def first(engine: Engine, question: str, context: str | None = None) -> str:
    return engine.matcher.rank(question, context)[0].entry.id


def test_every_headline_finds_its_own_entry_first(engine: Engine, faq: Faq) -> None:
    found = {entry.id: first(engine, entry.question) for entry in faq.entries}
    assert found == {entry.id: entry.id for entry in faq.entries}


def test_nearly_every_wording_finds_its_own_entry_first(engine: Engine, faq: Faq) -> None:
    wordings = [(entry.id, wording) for entry in faq.entries for wording in entry.wordings()]
    right = sum(first(engine, wording) == entry for entry, wording in wordings)
    assert right / len(wordings) > 0.97


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_case_spacing_and_punctuation_do_not_matter(
    engine: Engine, faq: Faq, data: st.DataObject
) -> None:
    entry = data.draw(st.sampled_from(faq.entries))
    shouted = "  " + entry.question.upper().replace(" ", "   ") + "!!! "
    assert first(engine, shouted) == first(engine, entry.question)


def test_because_says_what_was_repaired_and_which_words_counted(engine: Engine) -> None:
    best = engine.matcher.rank("side efects of metfromin")[0]
    assert best.entry.id == "metformin-side-effects"
    assert dict(best.because.repaired) == {"efects": "effects", "metfromin": "metformin"}
    assert set(best.because.words) == {"side effects", "metformin"}
    assert best.because.wording in set(best.entry.wordings())


@pytest.mark.parametrize(
    ("question", "context", "entry"),
    [
        ("and how risky is it?", "what-is-ahsct", "ahsct-risk-of-death"),
        ("and the side effects?", "what-is-metformin", "metformin-side-effects"),
        ("how much does it cost", "what-is-ahsct", "ahsct-cost"),
    ],
)
def test_a_short_question_goes_on_from_the_last_answer(
    engine: Engine, question: str, context: str, entry: str
) -> None:
    offered = [candidate.entry.id for candidate in engine.matcher.rank(question, context)]
    assert entry in offered[:4]
    assert engine.matcher.rank(question, context)[0].signs.apart == 0.0


def test_a_full_question_ignores_what_was_shown_before(engine: Engine) -> None:
    question = "what are the side effects of metformin"
    alone = engine.matcher.rank(question)
    after = engine.matcher.rank(question, "ahsct-cost")
    assert [(c.entry.id, c.confidence) for c in alone] == [
        (c.entry.id, c.confidence) for c in after
    ]


@pytest.mark.parametrize(
    "question",
    [
        "what are the side effects of ocrelizumab",
        "is ibuprofen safe for people with MS",
        "does hsct cure crohns disease",
        "metformin for weight loss",
        "hsct with a donor for lupus",
        "can my dog take metformin",
    ],
)
def test_another_medicine_disease_or_patient_is_never_answered(
    engine: Engine, question: str
) -> None:
    assert not isinstance(engine.consider(question).outcome, Answered)


def test_two_questions_in_one_message_are_both_offered(engine: Engine) -> None:
    outcome = engine.consider(
        "how much does hsct cost? and what are the side effects of it?"
    ).outcome
    assert isinstance(outcome, Choices)
    offered = {entry.id for entry in outcome.entries}
    assert {"ahsct-cost", "ahsct-side-effects"} <= offered


def test_the_question_is_found_in_a_long_message(engine: Engine) -> None:
    story = (
        "Hello all, I was diagnosed in spring, my garden is a mess and the cat has learned to open "
        "the fridge, so please bear with me today. My sister sent me the news. "
        "Was that metformin study done in mice or rats? Have a good evening, all of you."
    )
    offered = [candidate.entry.id for candidate in engine.matcher.rank(story)]
    assert "metformin-mice-or-rats" in offered[:2]


def test_nothing_is_found_in_what_holds_no_words(engine: Engine) -> None:
    assert engine.matcher.rank("?!… 🙂") == ()
    assert isinstance(engine.consider("?!… 🙂").outcome, Declined)


def test_the_same_question_always_gets_the_same_answer(engine: Engine) -> None:
    ranked = [engine.matcher.rank("how long does the effect last") for _ in range(3)]
    assert ranked[0] == ranked[1] == ranked[2]
