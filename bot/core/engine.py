"""Everything that answers questions, built from one FAQ and swapped as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering import Answerer, Considered
from bot.core.fitting import fit
from bot.core.lexicon import Lexicon, count
from bot.core.listening import Listener
from bot.core.matcher import Matcher
from bot.core.screening import Screener, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.faq import Faq
    from bot.core.fitting import Index
    from bot.core.listening import Learned
    from bot.core.remembering import Remembered


@dataclass(frozen=True, slots=True)
class Engine:
    """One FAQ, ready to answer. Never changed: a new FAQ makes a new engine."""

    faq: Faq
    index: Index
    screener: Screener
    matcher: Matcher
    answerer: Answerer

    @classmethod
    def of(
        cls,
        faq: Faq,
        learned: Learned | None,
        index: Index | None = None,
        remembered: Remembered | None = None,
    ) -> Engine:
        """Build the engine of `faq`.

        `learned` is what the listener learned, `index` what `fit` returned for the same FAQ
        before; without it the index is built now, from what is `remembered` of an FAQ like it.
        """
        if remembered is not None:
            remembered.begin(faq.words)
        counts = index.counts if index else count(faq.words, _texts(faq), remembered)
        lexicon = Lexicon(faq.words, counts, faq.ordinary_words)
        index = index or fit(faq, lexicon, counts, remembered)
        screener = Screener(faq.screening, lexicon, faq.calibration, Listener(learned))
        matcher = Matcher(faq, lexicon, index)
        return cls(faq, index, screener, matcher, Answerer(faq, lexicon, screener, matcher))

    def consider(
        self, question: str, context: str | None = None, *, whole: bool = True
    ) -> Considered:
        """Return what `question` deserves; `context` is the id of the entry shown before.

        Unless `whole`, no entries are looked up where danger is heard.
        """
        return self.answerer.consider(question, context, whole=whole)


def _texts(faq: Faq) -> Iterator[str]:
    for entry in faq.entries:
        yield from entry.wordings()
        yield entry.answer
    yield from spoken(faq.screening)
