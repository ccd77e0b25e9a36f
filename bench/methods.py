"""Every way to find an entry that is measured here: ours, and what others would use.

The others return the entry of the wording nearest to the question. Each gets its texts in the
form that suits it best.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast

import bm25s  # pyright: ignore[reportMissingTypeStubs] - it has none
import numpy as np
import Stemmer
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import (  # pyright: ignore[reportMissingTypeStubs] - it has none
    TfidfVectorizer,
)

from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.engine import Engine
    from bot.core.faq import Faq
    from bot.core.features import Floats

Found: TypeAlias = tuple[str, float]
"""The id of an entry, and how alike it is; comparable within one method only."""


class Method(Protocol):
    """Finds the entry that a question most likely asks for."""

    def find(self, question: str) -> Found:
        """Return the first entry; an empty id and 0 if nothing is alike at all."""
        ...


Wordings: TypeAlias = "Sequence[tuple[str, str]]"
"""Each wording after the id of its entry."""


def wordings_of(faq: Faq) -> list[tuple[str, str]]:
    """Return every wording of `faq` after the id of its entry."""
    return [(entry.id, wording) for entry in faq.entries for wording in entry.wordings()]


class Ours:
    """The engine: the first candidate, and its calibrated confidence."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, question: str) -> Found:
        """Return the first candidate of everything that a question goes through."""
        candidates = self._engine.consider(question).candidates
        return (candidates[0].entry.id, candidates[0].confidence) if candidates else ("", 0.0)


class Fuzzy:
    """The wording with the highest score of a rapidfuzz scorer."""

    def __init__(self, wordings: Wordings, scorer: Callable[..., float]) -> None:
        self._owners = [owner for owner, _ in wordings]
        self._texts = [utils.default_process(wording) for _, wording in wordings]
        self._scorer = scorer

    def find(self, question: str) -> Found:
        """Return the entry of the best wording."""
        asked = utils.default_process(question)
        best = process.extractOne(asked, self._texts, scorer=self._scorer)
        return self._owners[best[2]], best[1]


class Difflib:
    """The wording with the highest ratio of Python's own difflib."""

    def __init__(self, wordings: Wordings) -> None:
        self._wordings = [(owner, utils.default_process(wording)) for owner, wording in wordings]

    def find(self, question: str) -> Found:
        """Return the entry of the best wording; what cannot be better is not compared in full."""
        matcher = SequenceMatcher[str](autojunk=False)
        matcher.set_seq2(utils.default_process(question))
        best: Found = ("", 0.0)
        for owner, wording in self._wordings:
            matcher.set_seq1(wording)
            if matcher.real_quick_ratio() > best[1] and matcher.quick_ratio() > best[1]:
                best = max(best, (owner, matcher.ratio()), key=lambda found: found[1])
        return best


class _Stemmer(Protocol):
    def stemWords(self, words: list[str]) -> list[str]: ...  # noqa: N802 - PyStemmer's name


class _Scorer(Protocol):
    def index(self, corpus: list[list[str]], *, show_progress: bool) -> None: ...
    def get_scores(self, query_tokens_single: list[str]) -> Floats: ...


class Bm25:
    """The wording with the highest BM25 score over stems (bm25s)."""

    def __init__(self, wordings: Wordings) -> None:
        self._owners = [owner for owner, _ in wordings]
        # PyStemmer carries no types.
        stemmer = cast("_Stemmer", Stemmer.Stemmer("english"))  # pyright: ignore[reportUnknownMemberType]
        self._stemmer = stemmer
        self._scorer = cast("_Scorer", bm25s.BM25())
        self._scorer.index([self._stems(wording) for _, wording in wordings], show_progress=False)

    def _stems(self, text: str) -> list[str]:
        return self._stemmer.stemWords(words(text))

    def find(self, question: str) -> Found:
        """Return the entry of the best wording."""
        stems = self._stems(question)
        scores = self._scorer.get_scores(stems) if stems else np.zeros(1, dtype=np.float32)
        best = int(scores.argmax())
        return self._owners[best], float(scores[best])


class _Sparse(Protocol):
    @property
    def T(self) -> _Sparse: ...  # noqa: N802 - scipy's name
    def __matmul__(self, other: _Sparse) -> _Sparse: ...
    def toarray(self) -> Floats: ...


class _Vectorizer(Protocol):
    def fit_transform(self, raw_documents: list[str]) -> _Sparse: ...
    def transform(self, raw_documents: list[str]) -> _Sparse: ...


class Tfidf:
    """The wording with the highest cosine of TF-IDF vectors (scikit-learn)."""

    def __init__(self, wordings: Wordings, analyzer: str, reach: tuple[int, int]) -> None:
        self._owners = [owner for owner, _ in wordings]
        vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=reach, sublinear_tf=True)
        self._vectorizer = cast("_Vectorizer", vectorizer)
        self._columns = self._vectorizer.fit_transform([wording for _, wording in wordings]).T

    def find(self, question: str) -> Found:
        """Return the entry of the best wording."""
        scores = (self._vectorizer.transform([question]) @ self._columns).toarray()[0]
        best = int(scores.argmax())
        return self._owners[best], float(scores[best])


def wratio(wordings: Wordings) -> Method:
    """Return rapidfuzz's `WRatio`."""
    return Fuzzy(wordings, fuzz.WRatio)


def token_set_ratio(wordings: Wordings) -> Method:
    """Return rapidfuzz's `token_set_ratio`."""
    return Fuzzy(wordings, fuzz.token_set_ratio)


def tfidf_characters(wordings: Wordings) -> Method:
    """Return TF-IDF over characters inside words, three to five at a time."""
    return Tfidf(wordings, "char_wb", (3, 5))


def tfidf_words(wordings: Wordings) -> Method:
    """Return TF-IDF over words and pairs of neighbours."""
    return Tfidf(wordings, "word", (1, 2))


TFIDF_CHARACTERS: Final = "TF-IDF, characters 3-5"
TFIDF_WORDS: Final = "TF-IDF, words"
DIFFLIB: Final = "difflib"
OTHERS: Final[Mapping[str, Callable[[Wordings], Method]]] = {
    "rapidfuzz WRatio": wratio,
    "rapidfuzz token_set_ratio": token_set_ratio,
    DIFFLIB: Difflib,
    "BM25 (bm25s)": Bm25,
    TFIDF_CHARACTERS: tfidf_characters,
    TFIDF_WORDS: tfidf_words,
}
"""What ours is compared with, by name."""
