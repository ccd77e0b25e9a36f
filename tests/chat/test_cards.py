"""What a card holds, and that nothing the check accepts is more than a card can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat import cards
from bot.chat.custom_ids import Act, Press
from bot.chat.desk import Desk
from bot.content.load import load
from bot.core import answering
from bot.core.answering import Answered, Choices, Cited, Declined, Guarded, Urgent
from bot.core.faq import BUTTON_LIMIT, Source
from bot.core.room import SOURCES_PAGE, TOPIC_LIMIT, room_for_answer, room_in_list
from bot.core.screening import Alarm
from bot.sandbox.drawing.markdown import markdown
from bot.sandbox.wire.components import Button, StringSelect, TextDisplay
from bot.sandbox.wire.forms import read
from bot.sandbox.wire.layout import walk
from bot.sandbox.wire.messages import COMPONENTS_V2, MessageBody, message_rules
from tests.chat.conftest import shipped_engine
from tests.support import TODAY, change, sentences, small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.chat.cards import Card
    from bot.core.answering import Outcome, Reply
    from bot.core.faq import Entry, Faq

LONGEST_NUMBER: Final = 10**20 - 1
SHARE: Final = Press(Act.SHARE, "", LONGEST_NUMBER)
FAR: Final = f"https://discord.com/channels/{LONGEST_NUMBER}/{LONGEST_NUMBER}/{LONGEST_NUMBER}"


def sent(card: Card) -> MessageBody:
    """Return the message a card makes; raises what Discord would refuse."""
    body = {"components": card.to_components(), "flags": COMPONENTS_V2}
    return read(MessageBody, body, message_rules)


def text(card: Card) -> str:
    """Return what a person reads."""
    parts = walk(sent(card).components or ())
    return "\n".join(one.content for one in parts if isinstance(one, TextDisplay))


def labels(card: Card) -> list[str | None]:
    """Return what stands on the buttons."""
    return [one.label for one in walk(sent(card).components or ()) if isinstance(one, Button)]


def cards_of(entry: Entry, faq: Faq) -> dict[str, Card]:
    """Return every card that shows an entry."""
    made = answering.reply(Answered(entry), faq)
    share = Press(Act.SHARE, entry.id, LONGEST_NUMBER)
    return {
        "in direct messages": cards.answer_card(entry.id, made),
        "private": cards.answer_card(entry.id, made, shareable=share),
        "whole": cards.answer_card(entry.id, made, shareable=share, whole=True),
        "shared": cards.shared_card(cards.answer_card(entry.id, made), FAR),
    }


@pytest.mark.parametrize("entry", shipped_engine().faq.entries, ids=lambda entry: entry.id)
def test_every_entry_is_shown_with_nothing_lost(entry: Entry) -> None:
    faq = shipped_engine().faq
    made = cards_of(entry, faq)
    for name, card in made.items():
        said = text(card)
        assert f"## {entry.question}\n{entry.short}" in said
        assert (entry.answer in said) is ("More" not in labels(card)), name
        _carries_everything(said, answering.reply(Answered(entry), faq))
        for other in entry.related:
            found = faq.entry(other)
            assert found is not None
            assert found.question in labels(card)
    assert entry.answer in text(made["whole"])
    assert ("More" in labels(made["private"])) is (len(entry.answer) > 1_000)


def _carries_everything(said: str, made: Reply) -> None:
    assert f"\n**Evidence:** {made.evidence}\n" in said
    day = made.reviewed
    assert f"\n**Reviewed:** {day.day} {day:%B} {day.year}\n" in said
    assert made.disclaimer in said
    listed = said.partition("**Sources:**\n")[2].split("\n")[: len(made.sources)]
    for line, source in zip(listed, made.sources, strict=True):
        assert line.startswith("- [")
        assert f"](<{source.link}>)" in line
        assert line.endswith(f"; {source.kind}")


ASKED: Final = {
    "answered": "what is hsct",
    "choices": "hsct cost and recovery",
    "guarded": "should i have hsct",
    "urgent": "i can't breathe and my chest hurts",
    "crisis": "i want to kill myself",
    "declined": "does yoga help with balance",
}


@pytest.mark.parametrize("outcome", ASKED)
def test_every_outcome_carries_what_every_reply_carries(outcome: str) -> None:
    served = Desk(shipped_engine).ask(ASKED[outcome])
    assert served.outcome == outcome
    made = shipped_engine().consider(ASKED[outcome]).reply
    said = text(served.card)
    assert said.startswith(f"## {made.title}\n")
    _carries_everything(said, made)
    offered = [choice.question for choice in made.choices]
    assert offered == [label for label in labels(served.card) if label in offered]


def test_every_reply_of_the_screening_fits_a_card() -> None:
    engine = shipped_engine()
    for rule in engine.faq.screening.rules:
        if rule.reply is not None:
            outcome = Urgent(Alarm(rule, "", 1.0))
            made = answering.reply(outcome, engine.faq)
            card = cards.outcome_card(outcome, made, none_of_these="None")
            assert rule.reply.text in text(card)
            _carries_everything(text(card), made)


def test_what_a_card_says_comes_in_the_order_it_is_read() -> None:
    """Title, answer, evidence, review, sources, disclaimer; choices before what they rest on."""
    said = text(cards_of(shipped_engine().faq.entries[0], shipped_engine().faq)["whole"])
    parts = ["## ", "**Evidence:**", "**Reviewed:**", "**Sources:**", "Not medical advice"]
    assert sorted(parts, key=said.index) == parts
    offered = Desk(shipped_engine).ask(ASKED["choices"]).card
    parts = list(walk(sent(offered).components or ()))
    first_button = next(at for at, one in enumerate(parts) if isinstance(one, Button))
    evidence = next(
        at
        for at, one in enumerate(parts)
        if isinstance(one, TextDisplay) and "**Evidence:**" in one.content
    )
    assert first_button < evidence


def test_brackets_and_parentheses_do_not_break_a_link() -> None:
    source = Source(
        id="odd",
        authors="A [and] B",
        title="Cells [in] (some) people",
        journal="J",
        year=2020,
        doi="10.1002/(SICI)1097(19980815)17:16<1661::AID>3.0.CO;2-)",
        kind="review",
    )
    faq = shipped_engine().faq
    entry = faq.entries[0].model_copy(update={"sources": ("odd",)})
    faq = faq.model_copy(update={"sources": {"odd": source}})
    whole, private = (cards_of(entry, faq)[name] for name in ("whole", "private"))
    address = "https://doi.org/10.1002/%28SICI%291097%2819980815%2917:16%3C1661::AID%3E3.0.CO;2-%29"
    assert f"- [Cells (in) (some) people](<{address}>). A [and] B, J, 2020; " in text(whole)
    assert f"- [A (and) B, J, 2020](<{address}>); " in text(private)
    drawn = str(markdown(text(whole)))
    assert f'href="{address}"' in drawn
    assert ">Cells (in) (some) people</a>" in drawn


def words(length: int) -> str:
    """Return a text of exactly this length."""
    return ("word " * (length // 5 + 1))[:length].rstrip().ljust(length, "x")


@dataclass(frozen=True)
class Lengths:
    """How long each part of an entry is; its answer takes all the room the check leaves it."""

    question: int
    short: int
    disclaimer: int
    evidence: int
    kind: int
    sources: tuple[int, ...]
    related: int


def _source(number: int, longest: int) -> Source:
    part = longest // 4
    return Source(
        id=f"s{number}",
        authors=words(part),
        title=words(longest),
        journal=words(part + 1),
        year="undated",
        url="https://x.org/" + "a" * part,
        kind="review",
    )


def fullest(lengths: Lengths, *, beside: int = 0) -> tuple[Faq, Entry] | None:
    """Return a FAQ and its fullest entry; None if such sources leave no room for an answer."""
    shipped = shipped_engine().faq
    sources = {f"s{n}": _source(n, longest) for n, longest in enumerate(lengths.sources)}
    label = {"label": words(lengths.evidence)}
    kinds = {"review": words(lengths.kind)}
    wording = shipped.wording.model_copy(
        update={
            "disclaimer": words(lengths.disclaimer),
            "evidence": label,
            "source_kinds": kinds,
        }
    )
    question = words(lengths.question)
    room = room_for_answer(list(sources.values()), wording, label["label"], question) - beside
    if room <= lengths.short + len("\n\n"):
        return None
    longest = {"question": words(BUTTON_LIMIT)}
    others = [one.model_copy(update=longest) for one in shipped.entries[: lengths.related]]
    entry = shipped.entries[-1].model_copy(
        update={
            "question": question,
            "answer": f"{words(lengths.short)}\n\n{words(room - lengths.short - 2)}",
            "sources": tuple(sources),
            "evidence": "label",
            "reviewed": date(2026, 9, 30),
            "related": tuple(other.id for other in others),
        }
    )
    entries = (*others, entry)
    found = {"sources": sources, "wording": wording, "entries": entries}
    return shipped.model_copy(update=found), entry


LENGTHS: Final = st.builds(
    Lengths,
    question=st.integers(1, BUTTON_LIMIT),
    short=st.integers(1, 420),
    disclaimer=st.integers(1, 300),
    evidence=st.integers(1, 150),
    kind=st.integers(1, 60),
    sources=st.lists(st.integers(8, 400), min_size=1, max_size=12).map(tuple),
    related=st.integers(0, 8),
)


@settings(max_examples=60, deadline=None)
@given(LENGTHS)
# Shared, with the whole of a text that is just not long, and the one source it has room for.
@example(Lengths(80, 200, 1, 1, 1, (3_600,), 8))
@example(Lengths(80, 1, 1, 1, 1, (8,) * 12, 8))
def test_what_the_check_accepts_fits_every_card(lengths: Lengths) -> None:
    made = fullest(lengths)
    if made is not None:
        faq, entry = made
        for card in (*cards_of(entry, faq).values(), *_cards_of_a_text(entry, faq)):
            sent(card)
    made = fullest(lengths, beside=SOURCES_PAGE)
    if made is not None:
        faq, entry = made
        _every_page_of_sources_fits(faq, answering.reply(Answered(entry), faq))


def _cards_of_a_text(entry: Entry, faq: Faq) -> Iterator[Card]:
    """Yield the cards of a fixed text that is as long as the answer."""
    made = answering.reply(Answered(entry), faq)
    alarm = Alarm(faq.screening.rules[0], "", 1.0)
    four = made.model_copy(update={"choices": made.choices[:4]})
    outcomes: list[Outcome] = [Urgent(alarm), Guarded(alarm, ()), Declined(), Choices(())]
    for outcome in outcomes:
        reply = four if isinstance(outcome, Choices) else made
        yield cards.outcome_card(outcome, reply, none_of_these=words(BUTTON_LIMIT))
    topics = [(f"{number:060}", words(BUTTON_LIMIT)) for number in range(25)]
    yield cards.topics_card(made, topics)
    yield cards.entries_card(made, words(BUTTON_LIMIT), topics)


def test_titles_of_sources_are_shown_where_they_fit() -> None:
    """Whatever their length: shared, with the line that leads to the question."""
    made = answering.reply(Answered(shipped_engine().faq.entries[0]), shipped_engine().faq)
    shown = set[bool]()
    for length in range(2_400, 3_400, 8):
        source = Cited(title=words(length), line="A line", link="https://x.org", kind="review")
        found = made.model_copy(update={"body": words(400), "sources": (source,)})
        card = cards.shared_card(cards.answer_card("what-is-ahsct", found), FAR)
        shown.add(source.title in text(card))
    assert shown == {True, False}


def test_the_largest_topic_that_the_check_accepts_fits_a_card() -> None:
    made = answering.reply(Declined(), shipped_engine().faq)
    entries = [(f"{number:060}", words(BUTTON_LIMIT)) for number in range(TOPIC_LIMIT)]
    held = sent(cards.entries_card(made, "A topic", entries))
    menus = [one for one in walk(held.components or ()) if isinstance(one, StringSelect)]
    assert [one.value for menu in menus for one in menu.options] == [one for one, _ in entries]


def _every_page_of_sources_fits(faq: Faq, made: Reply) -> None:
    kind = next(iter(faq.wording.source_kinds.values()))
    listed = [
        Cited(title=one.title, line=one.line, link=one.link, kind=kind)
        for one in faq.sources.values()
        if room_in_list(one, kind) >= 0
    ]
    for page in range(len(listed)):
        sent(cards.sources_card(made, listed, page))


def test_the_longest_entry_that_passes_the_check_fits(tmp_path: Path) -> None:
    """Through the check itself: one character more, and it is refused."""
    root = small(tmp_path)
    entry = "entries/ahsct/what-is-ahsct.md"
    change(root, entry, "question: What is AHSCT?", f"question: What is AHSCT {'x' * 63}?")
    change(root, entry, "First chemotherapy", "FILL. First chemotherapy")
    loaded = load(root, TODAY).faq
    assert loaded is not None
    found = loaded.entry("what-is-ahsct")
    assert found is not None
    named = [loaded.sources[one] for one in found.sources]
    evidence = loaded.wording.evidence[found.evidence]
    room = room_for_answer(named, loaded.wording, evidence, found.question) - len(found.answer)
    change(root, entry, "FILL.", "FILL." + "x" * room)
    assert sentences(root) == []
    faq = load(root, TODAY).faq
    assert faq is not None
    full = faq.entry("what-is-ahsct")
    assert full is not None
    for card in cards_of(full, faq).values():
        sent(card)
    assert full.answer in text(cards_of(full, faq)["whole"])
    change(root, entry, "FILL.", "FILL.x")
    assert ["too long for one message" in one for one in sentences(root)] == [True]


def test_a_page_beyond_the_last_is_the_last() -> None:
    last = text(Desk(shipped_engine).sources(10_000))
    assert last == text(Desk(shipped_engine).sources(10_001))
    assert "- [" in last


async def test_a_card_listens_for_nothing_by_itself() -> None:
    """Else the library would keep it for as long as the bot runs."""
    assert Desk(shipped_engine).topics().is_finished()
