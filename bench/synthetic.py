"""An FAQ of any size that reads like the shipped one, for measuring growth. Same seed, same FAQ.

Each entry has a few subject words of its own, drawn from ordinary English and from the shipped
FAQ, common ones more often. A wording is a shipped wording whose content words were exchanged for
those; an answer is a shipped answer that speaks of them too.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.faq import Entry, Faq

MOST_ENTRIES: Final = 2_000
WORDINGS_AN_ENTRY: Final = 25
_SEED: Final = 7
_SUBJECT_WORDS: Final = 6
_VOCABULARY: Final = 15_000
_EXCHANGED: Final = 0.7
_SLIP: Final = 1 / 3
_LONGEST: Final = 190


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A grown FAQ, and questions about it that are none of its wordings."""

    faq: Faq
    questions: tuple[str, ...]


class _Writer:
    """Writes wordings about subjects in the manner of the shipped FAQ."""

    def __init__(self, faq: Faq) -> None:
        self._random = random.Random(_SEED)  # noqa: S311 - the same FAQ each time; no secret
        shipped = [wording for entry in faq.entries for wording in entry.wordings()]
        self._small = {word for phrase in faq.words.small_words for word in words(phrase)}
        self._frames = [tuple(words(wording)) for wording in shipped]
        own = {word for frame in self._frames for word in frame if self._is_content(word)}
        ordinary = sorted(word for word in faq.ordinary_words if self._is_content(word))
        self._vocabulary = sorted(own) + self._random.sample(ordinary, _VOCABULARY)
        self._random.shuffle(self._vocabulary)
        ranks = range(1, len(self._vocabulary) + 1)
        self._heavy = list(accumulate(1 / (rank + 50) for rank in ranks))

    def _is_content(self, word: str) -> bool:
        return word.isalpha() and len(word) > 3 and word not in self._small  # noqa: PLR2004 - short words carry no subject

    def subject(self) -> list[str]:
        """Return the words that a new entry is about."""
        return self._random.choices(self._vocabulary, cum_weights=self._heavy, k=_SUBJECT_WORDS)

    def wording(self, subject: Sequence[str]) -> str:
        """Return a new way to ask about `subject`."""
        frame = self._random.choice(self._frames)
        exchanged = [
            self._random.choice(subject)
            if self._is_content(word) and self._random.random() < _EXCHANGED
            else word
            for word in frame
        ]
        return f"{self._random.choice(subject)} {' '.join(exchanged)}"[:_LONGEST].rstrip()

    def typed(self, wording: str) -> str:
        """Return `wording` as a member types it: sometimes with two letters exchanged."""
        if self._random.random() > _SLIP:
            return wording
        at = self._random.randrange(len(wording) - 1)
        return wording[:at] + wording[at + 1] + wording[at] + wording[at + 2 :]


def grown(faq: Faq, wordings: int, questions: int) -> Synthetic:
    """Return an FAQ like `faq` with `wordings` wordings, and questions to it."""
    writer = _Writer(faq)
    count = min(MOST_ENTRIES, -(-wordings // WORDINGS_AN_ENTRY))
    subjects = [writer.subject() for _ in range(count)]
    entries = tuple(
        _entry(number, faq, writer, subject, wordings // count)
        for number, subject in enumerate(subjects)
    )
    asked = tuple(writer.typed(writer.wording(subjects[i % count])) for i in range(questions))
    return Synthetic(faq.model_copy(update={"entries": entries}), asked)


def _entry(number: int, faq: Faq, writer: _Writer, subject: Sequence[str], size: int) -> Entry:
    model = faq.entries[number % len(faq.entries)]
    return model.model_copy(
        update={
            "id": f"entry-{number:05}",
            "question": writer.wording(subject),
            "also_asked": tuple(writer.wording(subject) for _ in range(size - 1)),
            "answer": f"{model.answer}\n\n{' '.join(subject)}",
        }
    )
