"""The public set BANKING77, where it is at hand: a few wordings an entry, questions never seen."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bench.methods import DIFFLIB, OTHERS, TFIDF_WORDS
from bot.core.fitting import fit
from bot.core.lexicon import Lexicon, count
from bot.core.matcher import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bench.methods import Found, Method
    from bot.core.faq import Entry, Faq

SIZES: Final = (5, 10)
_SEEDS: Final = (1, 2, 3)
EVERY_FOR_DIFFLIB: Final = 20
"""difflib is so slow that it is asked only every twentieth question."""


class _Ranking:
    """Our ranking alone: no screening, no decision."""

    def __init__(self, faq: Faq) -> None:
        texts = [wording for entry in faq.entries for wording in entry.wordings()]
        counts = count(faq.words, texts)
        lexicon = Lexicon(faq.words, counts, faq.ordinary_words)
        self._matcher = Matcher(faq, lexicon, fit(faq, lexicon, counts))

    def find(self, question: str) -> Found:
        ranked = self._matcher.rank(question)
        return (ranked[0].entry.id, ranked[0].confidence) if ranked else ("", 0.0)


def measure(folder: Path, faq: Faq) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield each method with its top-1 accuracy for each of `SIZES`, the mean of three draws."""
    train: dict[str, list[str]] = defaultdict(list)
    for text, category in _rows(folder / "train.csv"):
        train[category].append(text)
    test = list(_rows(folder / "test.csv"))
    sums: dict[str, list[float]] = {}
    for place, size in enumerate(SIZES):
        for seed in _SEEDS:
            for name, method in _methods(_drawn(train, size, seed), faq):
                asked = test[::EVERY_FOR_DIFFLIB] if name == DIFFLIB else test
                sums.setdefault(name, [0.0] * len(SIZES))[place] += _accuracy(method, asked)
    for name, totals in sums.items():
        yield name, tuple(total / len(_SEEDS) for total in totals)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["text"].strip(), row["category"]


def _drawn(train: Mapping[str, Sequence[str]], size: int, seed: int) -> dict[str, list[str]]:
    draw = random.Random(seed)  # noqa: S311 - the same draw each time; no secret
    return {category: draw.sample(train[category], size) for category in sorted(train)}


def _methods(drawn: Mapping[str, Sequence[str]], faq: Faq) -> Iterator[tuple[str, Method]]:
    yield "ours", _Ranking(_bank(drawn, faq))
    wordings = [(category, text) for category, texts in drawn.items() for text in texts]
    for name, method in OTHERS.items():
        if name != TFIDF_WORDS:
            yield name, method(wordings)


def _bank(drawn: Mapping[str, Sequence[str]], faq: Faq) -> Faq:
    """Return an FAQ of the drawn texts that knows English, and nothing of MS."""
    language = faq.words.model_copy(
        update={
            "same_meaning": {},
            "change_the_answer": {},
            "other_subjects": {},
            "subjects": (),
        }
    )
    entries = tuple(_entry(faq.entries[0], name, texts) for name, texts in drawn.items())
    return faq.model_copy(update={"words": language, "entries": entries})


def _entry(model: Entry, name: str, texts: Sequence[str]) -> Entry:
    return model.model_copy(
        update={
            "id": name,
            "question": texts[0],
            "also_asked": tuple(texts[1:]),
            "answer": texts[0],
        }
    )


def _accuracy(method: Method, asked: Sequence[tuple[str, str]]) -> float:
    return sum(method.find(text)[0] == category for text, category in asked) / len(asked)
