"""Texts that nobody wrote: parts of lessons, joined, cropped and thinned, for a tutor to mark.

What such a text is, only the tutor can say: half of an emergency may be none. That is what makes
them worth reading: the small reader learns where the tutor draws the line, in far more places
than people can write examples for.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.core.encoding import BEGIN, END, LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from numpy.random import Generator

    from training.material import Lesson

Word: TypeAlias = tuple[int, ...]

_SHARES: Final = (0.35, 0.25, 0.2, 0.2)
"""How often texts are joined, cropped, thinned, and mixed."""
_TOUCHED: Final = 0.15
"""Share of the words that are left out, or exchanged."""


def variations(
    lessons: Sequence[Lesson], continuing: Collection[int], count: int, random: Generator
) -> list[tuple[int, ...]]:
    """Return the pieces of `count` texts made of `lessons`.

    `continuing` are the pieces that go on with a word rather than begin one.
    """
    texts = [words for one in lessons if len(words := _words(one.pieces, continuing)) > 1]

    def some() -> Sequence[Word]:
        return texts[int(random.integers(len(texts)))]

    ways: tuple[Callable[[], Iterable[Word]], ...] = (
        lambda: [*_part(some(), 0.5, random), *_part(some(), 0.5, random)],
        lambda: _part(some(), 0.4, random),
        lambda: [word for word in some() if random.random() > _TOUCHED],
        lambda: _exchanged(some(), some(), random),
    )
    made = (ways[int(way)]() for way in random.choice(len(ways), count, p=_SHARES))
    return [_text(words) for words in made]


def _words(pieces: Sequence[int], continuing: Collection[int]) -> list[Word]:
    words: list[list[int]] = []
    for piece in pieces[1:-1]:
        if words and piece in continuing:
            words[-1].append(piece)
        else:
            words.append([piece])
    return [tuple(word) for word in words]


def _part(words: Sequence[Word], least: float, random: Generator) -> Sequence[Word]:
    length = max(1, round(len(words) * random.uniform(least, 1)))
    at = int(random.integers(len(words) - length + 1))
    return words[at : at + length]


def _exchanged(words: Sequence[Word], others: Sequence[Word], random: Generator) -> Iterable[Word]:
    for word in words:
        yield others[int(random.integers(len(others)))] if random.random() < _TOUCHED else word


def _text(words: Iterable[Word]) -> tuple[int, ...]:
    return (BEGIN, *list(chain.from_iterable(words))[: LONGEST - 2], END)
