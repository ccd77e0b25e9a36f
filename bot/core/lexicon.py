"""What the words of a question are: opened, repaired, stemmed, and joined with their synonyms.

Repair follows the measured design: a word of four letters or more that neither the FAQ nor the
list of ordinary English words knows becomes the nearest word of the FAQ, within one edit, or two
from six letters on (Damerau-Levenshtein, optimal string alignment).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.text import squeeze, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.core.faq import Words
    from bot.core.remembering import Remembered

_REPAIRED_FROM_LENGTH: Final = 4
_TWO_EDITS_FROM_LENGTH: Final = 6
_SPLIT_FROM_LENGTH: Final = 6
_SHORTEST_PART: Final = 3
_MOST_REPAIRS: Final = 24
"""Unknown words repaired in one question; beyond that it is no question in English."""
_REMEMBERED: Final = 4_000
"""Unknown words whose repair is kept."""
_TERMS_REMEMBERED: Final = 16_000
"""Words whose terms are kept: the 5,000 of the FAQ, and what its members say besides."""


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning in a question: a word, or several words that stand for one thing."""

    feature: str
    """The stem, or `=name` of the group of synonyms."""
    shown: str
    """The words as repaired, for `because`."""
    stems: tuple[str, ...]
    known: bool
    """Whether the FAQ uses it."""
    plain: bool
    """Whether it is a word of the FAQ or of ordinary English."""
    small: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the bot understands its words."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    terms: tuple[Term, ...]
    repairs: tuple[tuple[str, str], ...]
    """What was typed, and the word of the FAQ it was taken for."""


class Lexicon:
    """The language of one FAQ.

    `counts` says how often the FAQ uses each word, as `count` returns it; `ordinary` are English
    words that are no misspelling.
    """

    def __init__(
        self, language: Words, counts: Mapping[str, int], ordinary: frozenset[str]
    ) -> None:
        # PyStemmer carries no types.
        self._stem_words: Callable[[list[str]], list[str]] = Stemmer.Stemmer("english").stemWords  # pyright: ignore[reportUnknownMemberType]
        self._short = _short_forms(language)
        self._small = frozenset(w for phrase in language.small_words for w in words(phrase))
        self._counts = counts
        self._words = ordinary.union(counts, self._short)
        self._groups = PhraseTrie(
            (self.stem(words(phrase)), f"={name}")
            for name, phrases in language.same_meaning.items()
            for phrase in phrases
        )
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        for word in sorted({*counts, *self._short}):
            if len(word) >= _REPAIRED_FROM_LENGTH and word.isalpha():
                self._by_start[word[0], len(word)].append(word)
                self._by_rest[word[1:]].append(word)
        self._remembered: dict[str, str] = {}
        self._lone_terms: dict[str, Term] = {}

    def stem(self, read: Sequence[str]) -> tuple[str, ...]:
        """Return the stems of folded words (Snowball, English)."""
        return tuple(self._stem_words(list(read)))

    def knows(self, word: str) -> bool:
        """Whether the FAQ uses this folded word."""
        return word in self._counts

    def stems_of(self, text: str) -> tuple[str, ...]:
        """Return the stems of a phrase of the FAQ's own, short forms opened."""
        return self.stem(_opened(words(text), self._short))

    def read(self, text: str) -> Reading:
        """Return how the bot understands `text`; never raises, whatever the text."""
        repairs: list[tuple[str, str]] = []
        found = words(text)
        # Words that are all known hold nothing to join or to repair.
        if not self._words.issuperset(found):
            found = self._repaired(self._joined(found), repairs)
        return self._reading(found, tuple(repairs))

    def plain_reading(self, text: str) -> Reading:
        """Return the reading of a text that needs no repair: one of the FAQ's own."""
        return self._reading(words(text), ())

    def _reading(self, read: Sequence[str], repairs: tuple[tuple[str, str], ...]) -> Reading:
        opened = tuple(_opened(read, self._short))
        lone = tuple(self._lone_terms.get(word) or self._lone(word) for word in opened)
        stems = tuple(term.stems[0] for term in lone)
        return Reading(opened, stems, self._grouped(opened, stems, lone), repairs)

    def _joined(self, read: list[str]) -> list[str]:
        joined: list[str] = []
        for word in read:
            if (
                joined
                and not (joined[-1] in self._words and word in self._words)
                and len(joined[-1] + word) >= _SPLIT_FROM_LENGTH
                and self._counts.get(joined[-1] + word, 0) > 0
            ):
                joined[-1] += word
            else:
                joined.append(word)
        return joined

    def _repaired(self, read: list[str], repairs: list[tuple[str, str]]) -> list[str]:
        result: list[str] = []
        for word in read:
            if word in self._words or "'" in word or len(repairs) >= _MOST_REPAIRS:
                result.append(word)
                continue
            repaired = self._repair(word)
            if repaired != word:
                repairs.append((word, repaired))
            result.extend(repaired.split(" "))
        return result

    def _repair(self, word: str) -> str:
        if word not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = self._nearest(word)
        return self._remembered[word]

    def _nearest(self, word: str) -> str:
        short = squeeze(word)
        if short != word and short in self._words:
            return short
        if len(word) < _REPAIRED_FROM_LENGTH or not short.isalpha() or not short.isascii():
            return word
        edits = 2 if len(short) >= _TWO_EDITS_FROM_LENGTH else 1
        found = self._within(short, 1) or self._split(short)
        if not found and edits > 1:
            found = self._within(short, edits)
        return found or word

    def _within(self, word: str, edits: int) -> str:
        near: list[tuple[float, bool, int, str]] = []
        for known, distance, _ in process.extract(
            word, self._alike(word, edits), scorer=OSA.distance, score_cutoff=edits, limit=None
        ):
            near.append((distance, known[0] != word[0], -self._counts.get(known, 0), known))
        return min(near)[3] if near else ""

    def _alike(self, word: str, edits: int) -> list[str]:
        """Return the words that may be so many edits from `word`, of two with its first letter."""
        starts, alike = {word[0]}, list[str]()
        if edits == 1:
            # One edit gives another first letter by leaving it out, by exchanging it with the
            # second, by putting one in front, or by putting another in its place.
            starts.update(word[1:2])
            for rest in (word, word[1:]):
                alike += [one for one in self._by_rest.get(rest, ()) if one[0] not in starts]
        for start in starts:
            for length in range(len(word) - edits, len(word) + edits + 1):
                alike += self._by_start.get((start, length), ())
        return alike

    def _split(self, word: str) -> str:
        if len(word) < _SPLIT_FROM_LENGTH:
            return ""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            left, right = word[:cut], word[cut:]
            if self._counts.get(left, 0) > 1 and self._counts.get(right, 0) > 1:
                return f"{left} {right}"
        return ""

    def _grouped(
        self, read: Sequence[str], stems: Sequence[str], lone: tuple[Term, ...]
    ) -> tuple[Term, ...]:
        """Return `lone`, but one term each for the words that stand for one thing together."""
        terms: list[Term] = []
        done = 0
        for at, length, name in self._groups.found(stems):
            behind = at + length
            terms += lone[done:at]
            terms.append(self._group(read[at:behind], stems[at:behind], name))
            done = behind
        return (*terms, *lone[done:])

    def _group(self, read: Sequence[str], stems: Sequence[str], name: str) -> Term:
        return Term(name, " ".join(read), tuple(stems), known=True, plain=True, small=False)

    def _lone(self, word: str) -> Term:
        if len(self._lone_terms) >= _TERMS_REMEMBERED:
            self._lone_terms.clear()
        known = word in self._counts
        plain, small = word in self._words, word in self._small
        [stem] = self._stem_words([word])
        term = Term(stem, word, (stem,), known=known, plain=plain, small=small)
        self._lone_terms[word] = term
        return term


