"""Every kind of answer on one page, as Discord would lay it out: asked of the real bot.

The bot is served in the sandbox, a member asks, and what came back is drawn. Nothing leaves the
machine.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.chat.service import serve
from bot.sandbox import GatewayRules, Sandbox
from bot.sandbox.drawing import Example, draw_choices, draw_message, page
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.messages import Upload
from bot.sandbox.wire.components import StringSelect
from bot.serving import client_maker

if TYPE_CHECKING:
    from bot.core.engine import Engine
    from bot.sandbox import Channel, Message, Person

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


def draw_gallery(engine: Engine) -> str:
    """Return the page: HTML that needs nothing beside it."""
    return asyncio.run(_gallery(engine))


async def _gallery(engine: Engine) -> str:
    # What a member asks too quickly is put off; here time may stand still between questions.
    ticks = iter(range(0, 10**9, 60))
    async with Sandbox(rules=GatewayRules(identify_every=0)) as sandbox:
        server = sandbox.add_server("MS support", "general")
        general = server.channel("general")
        anna = sandbox.add_person("anna", server)
        stop = asyncio.Event()
        with point_discord_py_at(sandbox.address):
            maker = client_maker(lambda: engine, clock=lambda: float(next(ticks)))
            run = asyncio.create_task(serve(maker, sandbox.token, stop))
            await sandbox.ready()
            examples = [
                *[await _mention(general, anna, *asked) for asked in ASKED],
                *await _private(general, anna),
                *await _pages(general, anna),
                *await _notes(general, anna),
            ]
            stop.set()
            await run
    return page("What members see", examples)


async def _mention(
    general: Channel, anna: Person, heading: str, question: str, note: str
) -> Example:
    asked = anna.mention(general, question)
    answer = await general.reply_to(asked)
    return Example(heading, _drawn(asked, answer), note)


async def _private(general: Channel, anna: Person) -> list[Example]:
    answer = await anna.slash(general, "ask", question="what is hsct").answer()
    first = _drawn(answer)
    shared = await anna.press(answer, "Show everyone").answer()
    await anna.press(answer, "More").acknowledged()
    asked = anna.say(general, "does anyone know how much hsct costs")
    menu = await anna.context_menu(asked, "Answer from the FAQ", general).answer()
    empty = await anna.autocomplete(general, "ask", question="").choices()
    typed = await anna.autocomplete(general, "ask", question="metf").choices()
    return [
        Example("/ask: only the person sees it", first, "“Show everyone” shares it."),
        Example("The same after “More”", _drawn(answer), "In the place of the beginning."),
        Example("The same, shown to everyone", _drawn(shared)),
        Example("“Answer from the FAQ” on somebody's message", _drawn(asked, menu)),
        Example("Before anything is typed", draw_choices(empty, "/ask question: ")),
        Example("While something is typed", draw_choices(typed, "/ask question: metf")),
    ]


async def _pages(general: Channel, anna: Person) -> list[Example]:
    topics = await anna.slash(general, "topics").answer()
    [menu] = topics.menus
    first = menu.options[0].label if isinstance(menu, StringSelect) else ""
    entries = await anna.choose(topics, first).answer()
    told = [Example("/topics", _drawn(topics)), Example("A topic", _drawn(entries))]
    for name in ("sources", "about", "privacy", "help"):
        answer = await anna.slash(general, name).answer()
        told.append(Example(f"/{name}", _drawn(answer)))
    return told


async def _notes(general: Channel, anna: Person) -> list[Example]:
    asked = anna.mention(general, "")
    silent = await general.reply_to(asked)
    picture = anna.say(general, files=[Upload("scan.png", b"a picture")])
    nothing = await anna.context_menu(picture, "Answer from the FAQ", general).answer()
    return [
        Example("A mention without a question", _drawn(asked, silent), "The help."),
        Example("A message without words", _drawn(nothing)),
    ]


def _drawn(*messages: Message) -> str:
    return "".join(draw_message(message) for message in messages)
