"""Danger and requests for a decision, on the shipped rules."""

from __future__ import annotations

import pytest

from bot.core.answering import Guarded, Urgent
from bot.core.engine import Engine
from bot.core.evaluation import name_of
from bot.core.faq import Harm
from bot.core.listening import Learned, Listener, fit


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("I WANT TO DIE", "crisis"),
        ("i wnat to dye, i want to die", "crisis"),
        ("quiero morir", "crisis"),
        ("suicidal thoughts again", "crisis"),
        ("i took too many of my tablets by accident, feeling sick", "urgent"),
        ("my throta is swelling up after the infusion", "urgent"),
        ("fever 39 after my transplant", "urgent"),
        ("cant move my legs since this morning", "urgent"),
    ],
)
def test_danger_is_found_however_it_is_spelled(engine: Engine, typed: str, outcome: str) -> None:
    assert name_of(engine.consider(typed).outcome) == outcome


@pytest.mark.parametrize(
    "typed",
    [
        "this wait is killing me",
        "does HSCT kill the immune system",
        "what is the death rate",
        "my cat died",
        "how many people died in the trial",
        "is fever common during hsct",
    ],
)
def test_look_alikes_stay_harmless(engine: Engine, typed: str) -> None:
    assert not isinstance(engine.consider(typed).outcome, Urgent)


@pytest.mark.parametrize(
    ("general", "personal"),
    [
        ("is metformin safe", "is metformin safe for me"),
        ("who qualifies for hsct", "do i qualify for hsct"),
        ("does hsct work in spms", "would hsct work for my mum with spms"),
        ("what dose did the trial use", "what dose should i take"),
    ],
)
def test_two_words_make_a_general_question_personal(
    engine: Engine, general: str, personal: str
) -> None:
    assert not isinstance(engine.consider(general).outcome, Guarded)
    assert isinstance(engine.consider(personal).outcome, Guarded)


def test_a_certain_phrase_alarms_whatever_stands_around_it(engine: Engine) -> None:
    story = "the cake was lovely, the dog is fine, we laughed a lot, what does hsct cost, "
    alarms = engine.screener.screen(story * 3 + "and i want to die")
    assert alarms[0].rule.harm is Harm.CRISIS
    assert alarms[0].words


def test_the_phrases_alone_find_danger_when_nothing_was_learned(engine: Engine) -> None:
    untaught = Engine.of(engine.faq, None, engine.index)
    for text, harm in (("i want to die", Harm.CRISIS), ("took all my pills", Harm.URGENT)):
        assert untaught.screener.screen(text)[0].rule.harm is harm


def test_every_reply_to_danger_names_whom_to_call(engine: Engine) -> None:
    for rule in engine.faq.screening.rules:
        if rule.reply is not None:
            assert "911" in rule.reply.text
            assert "112" in rule.reply.text
            assert rule.reply.sources


def test_the_listener_learns_to_tell_kinds_apart(engine: Engine) -> None:
    screener = engine.screener
    texts = {
        Harm.CRISIS: ("so sad and done", "done with it all, so sad", "sad, done"),
        Harm.URGENT: ("leg is numb now", "numb arm now", "now my arm is numb"),
        Harm.ADVICE: ("which one for me", "for me which", "one for me"),
        None: ("nice weather", "good weather today", "the weather is nice"),
    }
    rows = [screener.row(text)[0] for kind in texts for text in texts[kind]]
    kinds = [kind for kind in texts for _ in texts[kind]]
    listener = Listener(Learned(fit(rows, kinds), None))
    text = "my leg is so numb now"
    heard = listener.hear(*screener.row(text)[0], screener.read(text))
    assert heard.urgent > max(heard.crisis, heard.advice)
    assert 0 <= heard.danger <= 1


def test_features_of_no_words_are_no_error(engine: Engine) -> None:
    (slots, values), rules = engine.screener.row("")
    assert rules == []
    assert len(slots) == len(values) > 0
