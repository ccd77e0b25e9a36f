"""Cards that are made once: as good as made anew, and never somebody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.chat import cards
from bot.chat.cards import Card
from bot.chat.custom_ids import Act, Press
from bot.chat.desk import Desk
from bot.chat.editing.previewing import preview_cards
from bot.chat.house import House
from bot.chat.pieces import text as text_piece
from bot.chat.shelf import Shelf
from bot.sandbox.wire.components import Button
from bot.sandbox.wire.layout import walk
from tests.chat.conftest import served, shipped_engine
from tests.chat.test_cards import ASKED, labels, sent, text
from tests.chat.ways import Meeting, mention, menu, slash

if TYPE_CHECKING:
    from bot.core.engine import Engine
    from bot.sandbox import Channel, Person, Sandbox

HERE: Final = House()
SHARE: Final = Press(Act.SHARE)
ENTRY: Final = "what-is-ahsct"


def custom_ids(card: Card) -> list[str | None]:
    """Return what the buttons of a card carry."""
    return [one.custom_id for one in walk(sent(card).components or ()) if isinstance(one, Button)]


def test_the_same_answer_is_made_once() -> None:
    desk = Desk(shipped_engine)
    for outcome in ("answered", "urgent", "crisis", "declined"):
        first, second = (desk.ask(ASKED[outcome], share=SHARE, house=HERE) for _ in range(2))
        assert first.card is second.card
        assert first == second
    answered = desk.ask(ASKED["answered"], share=SHARE, house=HERE)
    assert desk.ask(ENTRY, share=SHARE, house=HERE).card is answered.card
    assert desk.show(ENTRY, share=SHARE, house=HERE) is answered.card


def test_what_is_kept_depends_on_all_that_it_shows() -> None:
    desk = Desk(shipped_engine)
    houses = [
        replace(HERE, feedback=feedback, inbox=inbox, country=country)
        for feedback in (True, False)
        for inbox in (True, False)
        for country in (None, "gb", "de", "xx")
    ]
    for question in ASKED.values():
        for house in houses:
            for share in (None, SHARE, Press(Act.SHARE, "", 7)):
                kept = desk.ask(question, share=share, house=house).card
                anew = Desk(shipped_engine).ask(question, share=share, house=house).card
                assert kept.to_components() == anew.to_components()
    for whole in (True, False):
        kept = desk.show(ENTRY, share=SHARE, whole=whole, house=HERE)
        anew = Desk(shipped_engine).show(ENTRY, share=SHARE, whole=whole, house=HERE)
        assert kept is not None
        assert anew is not None
        assert kept.to_components() == anew.to_components()


def test_another_faq_brings_other_cards() -> None:
    engine = shipped_engine()
    talk = engine.faq.talk
    told = talk.feedback.model_copy(update={"helpful": "Was this of use?"})
    other = replace(
        engine,
        faq=engine.faq.model_copy(update={"talk": talk.model_copy(update={"feedback": told})}),
    )
    now: list[Engine] = [engine]
    desk = Desk(lambda: now[0])
    before = desk.show(ENTRY, house=HERE)
    now[0] = other
    after = desk.show(ENTRY, house=HERE)
    assert before is not None
    assert after is not None
    assert "**Was this of use?**" in text(after)
    assert "**Was this of use?**" not in text(before)


def test_cards_of_an_earlier_faq_are_let_go() -> None:
    first, second = shipped_engine(), replace(shipped_engine())
    shelf = Shelf()
    for number in range(5):
        shelf.card(first, number, lambda: Card([text_piece("of the first")]))
    assert len(shelf) == 5
    card = shelf.card(second, 0, lambda: Card([text_piece("of the second")]))
    assert text(card) == "of the second"
    assert len(shelf) == 1


def test_words_of_a_member_are_on_their_card_alone() -> None:
    desk = Desk(shipped_engine)
    for outcome in ("declined", "choices"):
        asked = ASKED[outcome]
        own = desk.ask(asked, house=HERE, private=True).card
        assert f"**Your words:** {asked}" in text(own)
        assert "Your words" not in text(desk.ask(asked, house=HERE).card)
    assert "yoga" not in text(desk.ask("does tai chi help with balance", house=HERE).card)


def test_an_answer_to_a_message_is_shared_as_an_answer_to_that_message() -> None:
    desk = Desk(shipped_engine)
    for number in (11, 12):
        card = desk.ask(ASKED["answered"], share=Press(Act.SHARE, "", number), house=HERE).card
        assert f"faq:share:{ENTRY}.{number}" in custom_ids(card)


def test_a_preview_leaves_the_buttons_of_members_alive() -> None:
    desk = Desk(shipped_engine)
    before = desk.show(ENTRY, share=SHARE)
    assert before is not None
    for card in preview_cards(shipped_engine(), ENTRY):
        buttons = [one for one in walk(sent(card).components or ()) if isinstance(one, Button)]
        assert buttons
        assert all(one.disabled for one in buttons)
    after = desk.show(ENTRY, share=SHARE)
    assert after is not None
    buttons = [one for one in walk(sent(after).components or ()) if isinstance(one, Button)]
    assert buttons
    assert not any(one.disabled for one in buttons)


async def test_a_card_is_sent_many_times_and_each_of_its_buttons_works(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    async with served(sandbox):
        meeting = Meeting.of(sandbox, general, anna)
        for way in (mention, mention, slash, slash, menu):
            answer = await way(meeting, ASKED["answered"])
            button = next(
                one for one in answer.buttons if (one.custom_id or "").startswith("faq:show:")
            )
            shown = await anna.press(answer, button.custom_id or "").answer()
            assert f"## {button.label}" in shown.text


def test_a_card_made_before_the_bot_runs_is_not_listened_for_either() -> None:
    assert Card([text_piece("made where no event loop runs")]).is_finished()


def test_labels_of_choices_follow_the_faq() -> None:
    """Buttons are kept by what stands on them, not by the entry alone."""
    engine = shipped_engine()
    entry = engine.faq.entries[0]
    reply = engine.answerer.decline()
    [choice, *_] = engine.consider(ASKED["choices"]).reply.choices

    for question in (entry.question, "What is it now?"):
        other = reply.model_copy(
            update={"choices": (choice.model_copy(update={"question": question}),)}
        )
        assert labels(cards.page_card(other)) == [question]
