"""Labelled questions: what a member asked, and what must come of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.core.faq import MESSAGE_LIMIT, Record, Slug, Text


class Must(StrEnum):
    """What a case says has to happen to its question."""

    ANSWER = "answer"
    OFFER = "offer"
    DECLINE = "decline"
    URGENT = "urgent"
    CRISIS = "crisis"
    GUARD = "guard"
    CALM = "calm"
    GENERAL = "general"

    @property
    def is_kept_by_calm(self) -> bool:
        """Whether it is kept as soon as no alarm is raised, whatever entries are found."""
        return self in {Must.CALM, Must.GENERAL}


class Case(Record):
    """One labelled question: what a member asked, and what must come of it."""

    ask: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)]
    must: Must
    entry: Slug | None = None
    entries: tuple[Slug, ...] = ()
    or_: Annotated[tuple[Slug, ...], Field(alias="or")] = ()
    after: Slug | None = None
    why: Text | None = None
    kind: Slug | None = None

    def right(self) -> frozenset[str]:
        """Return the ids of the entries that would be a right answer."""
        single = () if self.entry is None else (self.entry,)
        return frozenset((*single, *self.entries, *self.or_))
