"""What members see when they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.drawing import Example, draw_choices
from bot.sandbox.messages import Upload
from bot.sandbox.wire.components import StringSelect

if TYPE_CHECKING:
    from bot.gallery.scene import Scene

ASKED: Final = (
    ("An answer to a mention", "what is hsct", "The beginning; “More” has the rest."),
    ("Several entries are close", "hsct cost and recovery", "A press shows the entry."),
    ("A decision about a person", "mum has spms, should she try metformin", "No advice."),
    ("Nothing fits", "does yoga help with balance", "Better silent than wrong."),
    ("An emergency", "38.6 ten days after my transplant", "Help first, then general entries."),
    ("Too much of a medicine", "i took 30 metformin tablets", "The same, with its own text."),
    ("A crisis", "i dont want to live anymore", "Answered where it was asked, at once."),
)
"""Heading, question and note of each outcome."""


async def examples(scene: Scene) -> list[Example]:
    """Return an example of every kind of answer, on every way in."""
    return [
        *[await _mention(scene, *asked) for asked in ASKED],
        *await _private(scene),
        *await _pages(scene),
        *await _notes(scene),
    ]


async def _mention(scene: Scene, heading: str, question: str, note: str) -> Example:
    asked = scene.anna.mention(scene.general, question)
    answer = await scene.general.reply_to(asked)
    return Example(heading, scene.drawn(asked, answer), note)


async def _private(scene: Scene) -> list[Example]:
    anna, general, drawn = scene.anna, scene.general, scene.drawn
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    first = drawn(answer)
    shared = await anna.press(answer, "Show everyone").answer()
    await anna.press(answer, "More").acknowledged()
    asked = anna.say(general, "does anyone know how much hsct costs")
    menu = await anna.context_menu(asked, "Answer from the FAQ", general).answer()
    forwarded = anna.forward(asked, anna.inbox)
    elsewhere = await anna.inbox.reply_to(forwarded)
    empty = await anna.autocomplete(general, "ask", question="").choices()
    typed = await anna.autocomplete(general, "ask", question="metf").choices()
    return [
        Example("/ask: only the person sees it", first, "“Show everyone” shares it."),
        Example("The same after “More”", drawn(answer), "In the place of the beginning."),
        Example("The same, shown to everyone", drawn(shared)),
        Example("“Answer from the FAQ” on somebody's message", drawn(asked, menu)),
        Example("A message forwarded to the bot", drawn(forwarded, elsewhere)),
        Example("Before anything is typed", draw_choices(empty, "/ask question: ")),
        Example("While something is typed", draw_choices(typed, "/ask question: metf")),
    ]


async def _pages(scene: Scene) -> list[Example]:
    anna, general, drawn = scene.anna, scene.general, scene.drawn
    topics = await anna.slash(general, "topics").answer()
    [menu] = topics.menus
    first = menu.options[0].label if isinstance(menu, StringSelect) else ""
    entries = await anna.choose(topics, first).answer()
    told = [Example("/topics", drawn(topics)), Example("A topic", drawn(entries))]
    for name in ("sources", "about", "privacy", "help"):
        answer = await anna.slash(general, name).answer()
        told.append(Example(f"/{name}", drawn(answer)))
    return told


async def _notes(scene: Scene) -> list[Example]:
    anna, general, drawn = scene.anna, scene.general, scene.drawn
    asked = anna.mention(general, "")
    silent = await general.reply_to(asked)
    picture = anna.say(general, files=[Upload("scan.png", b"a picture")])
    nothing = await anna.context_menu(picture, "Answer from the FAQ", general).answer()
    return [
        Example("A mention without a question", drawn(asked, silent), "The help."),
        Example("A message without words", drawn(nothing)),
    ]
