"""An entry survives being written to a file and read back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.content.entry_file import entry_text
from bot.content.parts import file_of
from bot.content.reading import Reader
from bot.content.snapshot import Snapshot
from bot.content.yamlread import INVISIBLE
from bot.core.faq import Advice, Entry, Phrasing, Text
from tests.conftest import FAQ

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.faq import Faq


def fits(adapter: TypeAdapter[str]) -> Callable[[str], bool]:
    def is_as_it_is(text: str) -> bool:
        try:
            return adapter.validate_python(text) == text and INVISIBLE.search(text) is None
        except ValidationError:
            return False

    return is_as_it_is


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
awkward = st.text(st.sampled_from("ab1 :#-?!'\"\\[]{},&*|>%@`~=\n\té"), min_size=1, max_size=20)
phrasings = st.one_of(words, awkward).map(str.strip).filter(fits(TypeAdapter(Phrasing)))
slugs = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)
answers = st.one_of(words, awkward, st.lists(words, max_size=4).map("\n\n---\n\n".join))

entries = st.builds(
    Entry,
    id=st.just("an-entry"),
    topic=st.just("topic"),
    question=phrasings,
    also_asked=st.lists(phrasings, min_size=8, max_size=12).map(tuple),
    evidence=slugs,
    sources=st.lists(slugs, min_size=1, max_size=3).map(tuple),
    claims=st.lists(st.from_regex(r"A[0-9]{2}", fullmatch=True), max_size=3).map(tuple),
    advice=st.sampled_from(Advice),
    related=st.lists(slugs, max_size=3).map(tuple),
    reviewed=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    answer=answers.map(str.strip).filter(fits(TypeAdapter(Text))),
)


def read(text: str) -> Entry:
    path = FAQ / "entries/topic/an-entry.md"
    snapshot = Snapshot(FAQ, files={path: (text.encode(), [])})
    reader = Reader(snapshot)
    found = reader.entries([path])
    assert found, (reader.problems, text)
    return found[0]


@given(entries)
def test_any_entry_is_read_back_as_it_was(entry: Entry) -> None:
    assert read(entry_text(entry)) == entry


def test_the_shipped_entries_are_written_as_their_moderators_wrote_them(faq: Faq) -> None:
    for entry in faq.entries:
        written = (FAQ / file_of(entry)).read_text(encoding="utf-8")
        # But for quotes: theirs may stand where none are needed.
        assert unquoted(entry_text(entry)) == unquoted(written)


def unquoted(text: str) -> str:
    return text.replace('"', "").replace("\\", "")
