"""The inbox of the editors: what members sent, what the bot says to it now, and what to do."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.chat.buttons import CHOICE_LIMIT, fitting
from bot.chat.editing import deciding, forms
from bot.chat.editing.composing import composed, file_of, find_entry, values_of
from bot.chat.editing.custom_ids import Step, Use
from bot.chat.editing.drafts import Draft
from bot.chat.editing.forms import picked_in
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.parts import Kind
from bot.chat.editing.speaking import Page, button, change_page, menu, plain, present, think
from bot.chat.feedback.parts import KeepingError
from bot.chat.sending import once_more
from bot.chat.showing import tell
from bot.core.changes import Change
from bot.core.evaluation import name_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Home
    from bot.chat.feedback.parts import Questions, Waiting
    from bot.core.answering import Considered

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_ID: Final = re.compile(r"inbox:([a-z]+):(\d{0,18})")
_LISTED: Final = 10
_IN_A_LINE: Final = 200
_NEAR: Final = 25
_QUESTION: Final = 200
"""Characters of the question of an entry."""
_OFF: Final = "This bot keeps no questions: it runs without a database."
_NOT_NOW: Final = (
    "My database does not answer, so nothing was done. Please try again in a minute; if it keeps "
    "happening, tell whoever runs the bot."
)
_GONE: Final = "That question is gone: an editor has dealt with it, or its 30 days are over."
_TOLD: Final = (
    "A member typed this and wanted you to read it; who it was is kept nowhere. It is deleted "
    "after 30 days, when what you make of it is published, or when you say it is dealt with."
)


def is_inbox(custom_id: str) -> bool:
    """Whether a custom id is one of the inbox's."""
    found = _ID.fullmatch(custom_id)
    return found is not None and found[1] in _STEPS


async def open_inbox(desk: EditingDesk, interaction: Interaction, _home: Home) -> None:
    """List what waits, the oldest first."""
    questions = _questions(interaction)
    await think(interaction)
    try:
        waiting = await questions.waiting()
    except KeepingError:
        await tell(interaction, _NOT_NOW)
        return
    page = Page("Questions that members sent")
    page.say(_TOLD if waiting else "None waits.")
    for one in waiting[:_LISTED]:
        # One at a time, so that members' questions are answered in between.
        await asyncio.sleep(0)
        now = _outcome(desk.library.engine.consider(one.text))
        text = plain(fitting(" ".join(one.text.split()), _IN_A_LINE))
        page.say(f"**{one.number}**, {one.received.isoformat()}: {text}\nNow: {now}")
    if len(waiting) > _LISTED:
        page.say(f"These are the {_LISTED} oldest of {len(waiting)}.")
    if waiting:
        options = [
            (str(one.number), fitting(f"{one.number}: {one.text}", CHOICE_LIMIT)) for one in waiting
        ]
        page.row(menu(_id("look"), options, "Look at one"))
    await present(interaction, page)


async def use(desk: EditingDesk, interaction: Interaction, home: Home, custom_id: str) -> None:
    """Answer a press or a pick in the inbox."""
    found = _ID.fullmatch(custom_id)
    if found is None:
        return
    picked = picked_in(interaction)
    number = int(found[2] or (picked[0] if picked and picked[0].isdigit() else 0))
    questions = _questions(interaction)
    try:
        waiting = await questions.get(number)
        if waiting is None:
            raise RefusedError(_GONE)
        await _STEPS[found[1]](desk, interaction, home, waiting)
    except KeepingError:
        await tell(interaction, _NOT_NOW)


async def _look(desk: EditingDesk, interaction: Interaction, _home: Home, waiting: Waiting) -> None:
    page = Page(f"Question {waiting.number}")
    page.quote(f"Sent on {waiting.received.isoformat()}", waiting.text, "question.txt")
    page.say(f"**Now:** {_outcome(desk.library.engine.consider(waiting.text))}")
    page.row(
        button("Add it as a wording of an entry", _id("wording", waiting.number)),
        button("Draft a new entry", _id("new", waiting.number)),
        button("Dealt with: delete it", _id("close", waiting.number)),
    )
    await present(interaction, page)


