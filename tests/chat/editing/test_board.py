"""What the moderators' channel is told when the FAQ's files change: on real files."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.chat.client import FaqClient, Shards
from bot.chat.desk import Desk
from bot.chat.editing.board import Board
from bot.chat.gate import IdentifyGate
from bot.chat.messages import Messages
from bot.content.live import LiveFaq
from bot.library import LiveLibrary
from bot.sandbox import Permission
from bot.sandbox.library import point_discord_py_at
from bot.sandbox.waiting import PATIENCE
from tests.chat.conftest import served
from tests.chat.feedback.conftest import until
from tests.support import TODAY, change, small, write

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable
    from pathlib import Path

    from bot.chat.editing.desk import EditingDesk
    from bot.sandbox import Channel, Message, Person, Sandbox
    from tests.chat.editing.conftest import Office

COST: Final = "entries/ahsct/ahsct-cost.md"
AHSCT: Final = "entries/ahsct/what-is-ahsct.md"
SENT: Final = ("POST", "/channels/*/messages")
LONG: Final = 3_600.0
NEEDS: Final = "## The FAQ's files need mending"
MENDED: Final = "## The FAQ's files are mended"
CHANGED: Final = "## The FAQ's files are changed"


@dataclass
class Paper:
    """A FAQ whose files change, and the channel where that is told."""

    office: Office
    channel: Channel
    live: LiveFaq
    desk: EditingDesk

    @property
    def root(self) -> Path:
        """The folder of the FAQ."""
        return self.live.root

    def paced(self, every: float) -> None:
        """Let so many seconds pass between two messages of a sort; nothing is told before."""
        self.desk = replace(self.desk, board=Board(self.office.book, every=every))
        self.live.listen(self.desk.board.hear)

    async def save(self, name: str, old: str, new: str) -> str:
        """Change a file, and have the bot look at the folder; return what came of that."""
        change(self.root, name, old, new)
        return (await self.live.reload()).kind

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Serve the bot."""
        async with served(self.office.sandbox, lambda: self.live.engine, editing=self.desk):
            yield


@pytest.fixture
async def paper(sandbox: Sandbox, office: Office, tmp_path: Path) -> AsyncIterator[Paper]:
    """Return a FAQ that is followed as it stands, with a channel set up for its moderators."""
    live = LiveFaq(small(tmp_path / "live"), tmp_path / "data", today=lambda: TODAY, told=_nobody)
    channel = sandbox.world.add_channel(office.server, "moderators")
    await office.set_up(channel=channel, two_person="never")
    found = Paper(office, channel, live, replace(office.desk, library=LiveLibrary(live)))
    found.paced(0.0)
    await live.reload()
    yield found
    await live.close()


def _nobody(_: object) -> None:
    """Hear nothing."""


def plain(message: Message) -> str:
    return message.text.replace("\\", "")


async def test_a_refused_change_is_told_with_what_to_mend_and_then_that_it_is_mended(
    paper: Paper, general: Channel, erin: Person
) -> None:
    paper.paced(LONG)
    stop = asyncio.Event()
    follow = asyncio.create_task(paper.live.follow(stop))
    async with paper.open():
        change(paper.root, COST, "evidence: article", "evidence: hearsay")
        told = await paper.channel.next_message()
        assert told.text.startswith(NEEDS)
        assert f"{COST}:12: `hearsay` is not an evidence label" in plain(told)
        assert "write one of" in plain(told)
        assert told.pinged == ()
        assert not told.pings_everyone
        answer = await erin.slash(general, "ask", question="hsct price").answer()
        assert "tens of thousands" in answer.text
        change(paper.root, COST, "evidence: hearsay", "evidence: article")
        assert (await paper.channel.next_message()).text.startswith(MENDED)
        stop.set()
        await follow
    sent = paper.office.sandbox.requests.of(*SENT)
    assert len(sent) == 2
    bodies: list[Any] = [one.body for one in sent]
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)


async def test_what_to_consider_is_told_once(paper: Paper) -> None:
    async with paper.open():
        assert await paper.save(COST, "reviewed: 2026", "reviewed: 2024") == "swapped"
        told = await paper.channel.next_message()
        assert told.text.startswith(CHANGED)
        assert "the last review (2024-11-22) is more than 12 months ago" in told.text
        assert "numbers of the decision" not in told.text, "that was so before"
        assert await paper.save(COST, "  - hsct price", "  - hsct price\n  - bill") == "swapped"
        assert await paper.save(COST, "evidence: article", "evidence: hearsay") == "refused"
        assert (await paper.channel.next_message()).text.startswith(NEEDS)


async def test_what_an_editor_published_in_discord_is_not_told_again(
    paper: Paper, erin: Person
) -> None:
    async with paper.open():
        old = {"reviewed": "2024-11-22"}
        page = await paper.office.decision(erin, "ahsct-cost", "head", old)
        assert "more than 12 months ago" in page.text
        assert "Published" in (await erin.press(page, "Publish").answer()).text
        assert await paper.save(AHSCT, "It is a", "It was a") == "swapped"
        assert await paper.save(COST, "evidence: article", "evidence: hearsay") == "refused"
        assert (await paper.channel.next_message()).text.startswith(NEEDS)


