"""When two spellings are the same: folding, and cutting a text into words.

Everything the bot compares goes through `fold` and `words`, so that a wording in a file and a
question typed on a phone meet in one form.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 4_000
"""The longest text a Discord message can hold; what lies beyond is not read."""

_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "＇": "'", "“": '"', "”": '"', "½": ".5"}
)
# A number with its decimals, or letters that may end in digits ("b12"); "500mg" is two words.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*\d*")
_WORD_WITH_MARKS = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]|\uFFF0)+(?:'[^\W\d_]+)*\d*")
_REPEATED = re.compile(r"(.)\1{2,}")
_ALPHABETS_WITH_LOOSE_MARKS = ("LATIN", "GREEK", "CYRILLIC")


def fold(text: str) -> str:
    """Return `text` without differences of case, width, accents and ornament.

    Idempotent for any text. Vowel signs of Indic and other scripts are kept, since without them
    the words are others; accents over Latin, Greek and Cyrillic letters are dropped ("naïve",
    "Zalgo").
    """
    if text.isascii():
        return text.lower()
    text = text.translate(_PUNCTUATION)
    # Twice: folding "İ" leaves combining marks out of order, and fold() must be idempotent.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    bare = _without_loose_marks(folded)
    # Dropping a mark can leave letters that compose or fold anew (a long s under a mark).
    again = unicodedata.normalize("NFKC", bare).casefold().translate(_PUNCTUATION)
    return again if again == text else fold(again)


def _without_loose_marks(text: str) -> str:
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        category = "" if character.isascii() else unicodedata.category(character)
        if category == "Cf" or (category == "Mn" and _is_loose_on(kept)):
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _is_loose_on(kept: list[str]) -> bool:
    base = next((c for c in reversed(kept) if not _is_mark(c)), " ")
    if not base.isalpha():
        return True
    return unicodedata.name(base, "").startswith(_ALPHABETS_WITH_LOOSE_MARKS)


def words(text: str) -> list[str]:
    """Cut `text` into folded words: letters (with inner apostrophes), or one number with decimals.

    Reads `MAX_CHARACTERS` characters at most. Signs, emoji and punctuation are no words, but a
    percent sign is ("percent"), since "5 %" and "5" are asked about differently.
    """
    folded = fold(text[:MAX_CHARACTERS]).replace("%", " percent ").replace("°", " ")
    if folded.isascii():
        return _WORD.findall(folded)
    marked = re.sub(r"[\u0300-\u036f]", "", folded)
    placeholder = "".join("\ufff0" if _is_mark(c) else c for c in marked)
    return [marked[m.start() : m.end()] for m in _WORD_WITH_MARKS.finditer(placeholder)]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def squeeze(word: str) -> str:
    """Return `word` with letters drawn out three times or more written once ("sooo" → "so")."""
    return _REPEATED.sub(r"\1", word)


def plain(text: str) -> str:
    """Return the words of `text` joined by spaces: equal for two wordings that read the same."""
    return " ".join(words(text))
