"""What every value read from the FAQ has in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def readable(text: str) -> str:
    """Return a text that holds something to read.

    Raises:
        ValueError: if it does not.

    """
    if not any(character.isalnum() for character in text):
        raise ValueError("nothing_to_read")
    return text


Text: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(readable)
]
Sentence: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000),
    AfterValidator(readable),
]


class Record(BaseModel):
    """A value read from the FAQ: closed, and never changed after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")
