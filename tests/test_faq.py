"""The shipped FAQ: every entry of the list, every claim, enough wordings, kept promises."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from bot.content.load import load, load_cases, load_examples, read_cases
from bot.content.problems import Severity, errors
from bot.core.faq import Advice, Faq
from bot.core.text import plain
from tests.conftest import FAQ, ROOT, TODAY

if TYPE_CHECKING:
    from pathlib import Path

EXAM = ROOT / "bench" / "exam"
TOPICS = {"ms": 9, "ahsct": 36, "metformin": 14, "about": 5, "safety": 5}
CLAIMS = [f"A{number:02}" for number in range(1, 32)]


def test_the_shipped_faq_has_no_problems() -> None:
    loaded = load(FAQ, TODAY)
    cases, case_problems = load_cases(FAQ)
    _, example_problems = load_examples(FAQ)
    assert errors([*loaded.problems, *case_problems, *example_problems]) == []
    assert not [p for p in loaded.problems if p.severity is Severity.WARNING]
    assert len(cases) > 1_000


def test_every_topic_holds_its_entries(faq: Faq) -> None:
    counts: dict[str, int] = defaultdict(int)
    for entry in faq.entries:
        counts[entry.topic] += 1
    assert {topic: counts[topic] >= least for topic, least in TOPICS.items()} == dict.fromkeys(
        TOPICS, True
    )


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_of_the_article_is_answered(faq: Faq, claim: str) -> None:
    answering = [entry.id for entry in faq.entries if claim in entry.claims]
    assert answering, f"nobody answers {claim}: {faq.claims[claim]}"


def test_every_entry_has_many_different_wordings(faq: Faq) -> None:
    for entry in faq.entries:
        assert len({plain(wording) for wording in entry.also_asked}) >= 8, entry.id


def test_every_answer_begins_with_one_or_two_short_sentences(faq: Faq) -> None:
    for entry in faq.entries:
        sentences = re.findall(r"[.!?](?:\s|$)", entry.short)
        assert 1 <= len(sentences) <= 3, (entry.id, entry.short)
        assert len(entry.short) <= 420, entry.id


def test_answers_that_readers_act_on_send_them_to_their_team(faq: Faq) -> None:
    team = re.compile(r"team|neurologist|doctor|nurse|midwife|emergency number|call", re.IGNORECASE)
    for entry in faq.entries:
        if entry.advice in {Advice.MED, Advice.HIGH}:
            assert team.search(entry.answer.split("\n")[-1] + entry.detail[-400:]), entry.id


def test_no_answer_calls_anything_a_cure_without_denying_it(faq: Faq) -> None:
    promise = re.compile(r"(?:can|will|does|may|could) cure(?:s)? ", re.IGNORECASE)
    for entry in faq.entries:
        for sentence in re.split(r"(?<=[.!?])\s", entry.answer):
            if promise.search(sentence):
                assert re.search(r"article|headline|title|claim|not|no |“|\"", sentence), (
                    entry.id,
                    sentence,
                )


@pytest.fixture(scope="module")
def told() -> dict[str, set[str]]:
    """Return the plain texts of each set of cases, and of the `examples`."""
    sets: dict[str, set[str]] = defaultdict(set)
    for one in load_cases(FAQ)[0]:
        sets[one.set_name].add(plain(one.case.ask))
    sets["examples"] = {plain(text) for file in load_examples(FAQ)[0] for text in file.texts}
    return sets


def test_the_report_set_is_a_third_and_shares_no_question_with_the_others(
    told: dict[str, set[str]],
) -> None:
    report = told["report"] - {""}
    assert not report & (told["tune"] | told["must"])
    assert not report & told["examples"]


@pytest.mark.parametrize("file", sorted(EXAM.glob("*.yaml")), ids=lambda file: file.stem)
def test_nothing_was_tuned_on_an_exam(file: Path, told: dict[str, set[str]]) -> None:
    exam, problems = read_cases(file)
    assert problems == []
    asked = {plain(one.case.ask) for one in exam} - {""}
    assert len(asked) > 300
    known = set[str]().union(*told.values())
    assert not asked & known, "take them out of the exam: what was learned is no question any more"
