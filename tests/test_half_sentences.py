"""What is believed of half a sentence while it is typed: a phrase, or examples that are sure."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.chat.desk import Desk
from bot.core.faq import Harm
from bot.core.screening import Alarm, Screener

if TYPE_CHECKING:
    from bot.core.engine import Engine


class _Told(Screener):
    """The shipped screening, but that it says what it is told to."""

    alarm: Alarm

    def screen(self, question: str) -> tuple[Alarm, ...]:
        del question
        return (self.alarm,)


def suggested(engine: Engine, words: str, likely: float) -> list[str]:
    """Return what is suggested when the screening raises such an alarm at a crisis."""
    rule = next(one for one in engine.faq.screening.rules if one.harm is Harm.CRISIS)
    screener = copy.copy(engine.screener)
    screener.__class__ = _Told
    assert isinstance(screener, _Told)
    screener.alarm = Alarm(rule, words, likely)
    told = replace(engine, screener=screener)
    return [title for title, _ in Desk(lambda: told).suggest("what is metformin")]


@pytest.mark.parametrize(("words", "likely"), [("want to die", 0.1), ("", 0.8), ("", 1.0)])
def test_a_phrase_or_sure_examples_bring_help_alone(
    engine: Engine, words: str, likely: float
) -> None:
    [heading] = suggested(engine, words, likely)
    assert heading == "You are not alone with this"


def test_what_only_sounds_a_little_like_danger_does_not(engine: Engine) -> None:
    questions = {entry.question for entry in engine.faq.entries}
    found = suggested(engine, "", 0.79)
    assert found
    assert questions.issuperset(found)
