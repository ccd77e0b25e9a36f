"""From the wordings of an FAQ to the index that ranks its entries.

Each entry is compared as a whole: it starts as the normalised sum of its wordings (centroid) and
is then sharpened against its neighbours by a few steps of multinomial logistic regression in dual
form, stopped early. On this FAQ's tuning cases that raised top-1 from .80 to .89 in 0.1 s; run to
convergence it is slower and no better.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core.features import Floats, Ints, Postings, Rarity, Weights, blocks, is_gram
from bot.core.lexicon import PhraseTrie
from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.faq import Faq
    from bot.core.lexicon import Lexicon, Reading

SHARPENED_UP_TO: Final = 5_000
"""Wordings; the dual form needs their square in memory. Above it the centroid alone ranks."""

SCALE: Final = 10.0
"""What a cosine of 1 counts as in the softmax."""

_STEPS: Final = 5
_MOMENTUM: Final = 0.9


@dataclass(frozen=True, slots=True)
class Index:
    """What ranking needs of an FAQ besides its language; made of plain arrays."""

    rarity: Rarity
    wordings: Postings
    """Rows are wordings, in the order of the entries; words and pairs only, for speed."""
    entries: Postings | Weights
    """Rows are entries."""
    owners: Ints
    """For each wording the number of its entry."""
    answers: Postings
    """Rows are entries: the words of their answers, each with the value 1."""
    names: tuple[frozenset[str], ...]
    """For each entry the other subjects and changing words that its wordings speak of."""
    answer_names: tuple[frozenset[str], ...]
    """The same for the text of its answer."""
    counts: Mapping[str, int]
    """How often the FAQ uses each word."""
    subjects: Floats
    """For each entry and subject of `words.yaml` the share of its wordings that name it."""


def fit(faq: Faq, lexicon: Lexicon, counts: Mapping[str, int]) -> Index:
    """Build the index of `faq`; `counts` are the words its lexicon was made of."""
    texts = [wording for entry in faq.entries for wording in entry.wordings()]
    lengths = [1 + len(entry.also_asked) for entry in faq.entries]
    owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    readings = [lexicon.plain_reading(text) for text in texts]
    answers = [lexicon.plain_reading(entry.answer) for entry in faq.entries]
    rows = [blocks(reading) for reading in readings]
    rarity = Rarity.of(rows, len(rows), {t.feature for a in answers for t in a.terms})
    vectors = [rarity.vector(row) for row in rows]
    wordings = Postings.of(vectors, len(rarity.numbers))
    del rows
    marks = NameFinder(faq, lexicon)
    names: list[set[str]] = [set() for _ in faq.entries]
    for owner, reading in zip(owners.tolist(), readings, strict=True):
        names[owner] |= marks.names(reading)
    features = len(rarity.numbers)
    entries: Postings | Weights
    if len(texts) <= SHARPENED_UP_TO:
        entries = _weighted_sums(wordings, _sharpened(vectors, wordings, owners))
    else:
        entries = _centroids(wordings, owners, len(lengths))
    return Index(
        rarity=rarity,
        wordings=wordings.without(np.array([is_gram(name) for name in rarity.numbers])),
        entries=entries,
        owners=owners,
        answers=Postings.of([_present(rarity, reading) for reading in answers], features),
        names=tuple(map(frozenset, names)),
        answer_names=tuple(frozenset(marks.names(reading)) for reading in answers),
        counts=counts,
        subjects=_subjects(faq, readings, owners),
    )


class NameFinder:
    """Finds the words that make a question another one: other subjects, and changing words."""

    def __init__(self, faq: Faq, lexicon: Lexicon) -> None:
        self._trie = PhraseTrie(
            (lexicon.stem(words(phrase)), name)
            for groups in (faq.words.other_subjects, faq.words.change_the_answer)
            for name, phrases in groups.items()
            for phrase in phrases
        )

    def names(self, reading: Reading) -> set[str]:
        """Return the names of all such words in `reading`."""
        return set(self._trie.names(reading.stems))


def _subjects(faq: Faq, readings: Sequence[Reading], owners: Ints) -> Floats:
    shares = np.zeros((len(faq.entries), len(faq.words.subjects)), dtype=np.float32)
    for owner, reading in zip(owners.tolist(), readings, strict=True):
        named = {term.feature for term in reading.terms}
        for place, subject in enumerate(faq.words.subjects):
            shares[owner, place] += f"={subject}" in named
    return shares / np.bincount(owners, minlength=len(faq.entries))[:, None].astype(np.float32)


def _present(rarity: Rarity, reading: Reading) -> tuple[Ints, Floats]:
    found = sorted({rarity.numbers[t.feature] for t in reading.terms if not t.small})
    return np.array(found, dtype=np.int32), np.ones(len(found), dtype=np.float32)


def fingerprint(faq: Faq) -> str:
    """Return a hash of everything in `faq` that ranking depends on, but for its calibration."""
    text = repr(
        [
            [(entry.id, entry.question, entry.also_asked, entry.answer) for entry in faq.entries],
            faq.words,
            faq.screening,
            SCALE,
            _STEPS,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _membership(owners: Ints) -> Floats:
    classes = int(owners.max()) + 1 if len(owners) else 0
    return np.eye(classes, dtype=np.float32)[owners]


def _sharpened(
    vectors: Sequence[tuple[np.ndarray, Floats]], wordings: Postings, owners: Ints
) -> Floats:
    """Return the share of each wording in each entry's weights (wordings x entries)."""
    alike = np.stack([wordings.scores(numbers, values) for numbers, values in vectors])
    member = _membership(owners)
    shares = member / member.sum(axis=0)
    lengths = np.sqrt(np.einsum("wc,wc->c", shares, alike @ shares))
    shares = (shares / lengths * SCALE).astype(np.float32)
    moved = np.zeros_like(shares)
    for _ in range(_STEPS):
        logits = alike @ shares
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        moved = _MOMENTUM * moved + (member - likely)
        shares = shares + moved
    return (shares / SCALE).astype(np.float32)


def _weighted_sums(wordings: Postings, shares: Floats) -> Weights:
    """Return entries as sums of wordings; every feature then speaks for or against each entry."""
    features = len(wordings.starts) - 1
    values = np.zeros((features, shares.shape[1]), dtype=np.float32)
    for feature in range(features):
        part = slice(wordings.starts[feature], wordings.starts[feature + 1])
        values[feature] = wordings.values[part] @ shares[wordings.rows[part]]
    return Weights(values)


def _centroids(wordings: Postings, owners: Ints, entries: int) -> Postings:
    features = len(wordings.starts) - 1
    counts = np.diff(wordings.starts)
    columns = np.repeat(np.arange(features, dtype=np.int64), counts)
    keys = columns * entries + owners[wordings.rows].astype(np.int64)
    cells, first = np.unique(keys, return_inverse=True)
    values = np.bincount(first, wordings.values).astype(np.float32)
    rows = (cells % entries).astype(np.int32)
    lengths = np.sqrt(np.bincount(rows, values * values, entries))
    starts = np.searchsorted(cells, np.arange(features + 1, dtype=np.int64) * entries)
    return Postings(
        starts.astype(np.int32), rows, (values / lengths[rows]).astype(np.float32), entries
    )