def _outcome(considered: Considered) -> str:
    found = [one.entry.id for one in considered.candidates[:2]]
    near = f" (nearest: {', '.join(map(plain, found))})" if found else ""
    return f"{name_of(considered.outcome)}{near}"


async def _wording(
    desk: EditingDesk, interaction: Interaction, _home: Home, waiting: Waiting
) -> None:
    near = desk.library.engine.matcher.nearest(waiting.text, _NEAR)
    options = [(one.id, fitting(one.question, CHOICE_LIMIT)) for one in near]
    page = Page(f"Question {waiting.number}: of which entry?")
    if options:
        page.say("The nearest come first. You see what would come of it before anything changes.")
        page.row(menu(_id("entry", waiting.number), options, "Choose the entry it asks for"))
    else:
        page.say("No entry is near. Use `/faq edit` to add it to one, or draft a new entry.")
    await present(interaction, page)


async def _entry(desk: EditingDesk, interaction: Interaction, home: Home, waiting: Waiting) -> None:
    entry = find_entry(desk.library, picked_in(interaction)[0])
    file = file_of(entry)
    text = desk.library.text(file)
    asked = "\n".join(filter(None, (values_of(text).get("also_asked"), _one_line(waiting))))
    draft = Draft(
        editor=interaction.user.id,
        kind=Kind.EDIT,
        entry=entry.id,
        changes=(Change(file, text),),
        before={file: text},
        start=text,
        typed={"also_asked": asked},
        part="asked",
        question=waiting.number,
    )
    draft = composed(desk.library, draft)
    await think(interaction)
    await deciding.offer(desk, interaction, home, draft)


async def _new(desk: EditingDesk, interaction: Interaction, _home: Home, waiting: Waiting) -> None:
    page = Page(f"Question {waiting.number}: a new entry")
    topics = desk.library.engine.faq.talk.topics.items()
    page.row(menu(_id("topic", waiting.number), topics, "Choose where it belongs"))
    page.say("Once the new entry is published, the question leaves the inbox by itself.")
    await present(interaction, page)


async def _topic(
    desk: EditingDesk, interaction: Interaction, _home: Home, waiting: Waiting
) -> None:
    topic = picked_in(interaction)[0]
    asked = _one_line(waiting)
    values = {"question": asked if len(asked) <= _QUESTION else "", "also_asked": asked}
    new = Use(Step.FORM, forms.NEW, topic, str(waiting.number))
    form = forms.form(forms.NEW, desk.library.engine.faq, values, new.custom_id)
    await once_more(lambda: interaction.response.send_modal(form))


async def _close(
    _desk: EditingDesk, interaction: Interaction, _home: Home, waiting: Waiting
) -> None:
    if not await _questions(interaction).close(waiting.number):
        raise RefusedError(_GONE)
    page = Page(f"Question {waiting.number} is deleted")
    page.say("`/faq inbox` shows what else waits.")
    await change_page(interaction, page)


def _one_line(waiting: Waiting) -> str:
    return " ".join(waiting.text.split())


def _questions(interaction: Interaction) -> Questions:
    feedback = interaction.client.feedback
    if feedback is None:
        raise RefusedError(_OFF)
    return feedback.questions


def _id(step: str, number: int | None = None) -> str:
    return f"inbox:{step}:{'' if number is None else number}"


_Step: TypeAlias = "Callable[[EditingDesk, Interaction, Home, Waiting], Awaitable[None]]"
_STEPS: Final[Mapping[str, _Step]] = {
    "look": _look,
    "wording": _wording,
    "entry": _entry,
    "new": _new,
    "topic": _topic,
    "close": _close,
}
