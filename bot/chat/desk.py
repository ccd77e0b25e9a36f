"""Where every way in comes together: a question, or a press, → the card that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.chat import cards
from bot.chat.buttons import CHOICE_LIMIT, MENU_LIMIT, fitting
from bot.chat.custom_ids import Act, Press
from bot.chat.feedback.rows import send_row, vote_rows
from bot.chat.house import SILENT
from bot.chat.shelf import Shelf
from bot.core import answering
from bot.core.answering import Answered, Choices, Declined, Guarded, Urgent
from bot.core.evaluation import name_of
from bot.core.help_lines import home_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.chat.cards import Card
    from bot.chat.house import House
    from bot.core.answering import Considered, Reply
    from bot.core.engine import Engine
    from bot.core.faq import Entry, FixedText, Notes, Talk


@dataclass(frozen=True, slots=True)
class Served:
    """What a question gets, and what may be said of it in a log."""

    card: Card
    outcome: str
    """One of the outcomes' names, such as `answered` or `crisis`."""
    entry: str | None
    """The entry that was shown."""
    confidence: float
    """How sure the bot is of the entry that fits best, 0 to 1; 0 in danger: none is looked up."""

    @property
    def is_danger(self) -> bool:
        """Whether it is help in an emergency or a crisis."""
        return self.outcome in _DANGER


_LEAST_TYPED: Final = 2
"""Characters that say something of what somebody wants to ask."""
_DANGER: Final = frozenset({"urgent", "crisis"})


