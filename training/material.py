"""What the reader is taught: texts, the kind of each, and the fold it is held out in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.content.learned import key_of
from bot.content.load import load, load_examples
from bot.content.problems import ContentError, errors
from bot.core.cases import Must
from bot.core.encoding import reader
from bot.core.engine import Engine
from bot.core.faq import Harm
from bot.core.listening import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from bot.core.faq import Examples, Faq
    from bot.core.screening import Screener

FOLDS: Final = 3
ALWAYS: Final = -1
"""The fold of sentences that are never held out."""
_KINDS: Final = {Must.CRISIS: Harm.CRISIS, Must.URGENT: Harm.URGENT, Must.GUARD: Harm.ADVICE}
_WEIGHT_OF_RULES: Final = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text to learn from."""

    key: int
    pieces: tuple[int, ...]
    kind: int
    """Its place in `KINDS`."""
    fold: int
    source: str
    times: int = 1


def lessons(root: Path, today: date, vocabulary: Sequence[str]) -> list[Lesson]:
    """Return every text of the FAQ in `root` that the reader learns from.

    Raises:
        ContentError: if the FAQ or its examples cannot be read.

    """
    loaded = load(root, today)
    examples, example_problems = load_examples(root)
    problems = errors([*loaded.problems, *example_problems])
    if loaded.faq is None or problems:
        raise ContentError(problems)
    screener = Engine.of(loaded.faq, None).screener
    read = reader(vocabulary, longest=None)
    told = [*_examples(examples), *_entries(loaded.faq, screener), *_rules(loaded.faq)]
    return [
        Lesson(
            key_of(text),
            tuple(read(screener.read(text).words)),
            KINDS.index(kind),
            ALWAYS if source == "rule" else key_of(text) % FOLDS,
            source,
            _WEIGHT_OF_RULES if source == "rule" else 1,
        )
        for text, kind, source in dict.fromkeys(told)
    ]


def _examples(examples: Sequence[Examples]) -> Iterator[tuple[str, Harm | None, str]]:
    for file in examples:
        for text in file.texts:
            yield text, _KINDS.get(Must(file.kind)), str(file.kind.value)


def _entries(faq: Faq, screener: Screener) -> Iterator[tuple[str, Harm | None, str]]:
    for entry in faq.entries:
        for wording in entry.wordings():
            if not screener.row(wording)[1]:
                yield wording, None, "entry"


def _rules(faq: Faq) -> Iterator[tuple[str, Harm | None, str]]:
    for rule in faq.screening.rules:
        for text in rule.matches:
            yield text, rule.harm, "rule"
