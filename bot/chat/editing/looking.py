"""Looking without changing: what a question gets and why, an entry's file, what is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.chat.custom_ids import Act, Press
from bot.chat.editing.composing import file_of, find_entry
from bot.chat.editing.speaking import Attached, Page, plain, present, present_card, think
from bot.core.evaluation import name_of

if TYPE_CHECKING:
    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.core.answering import Considered
    from bot.core.engine import Engine
    from bot.core.matcher import Candidate
    from bot.core.screening import Alarm

    Interaction: TypeAlias = discord.Interaction[FaqClient]

_REVIEW_AFTER: Final = timedelta(days=365)
_SOON: Final = timedelta(days=60)


async def test(desk: EditingDesk, interaction: Interaction, question: str) -> None:
    """Show what a member would get for a question, and how it came to that."""
    engine = desk.library.engine
    page = Page("What a member would get")
    named = engine.answerer.named(question)
    if named is not None:
        page.say(
            f"**Outcome:** answered with {plain(named.id)}, since that is its id or its question, "
            "letter by letter. What the search alone would say:"
        )
    _explain(page, engine, engine.consider(question))
    await present(interaction, page)
    served = interaction.client.desk.ask(question, share=Press(Act.SHARE))
    await present_card(interaction, served.card)


def _explain(page: Page, engine: Engine, considered: Considered) -> None:
    page.say(f"**Outcome:** {name_of(considered.outcome)}")
    page.tell(
        "Screening",
        [_alarm(alarm) for alarm in considered.alarms] or ["no alarm"],
        "screening.txt",
    )
    found = considered.candidates
    numbers = engine.faq.calibration
    if not found:
        page.say("**Candidates**\nnone: there is no word in it that the FAQ knows")
        return
    runner_up = plain(found[1].entry.id) if len(found) > 1 else "none"
    page.say(
        f"**Candidates** (answered from {numbers.answer_at:.2f}, offered from "
        f"{numbers.offer_at:.2f} for the first four together; runner-up: {runner_up})"
    )
    for place, candidate in enumerate(found, start=1):
        page.say(_candidate(place, candidate))


def _alarm(alarm: Alarm) -> str:
    words = f"by “{alarm.words}”" if alarm.words else "by the examples alone"
    return f"{alarm.rule.id} ({alarm.rule.harm}), {words}, {alarm.likely:.0%} likely"


def _candidate(place: int, candidate: Candidate) -> str:
    because = candidate.because
    numbers = f"confidence {candidate.confidence:.2f}, score {candidate.score:.3f}"
    lines = [
        f"{place}. **{plain(candidate.entry.id)}**: {numbers}",
        f"nearest wording: “{plain(because.wording)}”",
    ]
    if because.words:
        lines.append(f"words that counted: {plain(', '.join(because.words))}")
    if because.repaired:
        read = ", ".join(f"{typed} as {taken}" for typed, taken in because.repaired)
        lines.append(f"read: {plain(read[:200])}")
    if candidate.blocked_by:
        lines.append(f"blocked, since it does not speak of: {', '.join(candidate.blocked_by)}")
    return "\n".join(lines)


async def show(desk: EditingDesk, interaction: Interaction, named: str) -> None:
    """Show the file of an entry."""
    entry = find_entry(desk.library, named)
    file = file_of(entry)
    text = desk.library.text(file)
    page = Page(f"The file of {plain(entry.id)}")
    page.say(f"It stands in {plain(file)}.")
    if text is None:
        page.say("It is gone from there just now; members are still answered from it.")
    else:
        name = f"{entry.id}.md"
        page.quote("As it stands", text, name, "md")
        if not page.files:
            page.attach("As a file", Attached(name, text.encode()))
    await present(interaction, page)


async def check(desk: EditingDesk, interaction: Interaction) -> None:
    """Show every problem of the FAQ as it stands in its folder."""
    await think(interaction)
    trial = await desk.library.try_out(())
    page = Page("The check")
    if trial.faults:
        page.tell("To mend", [str(one) for one in trial.faults], "problems.txt")
    if trial.hints:
        page.tell("To consider", [str(one) for one in trial.hints], "hints.txt")
    if not trial.problems:
        page.say("No problems: every file can be read, and every test question gets what it must.")
    await present(interaction, page)


async def due(desk: EditingDesk, interaction: Interaction) -> None:
    """List the entries whose review is due within 60 days, or over."""
    today = desk.now().date()
    until = [
        (entry.reviewed + _REVIEW_AFTER, entry.id) for entry in desk.library.engine.faq.entries
    ]
    found = sorted((day, entry) for day, entry in until if day <= today + _SOON)
    page = Page("Reviews that are due")
    if found:
        lines = [
            f"{entry}: {'over since' if day < today else 'due on'} {day.isoformat()}"
            for day, entry in found
        ]
        page.tell("Check each against its sources, then set a new day", lines, "due.txt")
    else:
        page.say("None within 60 days. An entry is due twelve months after its last review.")
    await present(interaction, page)
