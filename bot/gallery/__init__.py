"""Everything the bot shows on one page, as Discord would lay it out: asked of the real bot.

The bot is served in the sandbox, with a copy of the FAQ and a database of its own; people use it,
and what came back is drawn. Nothing leaves the machine, and nothing of the FAQ is touched.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.content.live import LiveFaq
from bot.gallery import members, moderators, telling
from bot.gallery.scene import played
from bot.sandbox.drawing import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.content.live import Notice
    from bot.sandbox.drawing import Example

_CHAPTERS: Final = (
    ("Asking", members.examples),
    ("Votes and questions to the moderators", telling.examples),
    ("Settings of a server", telling.settings),
    ("Looking after the FAQ", moderators.examples),
)
"""What is played, in this order: what is counted must have happened before."""


def draw_gallery(faq_dir: Path, data_dir: Path, today: Callable[[], date]) -> str:
    """Return the page: HTML that needs nothing beside it.

    Raises:
        ContentError: with every problem that keeps the FAQ from being used.

    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "faq"
        shutil.copytree(faq_dir, copy)
        live = LiveFaq(copy, data_dir, today=today, told=_nobody)
        examples = asyncio.run(_examples(live, Path(folder)))
    return page("What the bot shows", examples)


def _nobody(_: Notice) -> None:
    """Hear of nothing: the gallery's own channel does."""


async def _examples(live: LiveFaq, folder: Path) -> list[Example]:
    async with played(live, folder) as scene:
        return [
            replace(example, chapter=chapter)
            for chapter, examples in _CHAPTERS
            for example in await examples(scene)
        ]
