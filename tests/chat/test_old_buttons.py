"""Buttons and menus of long ago: after a restart, and after the FAQ was edited."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.chat.service import serve
from bot.content.load import load
from bot.core.engine import Engine
from bot.sandbox.library import point_discord_py_at
from bot.serving import client_maker
from tests.chat.conftest import served, shipped_engine
from tests.chat.ways import title
from tests.support import TODAY, change, small

if TYPE_CHECKING:
    from pathlib import Path

    from bot.chat.client import FaqClient
    from bot.sandbox import Channel, Person, Sandbox

LONG = "what-is-ahsct"
CLOSE = "hsct cost and recovery"
ENTRY = "entries/ahsct/what-is-ahsct.md"
PRESSES = ("More", "Show everyone", "How much does AHSCT cost?")


async def test_buttons_and_menus_work_after_a_restart(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    assert general.server
    async with served(sandbox):
        answer = await anna.slash(general, "ask", question=LONG).answer()
        topics = await anna.slash(general, "topics").answer()
        sources = await anna.slash(general, "sources").answer()
        offered = await general.reply_to(anna.mention(general, CLOSE))
    async with served(sandbox):
        before = len(answer.text)
        await anna.press(answer, "More").acknowledged()
        assert len(answer.text) > before
        assert (await anna.press(answer, "Show everyone").answer()).text
        assert (await anna.choose(topics, "Metformin").answer()).menus
        await anna.press(sources, "Next page").acknowledged()
        assert "**Page 2 of " in sources.text
        assert title(await anna.press(offered, "None of these").answer())


class _Edited:
    """A FAQ that a moderator changes while the bot runs."""

    def __init__(self, root: Path) -> None:
        self.root = small(root)
        change(self.root, ENTRY, "then it grows again.", "then it grows again. " * 60)
        self.read()

    def read(self) -> None:
        """Take the files as they now are."""
        faq = load(self.root, TODAY).faq
        assert faq is not None
        self.engine = Engine.of(faq, None)

    def __call__(self) -> Engine:
        """Return what answers now."""
        return self.engine


@pytest.fixture
def edited(tmp_path: Path) -> _Edited:
    """Return a small FAQ to change."""
    return _Edited(tmp_path)


async def test_buttons_show_the_text_of_today(
    sandbox: Sandbox, general: Channel, anna: Person, edited: _Edited
) -> None:
    async with served(sandbox, edited):
        answer = await anna.slash(general, "ask", question="what is ahsct?").answer()
        change(edited.root, ENTRY, "First chemotherapy", "As of today, chemotherapy")
        change(edited.root, "entries/ahsct/ahsct-cost.md", "tens of thousands", "a lot")
        edited.read()
        assert "a lot of dollars" in (await anna.press(answer, PRESSES[2]).answer()).text
        await anna.press(answer, "More").acknowledged()
        assert "As of today" in answer.text


@pytest.mark.parametrize("label", PRESSES)
async def test_a_button_of_an_entry_that_is_gone_says_so(
    sandbox: Sandbox, general: Channel, anna: Person, edited: _Edited, label: str
) -> None:
    async with served(sandbox, edited):
        public = await general.reply_to(anna.mention(general, "what is ahsct?"))
        private = await anna.slash(general, "ask", question="what is ahsct?").answer()
        direct = await anna.inbox.reply_to(anna.dm("what is ahsct?"))
        _remove(edited, "how much" in label.lower())
        for answer in (public, private, direct):
            if label in {button.label for button in answer.buttons}:
                before = answer.text
                told = await anna.press(answer, label).answer()
                assert (told.text, told.is_ephemeral) == ("That entry is gone.", True)
                assert answer.text == before


def _remove(edited: _Edited, other: bool) -> None:  # noqa: FBT001
    kept = [
        entry
        for entry in edited.engine.faq.entries
        if entry.id != ("ahsct-cost" if other else "what-is-ahsct")
    ]
    faq = edited.engine.faq.model_copy(update={"entries": tuple(kept)})
    edited.engine = Engine.of(faq, None)


async def test_a_topic_that_is_gone_says_so(
    sandbox: Sandbox, general: Channel, anna: Person, edited: _Edited
) -> None:
    async with served(sandbox, edited):
        topics = await anna.slash(general, "topics").answer()
        entries = await anna.choose(topics, "Transplantation").answer()
        kept = edited.engine.faq.entries[-1:]
        edited.engine = Engine.of(edited.engine.faq.model_copy(update={"entries": kept}), None)
        assert (await anna.choose(topics, "Transplantation").answer()).text == "That entry is gone."
        told = await anna.choose(entries, "What is AHSCT?").answer()
        assert told.text == "That entry is gone."


async def test_no_card_is_kept_in_memory(sandbox: Sandbox, general: Channel, anna: Person) -> None:
    """Each way a card can be sent: what the library keeps of it, it shows as persistent views."""
    clients: list[FaqClient] = []
    maker = client_maker(shipped_engine)

    def make() -> FaqClient:
        clients.append(maker())
        return clients[-1]

    stop = asyncio.Event()
    with point_discord_py_at(sandbox.address):
        run = asyncio.create_task(serve(make, sandbox.token, stop))
        await sandbox.ready()
        await _send_every_kind(general, anna)
        [client] = clients
        assert client.persistent_views == []
        stop.set()
        await run


async def _send_every_kind(general: Channel, anna: Person) -> None:
    await general.reply_to(anna.mention(general, CLOSE))
    answer = await anna.slash(general, "ask", question=LONG).answer()
    await anna.press(answer, "More").acknowledged()
    await anna.press(answer, "Show everyone").answer()
    topics = await anna.slash(general, "topics").answer()
    await anna.choose(topics, "Metformin").answer()
