"""What members see: a reply laid out with Components V2, in an order a screen reader can follow.

Embeds vanish for people who switched previews off; text in a layout does not. Nothing is told by
colour or picture alone, and nothing is cut off: a long answer shows its beginning, and a button
for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import ui

from bot.chat.buttons import MENU_LIMIT, PickMenu, PressButton
from bot.chat.custom_ids import Act, Press
from bot.chat.quoting import quoted
from bot.core.answering import Answered, Choices, Guarded, Urgent
from bot.core.faq import MESSAGE_LIMIT
from bot.core.room import SOURCES_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.answering import Cited, Outcome, Reply

Rows: TypeAlias = "Sequence[ui.Item[Any]]"

_LONG: Final = 1_000
"""Characters from which on an answer shows its first paragraph only, until "More" is pressed."""
_FOR_HEADINGS: Final = 240
"""Characters of headings and notes that stand beside what is counted."""


class Card(ui.LayoutView):
    """A message: what it says, in a frame, and buttons below it."""

    def __init__(self, frame: Iterable[ui.Item[Any]], rows: Iterable[ui.Item[Any]] = ()) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container[Any](*frame))
        for row in rows:
            self.add_item(row)
        # The buttons carry all they need. The library must not keep the card to listen for them.
        self.stop()


def outcome_card(
    outcome: Outcome,
    reply: Reply,
    *,
    none_of_these: str,
    shareable: Press | None = None,
    below: Rows = (),
) -> Card:
    """Return the card for what came of a question.

    `none_of_these` stands on the button below choices. `shareable` is the press that shows an
    answer to everyone; None where everyone sees it anyhow. `below` an entry, or a question without
    an answer, stand the buttons by which members tell something.
    """
    match outcome:
        case Answered(entry):
            return answer_card(entry.id, reply, shareable=shareable, below=below)
        case Choices():
            none = _button(Press(Act.NONE), none_of_these)
            return Card(_texts(reply, reply.body, [*_choice_rows(reply), none]))
        case Guarded():
            offered = _offered(reply, "General information, not about you:")
            return Card(_texts(reply, reply.body, offered))
        case Urgent():
            return Card(_texts(reply, reply.body), _offered(reply, "General information:"))
        case _:
            return page_card(reply, below=below)


def answer_card(
    entry_id: str,
    reply: Reply,
    *,
    shareable: Press | None = None,
    whole: bool = False,
    below: Rows = (),
) -> Card:
    """Return the card that shows an entry: its beginning if it is long, or the `whole` of it."""
    short, _, detail = reply.body.partition("\n\n")
    is_short = not whole and bool(detail) and len(reply.body) > _LONG
    message = shareable.number if shareable else None
    more = [_button(Press(Act.MORE, entry_id, message), "More")] if is_short else []
    frame = _texts(reply, short.strip() if is_short else reply.body, more, titles=not is_short)
    share = [_button(shareable, "Show everyone")] if shareable else []
    return Card(frame, [*share, *_offered(reply, "Related questions:"), *below])


def page_card(reply: Reply, *, below: Rows = ()) -> Card:
    """Return the card of a fixed text, with the entries it offers."""
    return Card(_texts(reply, reply.body), [*_offered(reply, "Related questions:"), *below])


def shared_card(entry_id: str, reply: Reply, asked_at: str | None, *, below: Rows = ()) -> Card:
    """Return an answer for everyone; `asked_at` is the address of the message it answers."""
    card = answer_card(entry_id, reply, below=below)
    if asked_at is None:
        return card
    note = ui.TextDisplay[Any](f"An answer to [this message](<{asked_at}>):")
    return Card([note, *_children(card)], card.children[1:])


def topics_card(reply: Reply, topics: Sequence[tuple[str, str]]) -> Card:
    """Return the menu of topics, each given by id and name."""
    menu = PickMenu(Press(Act.TOPIC), topics, "Choose a topic")
    return Card(_texts(reply, reply.body, [ui.ActionRow[Any](menu)]))


def entries_card(reply: Reply, topic: str, entries: Sequence[tuple[str, str]]) -> Card:
    """Return the entries of a topic, each given by id and question, in menus that hold 25 each."""
    parts = [entries[at : at + MENU_LIMIT] for at in range(0, len(entries), MENU_LIMIT)]
    menus = [
        PickMenu(Press(Act.SHOW, "", number), part, _span(number, len(part), len(entries)))
        for number, part in enumerate(parts)
    ]
    rows = [ui.ActionRow[Any](menu) for menu in menus]
    return Card([_text(f"## {topic}"), _text(reply.body), *rows, *_evidence(reply)])


def _span(number: int, here: int, of: int) -> str:
    if of <= MENU_LIMIT:
        return "Choose a question"
    first = number * MENU_LIMIT + 1
    return f"Choose a question ({first} to {first + here - 1} of {of})"


def sources_card(reply: Reply, sources: Sequence[Cited], page: int) -> Card:
    """Return a page of the list of sources, counted from 0; a page beyond the last is the last."""
    pages = _pages(sources)
    page = min(page, len(pages) - 1)
    turns = [(page - 1, "Previous page"), (page + 1, "Next page")]
    buttons = [
        PressButton(Press(Act.SOURCES, "", to), label)
        for to, label in turns
        if 0 <= to < len(pages)
    ]
    rows = [ui.ActionRow[Any](*buttons)] if buttons else []
    text = f"{reply.body}\n\n**Page {page + 1} of {len(pages)}**\n{pages[page]}"
    return Card(_texts(reply, text), rows)


def _pages(sources: Sequence[Cited]) -> list[str]:
    pages = [""]
    for line in map(_titled, sources):
        if pages[-1] and len(pages[-1]) + len(line) >= SOURCES_PAGE:
            pages.append("")
        pages[-1] += f"{line}\n"
    return pages


def with_words(card: Card, words: str) -> Card:
    """Return a card that also shows a member's own words, if there is room for them."""
    quote = quoted(words)
    if card.content_length() + len(quote.content) > MESSAGE_LIMIT:
        return card
    return Card([quote, *_children(card)], card.children[1:])


