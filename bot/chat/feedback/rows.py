"""The buttons by which members tell something, below what they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.buttons import PressButton
from bot.chat.cards import Card
from bot.chat.custom_ids import Act, Press
from bot.chat.feedback.parts import Verdict, version_of
from bot.chat.pieces import Piece, row, text
from bot.chat.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.faq import Entry
    from bot.core.feedback import Feedback

VERDICTS: Final[Mapping[Act, Verdict]] = {
    Act.HELPFUL: Verdict.HELPFUL,
    Act.NOT_MY_QUESTION: Verdict.NOT_MY_QUESTION,
    Act.UNCLEAR: Verdict.UNCLEAR,
    Act.OUTDATED: Verdict.OUTDATED,
    Act.WRONG: Verdict.WRONG,
}
"""What each button counts."""
_REASONS: Final[Mapping[Act, str]] = {
    Act.NOT_MY_QUESTION: "It does not answer my question",
    Act.UNCLEAR: "It is hard to understand",
    Act.OUTDATED: "It is out of date",
    Act.WRONG: "Something in it seems wrong",
}


def vote_rows(entry: Entry, said: Feedback) -> list[Piece]:
    """Return the question whether this version of an entry was helpful, and its two buttons."""
    version = version_of(entry)
    buttons = [
        PressButton(Press(act, entry.id, version), label)
        for act, label in ((Act.HELPFUL, "Helpful"), (Act.UNHELPFUL, "Not helpful"))
    ]
    return [text(f"**{said.helpful}**"), row(*buttons)]


def reasons_card(of: Press, said: Feedback) -> Card:
    """Return the reasons to choose from, for the entry and version of a press."""
    rows = [
        row(PressButton(Press(act, of.name, of.number), label)) for act, label in _REASONS.items()
    ]
    return Card([text(said.reasons)], rows)


def send_row() -> Piece:
    """Return the button that opens the form for the moderators."""
    return row(PressButton(Press(Act.SEND), "Send this question to the moderators"))


def said_card(sentence: str) -> Card:
    """Return a card that says one thing."""
    return Card([text(sentence)])


def not_sent_card(sentence: str, words: str) -> Card:
    """Return a card that says why words were not passed on, and lets them be sent again."""
    return Card([text(sentence), quoted(words)], [send_row()])


def danger_card(sentence: str, help_: Card) -> Card:
    """Return the help for what was typed into the form, and that it was not passed on."""
    return Card([text(sentence), *help_.frame], help_.rows)


def anyway_card(words: str) -> Card:
    """Return the card from which words that sound like danger can be passed on all the same."""
    button = PressButton(Press(Act.SEND_ANYWAY), "Send it to the moderators all the same")
    return Card([quoted(words)], [row(button)])
