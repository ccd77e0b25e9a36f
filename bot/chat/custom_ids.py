"""What a button or a menu does, written into its custom id, so that nothing has to remember it.

A custom id looks like `faq:show:what-is-ahsct`. Discord keeps it for as long as the message
stands: through restarts, and after the entry was edited or deleted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CUSTOM_ID_LIMIT: Final = 100
"""Characters Discord takes."""


class Act(StrEnum):
    """What a press asks for."""

    SHOW = "show"
    """An entry."""
    MORE = "more"
    """The whole of an answer of which the beginning is shown."""
    SHARE = "share"
    """The answer, for everyone in the channel."""
    NONE = "none"
    """That none of the choices was meant."""
    TOPIC = "topic"
    """The entries of a topic."""
    SOURCES = "sources"
    """A page of the list of sources."""
    HELPFUL = "helpful"
    """To count that an answer, of the version `number`, was helpful."""
    UNHELPFUL = "unhelpful"
    """To be asked why it was not; what follows are the reasons."""
    NOT_MY_QUESTION = "not-mine"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    WRONG = "wrong"
    SEND = "send"
    """The form that sends a question to the moderators."""
    SEND_ANYWAY = "send-anyway"
    """To pass on what was typed, although it sounds like danger."""


_ACTS: Final = "|".join(Act)
_TARGET: Final = r"(?P<name>[a-z0-9-]*)(?:\.(?P<number>\d{1,20}))?"
BUTTON: Final = re.compile(rf"faq:(?P<act>{_ACTS}):{_TARGET}")
MENU: Final = re.compile(rf"faq-menu:(?P<act>{_ACTS}):{_TARGET}")


@dataclass(frozen=True, slots=True)
class Press:
    """What was asked for.

    `name` is the id of an entry or a topic, `number` a message, a page or a version.
    """

    act: Act
    name: str = ""
    number: int | None = None

    @property
    def on_a_button(self) -> str:
        """The custom id of a button that asks for it, at most CUSTOM_ID_LIMIT characters."""
        return f"faq:{self._target}"

    @property
    def on_a_menu(self) -> str:
        """The custom id of a menu; what is picked takes the place of `name`."""
        return f"faq-menu:{self._target}"

    @property
    def _target(self) -> str:
        number = "" if self.number is None else f".{self.number}"
        return f"{self.act}:{self.name}{number}"

    @classmethod
    def of(cls, match: re.Match[str]) -> Press:
        """Return what a custom id that BUTTON or MENU matched asks for."""
        number = match["number"]
        return cls(Act(match["act"]), match["name"], None if number is None else int(number))