def _children(card: Card) -> list[ui.Item[Any]]:
    container = card.children[0]
    return list(container.children) if isinstance(container, ui.Container) else []


def _texts(
    reply: Reply, body: str, after: Sequence[ui.Item[Any]] = (), *, titles: bool = False
) -> list[ui.Item[Any]]:
    """Lay out a reply; with the `titles` of its sources, if there is room for them."""
    room = MESSAGE_LIMIT - _FOR_HEADINGS - len(reply.title) - len(body) if titles else 0
    return [_text(f"## {reply.title}"), _text(body), *after, *_evidence(reply, room)]


def _evidence(reply: Reply, room: int = 0) -> list[ui.Item[Any]]:
    rest = [
        f"**Evidence:** {reply.evidence}",
        f"**Reviewed:** {reply.reviewed.day} {reply.reviewed:%B %Y}",
    ]
    with_titles = "\n".join([*rest, "**Sources:**", *map(_titled, reply.sources)])
    in_short = "\n".join([*rest, "**Sources:**", *map(_in_short, reply.sources)])
    fits = len(with_titles) + len(reply.disclaimer) <= room
    text = with_titles if fits else in_short
    return [ui.Separator[Any](), _text(text), ui.Separator[Any](), _text(reply.disclaimer)]


def _titled(source: Cited) -> str:
    return f"- [{_plain(source.title)}](<{source.link}>). {source.line}; {source.kind}"


def _in_short(source: Cited) -> str:
    return f"- [{_plain(source.line)}](<{source.link}>); {source.kind}"


def _plain(text: str) -> str:
    # A bracket inside a link's text would end it.
    return text.replace("[", "(").replace("]", ")")


def _offered(reply: Reply, heading: str) -> list[ui.Item[Any]]:
    return [_text(f"**{heading}**"), *_choice_rows(reply)] if reply.choices else []


def _choice_rows(reply: Reply) -> list[ui.Item[Any]]:
    # One below the other: questions are long, and a phone is narrow.
    return [_button(Press(Act.SHOW, one.entry), one.question) for one in reply.choices]


def _button(press: Press, label: str) -> ui.ActionRow[Any]:
    style = discord.ButtonStyle.secondary
    if press.act in {Act.MORE, Act.SHARE}:
        style = discord.ButtonStyle.primary
    return ui.ActionRow[Any](PressButton(press, label, style))


def _text(text: str) -> ui.TextDisplay[Any]:
    return ui.TextDisplay[Any](text)
