"""What could be read of a FAQ, and where each part of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.content.problems import Problem
from bot.core import text as text_rules
from bot.core.faq import Entry
from bot.core.room import SOURCES_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.content.yamlread import Path, Tree
    from bot.core.faq import FixedText, Lists, Rule, Screening, Source, Talk, Wording, Words

_LISTS: Final = "lists.yaml"
_SCREENING: Final = ("urgent.yaml", "advice.yaml")


@dataclass(frozen=True, slots=True)
class Parts:
    """What could be read of a FAQ; None stands for a file that could not."""

    entries: tuple[Entry, ...]
    ids: frozenset[str]
    """Of all entries, those that could not be read included."""
    sources: tuple[Source, ...] | None
    claims: Mapping[str, str] | None
    words: Words | None
    wording: Wording | None
    talk: Talk | None
    lists: Lists | None
    urgent: Screening | None
    advice: Screening | None

    def screening(self) -> Iterator[tuple[str, Screening]]:
        """Yield each file of the screening that could be read, with its name."""
        for file, screening in zip(_SCREENING, (self.urgent, self.advice), strict=True):
            if screening is not None:
                yield file, screening

    def lists_of_words(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield each list that phrases may name: its file, its name, and what stands in it.

        A list may name those that come before it.
        """
        shared = [(_LISTS, self.lists)] if self.lists is not None else []
        for file, part in (*shared, *self.screening()):
            for name, phrases in part.lists.items():
                yield file, name, phrases

    @property
    def knows_shared_lists(self) -> bool:
        """Whether the files could be read whose lists all rules may use."""
        return self.lists is not None and self.urgent is not None

    def rules(self) -> Iterator[tuple[str, int, Rule]]:
        """Yield each rule of the screening with its file and its place there."""
        for file, screening in self.screening():
            for number, rule in enumerate(screening.rules):
                yield file, number, rule


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member may be shown, an entry or a fixed text, and where its parts stand."""

    file: str
    path: Path
    of: Entry | FixedText
    beside: int = 0
    """Characters of what changes from page to page and stands beside the text."""

    @property
    def title(self) -> str:
        """The question of an entry, the heading of a fixed text."""
        return self.of.question if isinstance(self.of, Entry) else self.of.title

    @property
    def text(self) -> tuple[str, str]:
        """The name under which the text stands, and the text."""
        if isinstance(self.of, Entry):
            return "answer", self.of.answer
        return "text", self.of.text

    @property
    def others(self) -> tuple[str, tuple[str, ...]]:
        """The name under which other entries stand, and their ids."""
        if isinstance(self.of, Entry):
            return "related", self.of.related
        return "offer", self.of.offer


@dataclass(frozen=True, slots=True)
class Whole:
    """All parts of a FAQ together, to be held against each other."""

    parts: Parts
    trees: Mapping[str, Tree]
    today: date
    complete: bool
    """Whether every text could be read, so that what none of them uses is unused."""

    def at(self, file: str, path: Path, what: str, instead: str) -> Problem:
        """Return a problem with the part of `file` at `path`."""
        return Problem(file, self.trees[file].line(path), what, instead)

    def in_reply(self, reply: Reply, path: Path, what: str, instead: str) -> Problem:
        """Return a problem with the part of `reply` at `path`."""
        return self.at(reply.file, (*reply.path, *path), what, instead)

    def replies(self) -> Iterator[Reply]:
        """Yield everything a member may be shown: entries, then fixed texts."""
        for entry in self.parts.entries:
            yield Reply(file_of(entry), (), entry)
        wording = self.parts.wording
        for name in ("choices", "declined", "guarded") if wording else ():
            yield Reply("wording.yaml", (name,), getattr(wording, name))
        talk = self.parts.talk
        for name in ("browse", "sources", "help", "about", "privacy") if talk else ():
            beside = SOURCES_PAGE if name == "sources" else 0
            yield Reply("discord.yaml", (name,), getattr(talk, name), beside)
        for file, number, rule in self.parts.rules():
            if rule.reply is not None:
                yield Reply(file, ("rules", number, "reply"), rule.reply)


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return what two spellings of a moderator's text have in common; never of a member's."""
    return text_rules.plain(text)


def file_of(entry: Entry) -> str:
    """Return where an entry stands, relative to the FAQ's folder."""
    return f"entries/{entry.topic}/{entry.id}.md"
