"""What members are asked, and what they are told when they tell something (`discord.yaml`)."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, StringConstraints

from bot.core.record import Record, Sentence, readable

QUESTION_KEPT: Final = 1_000
"""Characters of a question that a member sends to the moderators."""
DAYS_KEPT: Final = 30
"""Days after which it is deleted, whatever became of it."""

Few: TypeAlias = Annotated[
    str,
    # As much as Discord shows above a form and its fields.
    StringConstraints(strip_whitespace=True, min_length=1, max_length=45),
    AfterValidator(readable),
]


class Feedback(Record):
    """About the answers."""

    helpful: Few
    """Stands above the two buttons below an answer."""
    reasons: Sentence
    """Stands above the reasons why an answer was not helpful."""
    thanks: Sentence
    off: Sentence
    """The managers of the server have switched this off, and an older button was pressed."""


class Sending(Record):
    """About a question that no entry answers, and the form that sends it to the moderators."""

    title: Few
    label: Few
    """Stands above the field for the question."""
    told: Sentence
    """What is kept, for how long, and what to leave out; stands in the form."""
    sent: Sentence
    full: Sentence
    """Too many questions wait already."""
    failed: Sentence
    """It could not be kept."""
    danger: Sentence
    """What was typed sounds like danger: it was not passed on. Stands above the help."""
