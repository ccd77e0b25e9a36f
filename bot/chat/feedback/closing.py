"""The question in the inbox that a change answers: once that is published, it is dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.feedback.parts import KeepingError

if TYPE_CHECKING:
    from bot.chat.client import FaqClient


async def close_question(client: FaqClient, number: int | None) -> str | None:
    """Delete a question from the inbox; return what is to be said of that, if anything."""
    feedback = client.feedback
    if number is None or feedback is None:
        return None
    try:
        is_closed = await feedback.questions.close(number)
    except KeepingError:
        return (
            f"**Question {number} still waits in the inbox:** my database did not answer. Please "
            "delete it there."
        )
    return f"Question {number} in the inbox is dealt with, and deleted." if is_closed else None
