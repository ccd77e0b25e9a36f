"""What a press, a pick or a filled form of an editor asks for, written into its custom id.

Nothing is remembered for it, so a form that was open while the bot restarted is understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.editing.parts import Home

_PREFIX: Final = "edit"
_PARTS: Final = 6


class Step(StrEnum):
    """What is asked for."""

    PART = "part"
    """A form for the part of an entry that was picked."""
    FORM = "form"
    """What was typed into a form."""
    AGAIN = "again"
    """The last form of a draft, with what was typed."""
    PUBLISH = "publish"
    DISCARD = "discard"
    LOOK = "look"
    """The preview of a proposal."""
    APPROVE = "approve"
    REJECT = "reject"
    DEED = "deed"
    """One change of an entry's history."""
    RESTORE = "restore"
    """The text from before a change."""
    ROLES = "roles"
    CHANNEL = "channel"
    TWO = "two"
    """When two people are needed."""


@dataclass(frozen=True, slots=True)
class Use:
    """What is asked for, and of what."""

    step: Step
    part: str = ""
    """A part of an entry, or what was picked."""
    entry: str = ""
    """The id of an entry, or the topic of a new one."""
    base: str = ""
    """The first characters of the version the form was filled with; of a new entry, the number of
    the question in the inbox that it answers."""
    number: str = ""
    """Of a draft, a proposal or a change."""

    @property
    def custom_id(self) -> str:
        """The custom id that asks for it; at most 100 characters, with an id of 60."""
        return f"{_PREFIX}:{self.step}:{self.part}:{self.entry}:{self.base}:{self.number}"

    @classmethod
    def of(cls, custom_id: str) -> Use | None:
        """Return what a custom id asks for; None if it is none of an editor's."""
        parts = custom_id.split(":")
        if len(parts) != _PARTS or parts[0] != _PREFIX or parts[1] not in set(Step):
            return None
        return cls(Step(parts[1]), *parts[2:])


@dataclass(frozen=True, slots=True)
class Asked:
    """A use by somebody who was let in: how their server is set up, and what they sent."""

    use: Use
    home: Home
    typed: Mapping[str, str]
    """Field of a form → what was typed there."""
    picked: tuple[str, ...]
    """What was picked in a menu."""

    @property
    def choice(self) -> str:
        """The one thing that was picked; empty if nothing was."""
        return self.picked[0] if self.picked else ""
