"""The pieces of a card: components as Discord is sent them, which nobody changes any more.

The library makes them, and those that recur are made once: to make its objects anew for each
answer took a third of the processor time that this bot adds to an `/ask`, the look-up aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from discord import ui

if TYPE_CHECKING:
    from bot.chat.buttons import PressButton

Piece: TypeAlias = Mapping[str, Any]

KEPT: Final = 1_000
"""How many that recur are kept."""
BREAK: Final[Piece] = ui.Separator[Any]().to_component_dict()
"""A line between two texts."""
_FRAME: Final[Piece] = ui.Container[Any]().to_component_dict()


def piece_of(item: ui.Item[Any] | Piece) -> Piece:
    """Return an item of the library as Discord is sent it; a piece as it is."""
    return item.to_component_dict() if isinstance(item, ui.Item) else item


def text(content: str) -> Piece:
    """Return a text."""
    return ui.TextDisplay[Any](content).to_component_dict()


def row(*buttons: PressButton) -> Piece:
    """Return a row of buttons."""
    return ui.ActionRow[Any](*buttons).to_component_dict()


def framed(pieces: tuple[Piece, ...]) -> Piece:
    """Return pieces in a frame."""
    return {**_FRAME, "components": pieces}


def characters(piece: Piece) -> int:
    """Return how many characters of text a piece shows."""
    return len(piece.get("content", ""))


def dead(piece: Piece) -> Piece:
    """Return a piece like this one, with buttons that nobody can press."""
    buttons = piece.get("components")
    if buttons is None:
        return piece
    return {**piece, "components": [{**one, "disabled": True} for one in buttons]}
