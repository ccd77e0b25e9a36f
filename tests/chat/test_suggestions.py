"""What /ask suggests while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.answering import Urgent
from bot.core.faq import Harm
from tests.chat.conftest import shipped_engine
from tests.chat.ways import title

if TYPE_CHECKING:
    from bot.sandbox import Channel, Person

pytestmark = pytest.mark.usefixtures("bot")


async def suggested(anna: Person, channel: Channel, typed: str) -> dict[str, str]:
    """Return what is suggested: the names that are shown, and what is sent for each."""
    choices = await anna.autocomplete(channel, "ask", question=typed).choices()
    return {choice.name: str(choice.value) for choice in choices}


@pytest.mark.parametrize("typed", ["", "  ", "m"])
async def test_the_starters_come_before_anything_is_typed(
    general: Channel, anna: Person, typed: str
) -> None:
    found = await suggested(anna, general, typed)
    assert list(found.values()) == list(shipped_engine().faq.talk.starters)


@pytest.mark.parametrize("typed", ["me", "hsct cost", "wat is metformn", "a " * 999])
async def test_suggestions_are_entries_ranked_by_the_matcher(
    general: Channel, anna: Person, typed: str
) -> None:
    """Discord takes 25 at most, of 100 characters each; the sandbox refuses more."""
    found = await suggested(anna, general, typed)
    nearest = shipped_engine().matcher.nearest(typed, 25)
    assert found == {entry.question: entry.id for entry in nearest}
    assert found


async def test_the_likeliest_comes_first(general: Channel, anna: Person) -> None:
    found = await suggested(anna, general, "wat is metformn")
    assert next(iter(found.values())) == "what-is-metformin"


async def test_a_suggestion_that_is_chosen_is_answered(general: Channel, anna: Person) -> None:
    for name, value in (await suggested(anna, general, "hsct")).items():
        assert title(await anna.slash(general, "ask", question=value).answer()) == name
        return
    pytest.fail("nothing was suggested")


@pytest.mark.parametrize("typed", ["i want to kill myself", "i want to kill myself " + "so " * 99])
async def test_words_of_danger_suggest_nothing_but_help(
    general: Channel, anna: Person, typed: str
) -> None:
    found = await suggested(anna, general, typed)
    assert list(found) == ["You are not alone with this"]
    [value] = found.values()
    assert value not in typed
    answer = await anna.slash(general, "ask", question=value).answer()
    assert title(answer) == "You are not alone with this"


def test_the_example_sent_for_each_danger_leads_to_its_own_help() -> None:
    engine = shipped_engine()
    for rule in engine.faq.screening.rules:
        if rule.harm is not Harm.ADVICE:
            first = next(one for one in rule.matches if len(one) <= 100)
            outcome = engine.consider(first).outcome
            assert isinstance(outcome, Urgent)
            assert outcome.alarm.rule.reply == rule.reply
