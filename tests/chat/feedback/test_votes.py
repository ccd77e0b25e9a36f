"""Was this helpful: counted by entry, version and day, and by nobody's name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.chat.feedback.ballot import Ballot
from bot.chat.feedback.parts import Verdict, Vote, version_of
from tests.chat.conftest import shipped_engine
from tests.chat.feedback.conftest import TODAY, Kept, keeping_bot

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox import Channel, Message, Person, Sandbox, Server

ENTRY = "what-is-ahsct"
THANKS = "Thank you."
REASONS = {
    "It does not answer my question": "not_my_question",
    "It is hard to understand": "unclear",
    "It is out of date": "outdated",
    "Something in it seems wrong": "wrong",
}


async def answered(general: Channel, person: Person) -> Message:
    """Return an answer that everybody in the channel sees."""
    return await general.reply_to(person.mention(general, "what is hsct"))


async def vote(person: Person, answer: Message, reason: str | None = None) -> Message:
    """Vote, and return what only the voter sees of it."""
    if reason is None:
        return await person.press(answer, "Helpful").answer()
    asked = await person.press(answer, "Not helpful").answer()
    assert asked.is_ephemeral
    return await person.press(asked, reason).answer()


async def test_a_helpful_answer_is_counted_with_thanks(
    kept: Kept, general: Channel, anna: Person
) -> None:
    thanks = await vote(anna, await answered(general, anna))
    assert thanks.is_ephemeral
    assert thanks.text.startswith(THANKS)
    assert await kept.votes() == {(ENTRY, "helpful"): 1}


@pytest.mark.parametrize("reason", REASONS)
async def test_an_unhelpful_answer_is_counted_with_its_reason(
    kept: Kept, general: Channel, anna: Person, reason: str
) -> None:
    thanks = await vote(anna, await answered(general, anna), reason)
    assert thanks.text.startswith(THANKS)
    assert not thanks.buttons
    assert await kept.votes() == {(ENTRY, REASONS[reason]): 1}


async def test_not_helpful_counts_nothing_until_a_reason_is_chosen(
    kept: Kept, general: Channel, anna: Person
) -> None:
    await anna.press(await answered(general, anna), "Not helpful").answer()
    assert await kept.votes() == {}


async def test_a_second_press_changes_the_vote(kept: Kept, general: Channel, anna: Person) -> None:
    answer = await answered(general, anna)
    await vote(anna, answer)
    await vote(anna, answer, "It is out of date")
    await vote(anna, answer, "It is out of date")
    assert await kept.votes() == {(ENTRY, "outdated"): 1}


async def test_each_member_has_a_vote(
    kept: Kept, sandbox: Sandbox, server: Server, general: Channel, anna: Person
) -> None:
    answer = await answered(general, anna)
    bert = sandbox.add_person("bert", server)
    await vote(anna, answer)
    await vote(bert, answer)
    await vote(bert, answer, "It is hard to understand")
    assert await kept.votes() == {(ENTRY, "helpful"): 1, (ENTRY, "unclear"): 1}


async def test_a_vote_stands_by_day_and_version(kept: Kept, general: Channel, anna: Person) -> None:
    await vote(anna, await answered(general, anna))
    await kept.votes()
    [day] = await kept.store.votes.by_day(date.min, date.max)
    assert day.day == TODAY
    [counted] = await kept.store.votes.by_entry(TODAY, TODAY)
    entry = shipped_engine().faq.entry(ENTRY)
    assert entry is not None
    assert counted.version == f"{version_of(entry):x}"
    reworded = entry.model_copy(update={"answer": f"{entry.answer} More."})
    assert version_of(reworded) != version_of(entry)


async def test_a_changed_vote_counts_on_its_new_day(
    kept: Kept, general: Channel, anna: Person
) -> None:
    answer = await answered(general, anna)
    await vote(anna, answer)
    kept.today[0] = date(2026, 11, 24)
    await vote(anna, answer, "Something in it seems wrong")
    assert await kept.votes() == {(ENTRY, "wrong"): 1}
    assert await kept.store.votes.by_day(TODAY, TODAY) == ()


async def test_buttons_count_after_a_restart(
    sandbox: Sandbox, server: Server, general: Channel, anna: Person, tmp_path: Path
) -> None:
    assert server
    file = tmp_path / "bot.db"
    async with keeping_bot(sandbox, file):
        answer = await answered(general, anna)
        asked = await anna.press(answer, "Not helpful").answer()
    async with keeping_bot(sandbox, file) as kept:
        await vote(anna, answer)
        await anna.press(asked, "It is out of date").answer()
        # Both are one vote: a restart forgets who voted before it, not after it.
        assert await kept.votes() == {(ENTRY, "outdated"): 1}


@pytest.mark.parametrize("ways", ["/ask", "shared", "picked", "more", "directly"])
async def test_every_way_to_an_answer_asks(
    kept: Kept, general: Channel, anna: Person, ways: str
) -> None:
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    if ways == "shared":
        answer = await anna.press(answer, "Show everyone").answer()
    elif ways == "more":
        await anna.press(answer, "More").acknowledged()
    elif ways == "directly":
        asked = anna.dm("what is hsct")
        answer = await anna.inbox.reply_to(asked)
    elif ways == "picked":
        menu = await anna.slash(general, "ask", question="hsct cost and recovery").answer()
        first = menu.buttons[0].label
        assert first is not None
        answer = await anna.press(menu, first).answer()
    await vote(anna, answer)
    assert list((await kept.votes()).values()) == [1]


@pytest.mark.parametrize(
    "question", ["hsct cost and recovery", "i took 30 metformin tablets", "does yoga help balance"]
)
async def test_what_is_no_answer_does_not_ask(
    kept: Kept, general: Channel, anna: Person, question: str
) -> None:
    assert kept
    answer = await anna.slash(general, "ask", question=question).answer()
    assert "Helpful" not in [button.label for button in answer.buttons]


async def test_a_vote_on_an_entry_that_is_gone_is_told_so(
    kept: Kept, general: Channel, anna: Person
) -> None:
    answer = await answered(general, anna)
    button = next(one for one in answer.buttons if one.label == "Helpful")
    assert button.custom_id is not None
    object.__setattr__(button, "custom_id", button.custom_id.replace(ENTRY, "was-there-once"))
    gone = await anna.press(answer, "Helpful").answer()
    assert gone.text.startswith("That entry is no longer in the FAQ.")
    assert await kept.votes() == {}


async def test_nothing_kept_names_anybody(kept: Kept, general: Channel, anna: Person) -> None:
    await vote(anna, await answered(general, anna), "It is out of date")
    await anna.slash(general, "ask", question="does zumba help my balance").answer()
    await kept.votes()
    kept_bytes = kept.bytes_on_disk()
    assert b"outdated" in kept_bytes
    for text in ("anna", str(anna.user.id), str(general.id), "zumba", "hsct "):
        assert text.encode() not in kept_bytes
    assert anna.user.id.to_bytes(8) not in kept_bytes
    ballot = repr(vars(kept.keeping.feedback.ballot))
    assert ENTRY in ballot
    assert str(anna.user.id) not in ballot


def test_the_ballot_forgets_the_oldest() -> None:
    ballot = Ballot(most=2)
    votes = [Vote(TODAY, entry, 1, Verdict.HELPFUL) for entry in ("a", "b", "c")]
    for one in votes:
        assert ballot.cast(1, one) is None
    assert len(ballot) == 2
    assert ballot.cast(1, votes[2]) == votes[2]
    assert ballot.cast(1, votes[0]) is None


def test_two_ballots_name_a_member_differently() -> None:
    one, other = Ballot(), Ballot()
    vote = Vote(TODAY, "a", 1, Verdict.HELPFUL)
    one.cast(1, vote)
    other.cast(1, vote)
    assert repr(vars(one)["_votes"]) != repr(vars(other)["_votes"])
