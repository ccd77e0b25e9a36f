"""From the wordings of an FAQ to the index that ranks its entries.

Each entry is compared as a whole: it starts as the normalised sum of its wordings (centroid) and
is then sharpened against its neighbours by a few steps of multinomial logistic regression in dual
form, stopped early. On this FAQ's tuning cases that raised top-1 from .80 to .89 in 0.1 s; run to
convergence it is slower and no better.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.core.collecting import Collector
from bot.core.features import Block, Floats, Ints, Postings, Rarity, Rows, Weights, blocks, is_gram
from bot.core.lexicon import PhraseTrie
from bot.core.remembering import Sharpened
from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from bot.core.faq import Faq
    from bot.core.lexicon import Lexicon, Reading
    from bot.core.remembering import Remembered

SHARPENED_UP_TO: Final = 5_000
"""Wordings; the dual form needs their square in memory. Above it the centroid alone ranks."""

SCALE: Final = 10.0
"""What a cosine of 1 counts as in the softmax."""

_SHARED_BY_MANY: Final = 120
_ROWS_AT_ONCE: Final = 16
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


@dataclass(frozen=True, slots=True)
class ReadText:
    """What is made of one text of the FAQ. It rests on `words.yaml`, and on no other text."""

    row: tuple[Block, Block, Block]
    names: frozenset[str]
    features: tuple[str, ...]
    """Those of all its words, and `content` of those that carry a subject."""
    content: tuple[str, ...]


def fit(
    faq: Faq, lexicon: Lexicon, counts: Mapping[str, int], remembered: Remembered | None = None
) -> Index:
    """Build the index of `faq`; `counts` are the words its lexicon was made of."""
    lengths = np.array([1 + len(entry.also_asked) for entry in faq.entries], dtype=np.int32)
    owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    read = _reader(faq, lexicon, remembered)
    collector = Collector()
    names, subjects = _read_wordings(faq, read, collector)
    answer_names, answers = _read_answers(faq, read, collector)
    rarity, rows = collector.weighed()
    features = len(rarity.numbers)
    entries: Postings | Weights
    if 0 < len(owners) <= SHARPENED_UP_TO:
        split = _Split.of(rows, features)
        entries = split.weighted_sums(_shares(split, rows, owners, remembered))
    else:
        entries = Postings.of(_centroids(rows, lengths), features)
    bare = np.array([not is_gram(name) for name in rarity.numbers], dtype=np.bool_)
    return Index(
        rarity=rarity,
        wordings=Postings.of(rows.only(bare), features),
        entries=entries,
        owners=owners,
        answers=Postings.of(answers, features),
        names=names,
        answer_names=answer_names,
        counts=counts,
        subjects=subjects / np.maximum(lengths, 1)[:, None].astype(np.float32),
    )


def _reader(faq: Faq, lexicon: Lexicon, remembered: Remembered | None) -> Callable[[str], ReadText]:
    marks = NameFinder(faq, lexicon)

    def make(text: str) -> ReadText:
        reading = lexicon.plain_reading(text)
        features = tuple(term.feature for term in reading.terms)
        content = tuple(term.feature for term in reading.terms if not term.small)
        return ReadText(blocks(reading), frozenset(marks.names(reading)), features, content)

    if remembered is None:
        return make
    return lambda text: remembered.read.of(text, make)


def _read_wordings(
    faq: Faq, read: Callable[[str], ReadText], collector: Collector
) -> tuple[tuple[frozenset[str], ...], Floats]:
    """Collect every wording; return for each entry its names, and how many name each subject."""
    places = {f"={name}": place for place, name in enumerate(faq.words.subjects)}
    subjects = np.zeros((len(faq.entries), len(places)), dtype=np.float32)
    names: list[frozenset[str]] = []
    for number, entry in enumerate(faq.entries):
        found: set[str] = set()
        for wording in entry.wordings():
            # One text at a time: those of a large FAQ together do not fit into memory.
            text = read(wording)
            collector.add(text.row)
            found |= text.names
            for name in places.keys() & text.row[0].keys():
                subjects[number, places[name]] += 1
        names.append(frozenset(found))
    return tuple(names), subjects


def _read_answers(
    faq: Faq, read: Callable[[str], ReadText], collector: Collector
) -> tuple[tuple[frozenset[str], ...], Rows]:
    """Return for each entry the names in its answer, and the words of it that carry a subject."""
    names: list[frozenset[str]] = []
    vectors: list[tuple[Ints, Floats]] = []
    for entry in faq.entries:
        text = read(entry.answer)
        names.append(text.names)
        collector.know(text.features)
        found = collector.know(text.content)
        vectors.append((found, np.ones(len(found), dtype=np.float32)))
    return tuple(names), Rows.of(vectors)


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
        return {name for _, _, name in self._trie.found(reading.stems)}


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


@dataclass(frozen=True, slots=True)
class _Split:
    """Wordings by their features. The few that many share make most of the work: as one matrix."""

    common: NDArray[np.bool_]
    """Which features are in `dense`, and not in `rare`."""
    dense: Floats
    """Wordings x common features."""
    rare: Rows
    rare_by_feature: Postings

    @classmethod
    def of(cls, rows: Rows, features: int) -> _Split:
        common = np.bincount(rows.numbers, minlength=features) > _SHARED_BY_MANY
        here = common[rows.numbers]
        size = len(rows.starts) - 1
        owners = np.repeat(np.arange(size), np.diff(rows.starts))
        dense = np.zeros((size, int(common.sum())), dtype=np.float32)
        dense[owners[here], (np.cumsum(common) - 1)[rows.numbers[here]]] = rows.values[here]
        rare = rows.only(~common)
        return cls(common, dense, rare, Postings.of(rare, features))

    def alike(self) -> Floats:
        """Return the likeness of every two wordings."""
        alike: Floats = self.dense @ self.dense.T
        size, by_feature = len(alike), self.rare_by_feature
        # Arrays are looked up by numbers of the machine's own width; others are widened each time.
        starts, rows = by_feature.starts.astype(np.intp), by_feature.rows.astype(np.intp)
        for first in range(0, size, _ROWS_AT_ONCE):
            behind = min(first + _ROWS_AT_ONCE, size)
            numbers, values = self.rare.part(first, behind)
            row_of = np.repeat(
                np.arange(behind - first), np.diff(self.rare.starts[first : behind + 1])
            )
            begins = starts[numbers]
            lengths = starts[numbers + 1] - begins
            offsets = np.repeat(begins + lengths - np.cumsum(lengths), lengths)
            places = np.arange(len(offsets), dtype=np.intp) + offsets
            cells = rows[places] + np.repeat(row_of * size, lengths)
            products = by_feature.values[places] * np.repeat(values, lengths)
            sums = np.bincount(cells, products, (behind - first) * size)
            alike[first:behind] += sums.reshape(behind - first, size)
        return alike

    def weighted_sums(self, shares: Floats) -> Weights:
        """Return entries as sums of wordings; each feature then speaks for or against each."""
        values = np.zeros((len(self.common), shares.shape[1]), dtype=np.float32)
        values[self.common] = self.dense.T @ shares
        rare = self.rare_by_feature
        filled = np.flatnonzero(np.diff(rare.starts))
        # A thousand features at a time: all of them at once would take sixty megabytes.
        for part in np.array_split(filled, len(filled) // 1_000 + 1):
            if len(part):
                first, behind = rare.starts[part[0]], rare.starts[part[-1] + 1]
                here = slice(first, behind)
                products = shares[rare.rows[here]] * rare.values[here, None]
                values[part] = np.add.reduceat(products, rare.starts[part] - first)
        return Weights(values)


def _shares(split: _Split, rows: Rows, owners: Ints, remembered: Remembered | None) -> Floats:
    """Return the share of each wording in each entry's weights (wordings x entries)."""
    if remembered is None:
        return _sharpened(split, owners)
    known = remembered.sharpened
    if known is None or not known.are(rows, owners):
        known = remembered.sharpened = Sharpened(rows, owners, _sharpened(split, owners))
    return known.shares


def _sharpened(split: _Split, owners: Ints) -> Floats:
    alike = split.alike()
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


def _centroids(rows: Rows, lengths: Ints) -> Rows:
    """Return each entry as the normalised sum of its wordings."""
    ends = np.cumsum(lengths)
    sums: list[tuple[Ints, Floats]] = []
    for first, behind in zip((ends - lengths).tolist(), ends.tolist(), strict=True):
        numbers, values = rows.part(first, behind)
        found, places = np.unique(numbers, return_inverse=True)
        total = np.bincount(places, values)
        length = math.sqrt(float(total @ total)) or 1.0
        sums.append((found, (total / length).astype(np.float32)))
    return Rows.of(sums)