class Desk:
    """Answers from whatever FAQ is the present one."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._shelf = Shelf()

    @property
    def talk(self) -> Talk:
        """What the bot says around its answers."""
        return self._engine().faq.talk

    @property
    def notes(self) -> Notes:
        """The sentences for when there is no answer to show."""
        return self.talk.notes

    def is_danger(self, question: str) -> bool:
        """Whether the words of a message tell of an emergency or a crisis."""
        alarms = self._engine().screener.screen(question)
        return any(alarm.is_danger for alarm in alarms)

    def ask(
        self,
        question: str,
        context: str | None = None,
        *,
        share: Press | None = None,
        house: House = SILENT,
        private: bool = False,
    ) -> Served:
        """Return the card for a question, which may be the id or the title of an entry.

        `share`: how an answer is shown to everyone (its name is filled in), None if everyone sees
        it anyhow. `house`: the rules of the place. `private`: whether only who asked sees it, who
        may then send the same words to the moderators. Danger is looked for first; an id and a
        title are a moderator's words.
        """
        engine = self._engine()
        named = engine.answerer.named(question)
        if named is not None:
            card = self._entry_card(engine, named, share, house)
            return Served(card, "answered", named.id, 1.0)
        considered = engine.consider(question, context, whole=False)
        outcome = considered.outcome
        entry = outcome.entry.id if isinstance(outcome, Answered) else None
        card = self._card(engine, considered, share, house)
        if private and house.inbox and isinstance(outcome, Choices | Declined):
            card = cards.with_words(card, question)
        return Served(card, name_of(outcome), entry, considered.confidence)

    def suggest(self, typed: str) -> list[tuple[str, str]]:
        """Return up to 25 suggestions while somebody types: what is shown, and the entry's id.

        Nothing typed, or one letter: the starters. Plain words of danger: the heading of the help
        alone; with it goes a moderator's example of such words, which leads there if it is chosen.
        """
        engine = self._engine()
        if len(typed.strip()) < _LEAST_TYPED:
            found = tuple(filter(None, map(engine.faq.entry, engine.faq.talk.starters)))
        else:
            alarms = engine.screener.screen(typed)
            for alarm in alarms:
                if alarm.is_danger and alarm.is_plain and alarm.rule.reply is not None:
                    title = fitting(alarm.rule.reply.title, CHOICE_LIMIT)
                    fit = (one for one in alarm.rule.matches if len(one) <= CHOICE_LIMIT)
                    return [(title, one) for one in islice(fit, 1)]
            found = engine.matcher.nearest(typed, MENU_LIMIT)
        return [(fitting(entry.question, CHOICE_LIMIT), entry.id) for entry in found]

    def show(
        self,
        entry_id: str,
        *,
        share: Press | None = None,
        whole: bool = False,
        house: House = SILENT,
    ) -> Card | None:
        """Return the card of an entry, the `whole` of it if wanted; None if it is gone."""
        engine = self._engine()
        entry = engine.faq.entry(entry_id)
        if entry is None:
            return None
        return self._entry_card(engine, entry, share, house, whole=whole)

    def shared(self, entry_id: str, asked_at: str | None, *, house: House = SILENT) -> Card | None:
        """Return an entry's card for everyone; None if the entry is gone."""
        engine = self._engine()
        entry = engine.faq.entry(entry_id)
        if entry is None:
            return None
        return cards.shared_card(self._entry_card(engine, entry, None, house), asked_at)

    def has(self, entry_id: str) -> bool:
        """Whether there is such an entry."""
        return self._engine().faq.entry(entry_id) is not None

    def decline(self, words: str | None = None, *, house: House = SILENT) -> Card:
        """Return the card for a question that no entry answers; `words` are shown with it."""
        engine = self._engine()
        card = self._declined_card(engine, engine.answerer.decline(), house)
        return cards.with_words(card, words) if words else card

    def page(self, text: FixedText) -> Card:
        """Return the card of a fixed text."""
        return cards.page_card(self._engine().answerer.page(text))

    def topics(self) -> Card:
        """Return the menu of topics."""
        engine = self._engine()
        reply = engine.answerer.page(engine.faq.talk.browse)
        return cards.topics_card(reply, tuple(engine.faq.talk.topics.items()))

    def topic(self, topic: str) -> Card | None:
        """Return the menus of a topic's entries; None if the topic is gone."""
        engine = self._engine()
        here = (one for one in engine.faq.entries if one.topic == topic)
        entries = sorted(((one.id, one.question) for one in here), key=lambda one: one[1])
        name = engine.faq.talk.topics.get(topic)
        if name is None or not entries:
            return None
        return cards.entries_card(engine.answerer.page(engine.faq.talk.browse), name, entries)

    def sources(self, page: int) -> Card:
        """Return a page of the list of all sources, counted from 0."""
        engine = self._engine()
        reply = engine.answerer.page(engine.faq.talk.sources)
        return cards.sources_card(reply, answering.cited(engine.faq.sources, engine.faq), page)

    def _card(
        self, engine: Engine, considered: Considered, share: Press | None, house: House
    ) -> Card:
        outcome, reply = considered.outcome, considered.reply
        none = engine.faq.wording.none_of_these
        match outcome:
            case Answered(entry):
                return self._entry_card(engine, entry, share, house)
            case Declined():
                return self._declined_card(engine, reply, house)
            case Urgent(alarm):
                country = engine.faq.talk.countries.get(house.country or "")
                return self._shelf.card(
                    engine,
                    ("danger", alarm.rule.id, country),
                    lambda: cards.outcome_card(
                        outcome, _at_home(reply, country), none_of_these=none
                    ),
                )
            case Choices() | Guarded():
                return cards.outcome_card(outcome, reply, none_of_these=none)

    def _entry_card(
        self,
        engine: Engine,
        entry: Entry,
        share: Press | None,
        house: House,
        *,
        whole: bool = False,
    ) -> Card:
        def make() -> Card:
            reply = answering.reply(Answered(entry), engine.faq)
            shareable = Press(Act.SHARE, entry.id, share.number) if share else None
            below = vote_rows(entry, engine.faq.talk.feedback) if house.feedback else ()
            return cards.answer_card(entry.id, reply, shareable=shareable, whole=whole, below=below)

        if share is not None and share.number is not None:
            return make()
        key = ("entry", entry.id, share is not None, whole, house.feedback)
        return self._shelf.card(engine, key, make)

    def _declined_card(self, engine: Engine, reply: Reply, house: House) -> Card:
        def make() -> Card:
            return cards.page_card(reply, below=[send_row()] if house.inbox else ())

        return self._shelf.card(engine, ("declined", house.inbox), make)


def _at_home(reply: Reply, country: str | None) -> Reply:
    """Return a reply in danger with the help lines of a country first, if there is one."""
    if country is None:
        return reply
    return reply.model_copy(update={"body": home_first(reply.body, country)})
