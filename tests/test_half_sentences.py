"""What is believed of half a sentence while it is typed: a phrase, or examples that are sure."""

from __future__ import annotations

import pytest

from bot.chat.desk import Desk
from bot.core.engine import Engine
from bot.core.faq import Harm
from bot.core.screening import Alarm

HEADING = "You are not alone with this"


@pytest.mark.parametrize(
    ("words", "likely", "is_plain"),
    [("want to die", 0.1, True), ("", 0.8, True), ("", 1.0, True), ("", 0.79, False)],
)
def test_a_phrase_or_sure_examples_are_believed(
    engine: Engine, words: str, likely: float, *, is_plain: bool
) -> None:
    rule = next(one for one in engine.faq.screening.rules if one.harm is Harm.CRISIS)
    assert Alarm(rule, words, likely).is_plain is is_plain


def test_plain_danger_brings_help_alone(engine: Engine) -> None:
    [(heading, _)] = Desk(lambda: engine).suggest("i want to die")
    assert heading == HEADING


def test_what_only_sounds_a_little_like_danger_does_not(engine: Engine) -> None:
    hears_all = engine.faq.calibration.model_copy(update={"danger_at": 0.0})
    faq = engine.faq.with_calibration(hears_all)
    jumpy = Engine.of(faq, engine.screener.listener.learned, engine.index)
    assert any(one.is_danger for one in jumpy.screener.screen("remyelination"))
    found = {title for title, _ in Desk(lambda: jumpy).suggest("remyelination")}
    assert found
    assert found <= {entry.question for entry in faq.entries}
