"""What an editor typed and has not published: kept in memory, for minutes, and never for long."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.chat.editing.parts import Kind
    from bot.core.changes import Change

KEPT: Final = 15 * 60.0
"""Seconds."""
_OF_ONE_EDITOR: Final = 5
_IN_ALL: Final = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """Changes on their way, and where they began."""

    editor: int
    kind: Kind
    entry: str
    """The id of the entry; for an import, what was uploaded."""
    changes: tuple[Change, ...]
    before: Mapping[str, str | None]
    """File → the text the editor began from; None for a new file."""
    start: str | None = None
    """The text of the entry's file that what was typed is put into."""
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Field of a form → what was typed there, where it differs from the start."""
    part: str = ""
    """The form that was filled in last."""
    needs_two: bool = False
    """Whether it is about treatment."""
    question: int | None = None
    """The question in the inbox that it answers."""

    @property
    def differing(self) -> tuple[Change, ...]:
        """The changes that change anything."""
        return tuple(one for one in self.changes if one.text != self.before.get(one.file))


class Drafts:
    """The newest drafts of each editor. Each is called by a name that no other ever had."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Draft]] = {}

    def keep(self, draft: Draft, instead_of: str = "") -> str:
        """Keep a draft in the place of an older one; return what it is called.

        A preview shows one draft and no other: its buttons end with it.
        """
        self._kept.pop(instead_of, None)
        name = secrets.token_hex(4)
        self.put_back(name, draft)
        return name

    def put_back(self, name: str, draft: Draft) -> None:
        """Keep a draft under the name it had."""
        self._forget_old()
        self._kept[name] = (self._clock(), draft)
        own = [one for one, (_, kept) in self._kept.items() if kept.editor == draft.editor]
        for one in [*own[:-_OF_ONE_EDITOR], *list(self._kept)[:-_IN_ALL]]:
            self._kept.pop(one, None)

    def find(self, name: str, editor: int) -> Draft | None:
        """Return an editor's own draft; None if it is gone, or somebody else's."""
        self._forget_old()
        found = self._kept.get(name)
        return found[1] if found is not None and found[1].editor == editor else None

    def drop(self, name: str) -> None:
        """Forget a draft."""
        self._kept.pop(name, None)

    def __len__(self) -> int:
        """Return how many are kept."""
        self._forget_old()
        return len(self._kept)

    def _forget_old(self) -> None:
        until = self._clock() - KEPT
        for name in [one for one, (at, _) in self._kept.items() if at < until]:
            del self._kept[name]
