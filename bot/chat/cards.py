"""What members see: a reply laid out with Components V2, in an order a screen reader can follow.

Embeds vanish for people who switched previews off; text in a layout does not. Nothing is told by
colour or picture alone, and nothing is cut off: a long answer shows its beginning, and a button
for the rest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import discord
from discord import ui

from bot.chat.buttons import MENU_LIMIT, PickMenu, PressButton
from bot.chat.custom_ids import Act, Press
from bot.chat.pieces import BREAK, KEPT, Piece, characters, framed, piece_of, row, text
from bot.chat.quoting import quoted
from bot.core.answering import Choices, Guarded, Urgent
from bot.core.faq import MESSAGE_LIMIT
from bot.core.room import SOURCES_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.answering import Cited, Outcome, Reply

Rows: TypeAlias = "Sequence[Piece]"

_LONG: Final = 1_000
"""Characters from which on an answer shows its first paragraph only, until "More" is pressed."""
_FOR_HEADINGS: Final = 240
"""Characters of headings and notes that stand beside what is counted."""


class Card(ui.LayoutView):
    """A message: what it says, in a frame, and buttons below it. It can be sent many times."""

    def __init__(
        self,
        frame: Iterable[ui.Item[Any] | Piece],
        rows: Iterable[ui.Item[Any] | Piece] = (),
    ) -> None:
        super().__init__(timeout=None)
        self.frame = tuple(map(piece_of, frame))
        self.rows = tuple(map(piece_of, rows))

    def to_components(self) -> list[Any]:
        """Return it as Discord is sent it."""
        return [framed(self.frame), *self.rows]

    def has_components_v2(self) -> bool:
        """Whether it is a layout; the library would tell by the items it holds itself."""
        return True

    def is_finished(self) -> bool:
        """Whether the library need not keep it: its buttons carry all they need."""
        return True

    def content_length(self) -> int:
        """Return how many characters of text it shows."""
        return sum(map(characters, (*self.frame, *self.rows)))


def outcome_card(outcome: Outcome, reply: Reply, *, none_of_these: str) -> Card:
    """Return the card for what came of a question that has no answer.

    `none_of_these` stands on the button below choices.
    """
    match outcome:
        case Choices():
            none = _kept_button(Press(Act.NONE), none_of_these)
            return Card(_texts(reply, reply.body, [*_choice_rows(reply), none]))
        case Guarded():
            offered = _offered(reply, "General information, not about you:")
            return Card(_texts(reply, reply.body, offered))
        case Urgent():
            return Card(_texts(reply, reply.body), _offered(reply, "General information:"))
        case _:
            return page_card(reply)


def answer_card(
    entry_id: str,
    reply: Reply,
    *,
    shareable: Press | None = None,
    whole: bool = False,
    below: Rows = (),
) -> Card:
    """Return the card that shows an entry: its beginning if it is long, or the `whole` of it.

    `shareable` is the press that shows it to everyone; None where everyone sees it anyhow. `below`
    stand the buttons by which members tell what they think of it.
    """
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


def shared_card(card: Card, asked_at: str | None) -> Card:
    """Return an answer for everyone; `asked_at` is the address of the message it answers."""
    if asked_at is None:
        return card
    note = text(f"An answer to [this message](<{asked_at}>):")
    return Card([note, *card.frame], card.rows)


def topics_card(reply: Reply, topics: Sequence[tuple[str, str]]) -> Card:
    """Return the menu of topics, each given by id and name."""
    menu = PickMenu(Press(Act.TOPIC), topics, "Choose a topic")
    return Card(_texts(reply, reply.body, [piece_of(ui.ActionRow[Any](menu))]))


def entries_card(reply: Reply, topic: str, entries: Sequence[tuple[str, str]]) -> Card:
    """Return the entries of a topic, each given by id and question, in menus that hold 25 each."""
    parts = [entries[at : at + MENU_LIMIT] for at in range(0, len(entries), MENU_LIMIT)]
    menus = [
        PickMenu(Press(Act.SHOW, "", number), part, _span(number, len(part), len(entries)))
        for number, part in enumerate(parts)
    ]
    rows = [ui.ActionRow[Any](menu) for menu in menus]
    return Card([text(f"## {topic}"), text(reply.body), *rows, *_evidence(reply)])


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
    listed = f"{reply.body}\n\n**Page {page + 1} of {len(pages)}**\n{pages[page]}"
    return Card(_texts(reply, listed), [row(*buttons)] if buttons else [])


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
    return Card([quote, *card.frame], card.rows)


def _texts(
    reply: Reply, body: str, after: Sequence[Piece] = (), *, titles: bool = False
) -> list[Piece]:
    """Lay out a reply; with the `titles` of its sources, if there is room for them."""
    room = MESSAGE_LIMIT - _FOR_HEADINGS - len(reply.title) - len(body) if titles else 0
    return [text(f"## {reply.title}"), text(body), *after, *_evidence(reply, room)]


def _evidence(reply: Reply, room: int = 0) -> list[Piece]:
    rest = [
        f"**Evidence:** {reply.evidence}",
        f"**Reviewed:** {reply.reviewed.day} {reply.reviewed:%B %Y}",
    ]
    with_titles = "\n".join([*rest, "**Sources:**", *map(_titled, reply.sources)])
    in_short = "\n".join([*rest, "**Sources:**", *map(_in_short, reply.sources)])
    fits = len(with_titles) + len(reply.disclaimer) <= room
    return [BREAK, text(with_titles if fits else in_short), BREAK, text(reply.disclaimer)]


def _titled(source: Cited) -> str:
    return f"- [{_plain(source.title)}](<{source.link}>). {source.line}; {source.kind}"


def _in_short(source: Cited) -> str:
    return f"- [{_plain(source.line)}](<{source.link}>); {source.kind}"


def _plain(text: str) -> str:
    # A bracket inside a link's text would end it.
    return text.replace("[", "(").replace("]", ")")


def _offered(reply: Reply, heading: str) -> list[Piece]:
    return [text(f"**{heading}**"), *_choice_rows(reply)] if reply.choices else []


def _choice_rows(reply: Reply) -> list[Piece]:
    # One below the other: questions are long, and a phone is narrow.
    return [_kept_button(Press(Act.SHOW, one.entry), one.question) for one in reply.choices]


def _button(press: Press, label: str) -> Piece:
    style = discord.ButtonStyle.secondary
    if press.act in {Act.MORE, Act.SHARE}:
        style = discord.ButtonStyle.primary
    return row(PressButton(press, label, style))


_kept_button = lru_cache(KEPT)(_button)
"""The same, made once; for buttons that lead to an entry, not for those that name a message."""
