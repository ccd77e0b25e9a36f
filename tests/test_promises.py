"""The four promises of the design, each as a test."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.answering import Answered, Choice, Cited, Declined, Guarded, Reply, Urgent, reply
from bot.core.faq import MESSAGE_LIMIT, Faq

if TYPE_CHECKING:
    from bot.core.engine import Engine

SOURCE = Cited(title="A study", line="A line, 2020", link="https://example.org", kind="review")
WHOLE: dict[str, object] = {
    "title": "Title",
    "body": "Body",
    "sources": (SOURCE,),
    "evidence": "A review",
    "reviewed": date(2026, 11, 23),
    "disclaimer": "Not medical advice",
}
DANGERS = (
    "i want to die",
    "um, i took 25 of my metformin, this was last night",
    "T 38.6 d+9 post ASCT",
    "my husband cant move his legs since this morning",
)


@pytest.mark.parametrize("missing", ["sources", "evidence", "reviewed", "disclaimer"])
def test_a_reply_without_what_every_reply_carries_cannot_be(missing: str) -> None:
    with pytest.raises(ValidationError):
        Reply.model_validate({name: part for name, part in WHOLE.items() if name != missing})


@pytest.mark.parametrize("empty", ["title", "body", "evidence", "disclaimer"])
def test_a_reply_with_an_empty_part_cannot_be(empty: str) -> None:
    with pytest.raises(ValidationError):
        Reply.model_validate({**WHOLE, empty: "  "})


def test_a_reply_without_a_source_cannot_be() -> None:
    with pytest.raises(ValidationError):
        Reply.model_validate({**WHOLE, "sources": ()})


def test_a_whole_reply_can_be() -> None:
    made = Reply.model_validate({**WHOLE, "choices": (Choice(entry="a", question="A?"),)})
    assert made.sources == (SOURCE,)


def test_every_reply_that_the_faq_can_give_fits_one_message(faq: Faq) -> None:
    replies = [reply(Answered(entry), faq) for entry in faq.entries]
    replies.append(reply(Declined(), faq))
    for one in replies:
        lines = sum(len(source.text) + len(source.link) for source in one.sources)
        length = len(one.title) + len(one.body) + len(one.evidence) + len(one.disclaimer)
        assert length + lines <= MESSAGE_LIMIT, one.title
        assert one.disclaimer == faq.wording.disclaimer


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(["what is hsct? ", "how much does it cost in mexico, ", "hi. "]),
    danger=st.sampled_from(DANGERS),
    after=st.sampled_from(["", " what are the side effects of metformin?", " is hsct a cure"]),
)
def test_danger_comes_before_any_match(
    engine: Engine, before: str, danger: str, after: str
) -> None:
    considered = engine.consider(before + danger + after)
    assert isinstance(considered.outcome, Urgent)
    hurried = engine.consider(before + danger + after, whole=False)
    assert (hurried.outcome, hurried.reply) == (considered.outcome, considered.reply)
    assert hurried.candidates == ()


def test_entries_are_looked_up_where_only_advice_is_asked_for(engine: Engine) -> None:
    hurried = engine.consider("should i stop metformin", whole=False)
    assert isinstance(hurried.outcome, Guarded)
    assert hurried.candidates


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_decision_and_a_whole_reply(engine: Engine, text: str) -> None:
    considered = engine.consider(text)
    assert considered.reply.disclaimer
    assert considered.reply.sources
    confidences = [candidate.confidence for candidate in considered.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "🙂" * 500,
        "Z̷̡͎a̶l̴g̸o̵ " * 200,
        "\u202eتجربة زرع الخلايا الجذعية",
        "a" * 4_000,
        "what is hsct " * 300,
        "\ud800",
        "(" * 4_000,
        "1" * 4_000,
        "’‘´`" * 100,
    ],
)
def test_hostile_text_gets_a_decision(engine: Engine, text: str) -> None:
    assert engine.consider(text).reply.disclaimer


def test_an_unknown_context_is_no_error(engine: Engine) -> None:
    assert engine.consider("and how risky is it?", "no-such-entry").reply.disclaimer