async def test_what_an_editor_mends_in_discord_is_told(paper: Paper, erin: Person) -> None:
    async with paper.open():
        assert await paper.save(COST, "evidence: article", "evidence: hearsay") == "refused"
        await paper.channel.next_message()
        page = await paper.office.decision(erin, "ahsct-cost", "head", {"evidence": "article"})
        await erin.press(page, "Publish").answer()
        told = await paper.channel.next_message()
        assert told.text.startswith(MENDED)
        assert "consider" not in told.text


async def test_as_many_problems_are_told_as_fit(paper: Paper) -> None:
    for number in range(100):
        write(paper.root, f"entries/ahsct/new-{number}.md", "no header @everyone <@1>")
    async with paper.open():
        await paper.live.reload()
        told = await paper.channel.next_message()
        lines = [line for line in told.text.splitlines() if line.startswith("- ")]
        last = told.text.splitlines()[-1]
        assert len(told.text) <= 4_000
        assert len(lines) > 10
        assert last.startswith(f"and {100 - len(lines)} more: `/faq check`")


async def test_another_refusal_within_the_minute_waits_and_mending_does_not(paper: Paper) -> None:
    paper.paced(LONG)
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        first = await paper.channel.next_message()
        await paper.save(COST, "evidence: hearsay", "evidence: rumour")
        await paper.save(COST, "evidence: rumour", "evidence: article")
        assert (await paper.channel.next_message()).text.startswith(MENDED)
        assert first.edited is None
        assert "hearsay" in first.text


async def test_a_refusal_that_changes_is_told_in_its_place(paper: Paper) -> None:
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        told = await paper.channel.next_message()
        await paper.save(COST, "evidence: hearsay", "evidence: rumour")
        await told.until_edited()
        assert "rumour" in told.text
        assert "hearsay" not in told.text
    # The next client, after this one ended, goes on from there.
    async with paper.open():
        await paper.save(COST, "evidence: rumour", "evidence: gossip")
        await told.until_edited()
        assert "gossip" in told.text
        paper.office.sandbox.owner_of(paper.office.server).delete(told)
        await paper.save(COST, "evidence: gossip", "evidence: tales")
        assert "tales" in (await paper.channel.next_message()).text


async def test_a_refusal_that_was_told_already_is_not_told_again(paper: Paper) -> None:
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        await paper.channel.next_message()
        for _ in range(3):
            assert (await paper.live.reload()).kind == "refused"
        await paper.save(COST, "evidence: hearsay", "evidence: article")
        assert (await paper.channel.next_message()).text.startswith(MENDED)


async def test_a_channel_where_the_bot_may_not_write_is_logged_once_and_told_later(
    paper: Paper, general: Channel, erin: Person, log: Callable[[], str]
) -> None:
    paper.paced(0.01)
    paper.channel.deny(paper.office.sandbox.bot, Permission.SEND_MESSAGES)
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        await paper.office.sandbox.requests.until(*SENT, times=3)
        answer = await erin.slash(general, "ask", question="hsct price").answer()
        assert "tens of thousands" in answer.text
        paper.channel.allow(paper.office.sandbox.bot, Permission.SEND_MESSAGES)
        assert (await paper.channel.next_message()).text.startswith(NEEDS)
    [line] = [line for line in log().splitlines() if "moderators' channel" in line]
    assert "Forbidden, status 403, code 50013" in line
    assert "let the bot view the channel and send messages there" in line


async def test_a_deleted_channel_is_logged_and_another_one_is_told(
    paper: Paper, log: Callable[[], str]
) -> None:
    paper.paced(0.01)
    world = paper.office.sandbox.world
    del world.channels[paper.channel.id]
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        await paper.office.sandbox.requests.until(*SENT, times=2)
        other = world.add_channel(paper.office.server, "other")
        await paper.office.set_up(channel=other)
        assert (await other.next_message()).text.startswith(NEEDS)
    assert log().count("NotFound, status 404, code 10003") == 1


async def test_a_database_that_is_away_is_asked_again(paper: Paper, log: Callable[[], str]) -> None:
    paper.paced(0.01)
    async with paper.open():
        paper.office.book.lost_after = 0
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        await until(lambda: "LedgerError" in log())
        paper.office.book.lost_after = None
        assert (await paper.channel.next_message()).text.startswith(NEEDS)


async def test_where_no_channel_is_set_nobody_is_told(paper: Paper) -> None:
    await paper.office.set_up(channel=None)
    async with paper.open():
        await paper.save(COST, "evidence: article", "evidence: hearsay")
        await paper.save(COST, "evidence: hearsay", "evidence: article")
        await paper.office.set_up(channel=paper.channel)
        await paper.save(AHSCT, "evidence:", "evidences:")
        assert (await paper.channel.next_message()).text.startswith(NEEDS)
    assert len(paper.office.sandbox.requests.of(*SENT)) == 1


async def test_only_the_process_that_serves_the_home_server_tells(
    paper: Paper, sandbox: Sandbox
) -> None:
    own = (paper.office.server.id >> 22) % 2
    desk = Desk(lambda: paper.live.engine)
    messages = Messages(desk, lambda: 0.0)
    gate = IdentifyGate(lambda: 0.0, every=0.0)
    with point_discord_py_at(sandbox.address):
        async with FaqClient(desk, messages, gate, shards=Shards([1 - own], 2)) as client:
            run = asyncio.create_task(client.start(sandbox.token))
            async with asyncio.timeout(PATIENCE):
                await paper.desk.stand_by(client)
            assert not client.serves(paper.office.server.id)
            assert client.serves(((1 - own) << 22) + 5)
            await client.close()
            await run