def count(
    language: Words, texts: Iterable[str], remembered: Remembered | None = None
) -> dict[str, int]:
    """Return how often each word stands in `texts` and in the phrases of `language`."""
    short = _short_forms(language)
    counts: Counter[str] = Counter()

    def opened(text: str) -> list[str]:
        return _opened(words(text), short)

    for text in texts:
        counts.update(opened(text) if remembered is None else remembered.words.of(text, opened))
    for groups in (language.same_meaning, language.other_subjects, language.change_the_answer):
        for phrases in groups.values():
            counts.update({word for phrase in phrases for word in words(phrase)})
    return dict(counts)


def _short_forms(language: Words) -> dict[str, list[str]]:
    return {key: words(value) for key, value in language.short_forms.items()}


def _opened(read: Iterable[str], short: Mapping[str, list[str]]) -> list[str]:
    opened: list[str] = []
    for word in read:
        if word in short:
            opened.extend(short[word])
        elif "'" in word:
            # "my wife's", "what're": the owner or the asking word is what counts.
            opened.append(word.split("'", 1)[0])
        else:
            opened.append(word)
    return opened


class PhraseTrie:
    """Finds phrases (sequences of stems) in a text, each with the name it stands for."""

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], str]]) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._longest: dict[str, int] = {}
        for stems, name in phrases:
            if stems:
                self._names.setdefault(stems, name)
                self._longest[stems[0]] = max(self._longest.get(stems[0], 0), len(stems))

    def found(self, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield place, length and name of the phrases in `stems`: the longest from each place."""
        behind = 0
        for at, stem in enumerate(stems):
            if stem in self._longest and at >= behind:
                length, name = self._longest_at(stems, at)
                if length:
                    yield at, length, name
                    behind = at + length

    def _longest_at(self, stems: Sequence[str], at: int) -> tuple[int, str]:
        for length in range(self._longest[stems[at]], 0, -1):
            name = self._names.get(tuple(stems[at : at + length]))
            if name is not None:
                return length, name
        return 0, ""
