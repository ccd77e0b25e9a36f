"""What is put into the store is what comes out of it, on either database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError
from sqlalchemy import insert, update

from bot.storage.counts import Batch, Came, Day, EntryOutcomes, EntryVotes, Verdict, Vote
from bot.storage.editing import NOBODY, Approved, Edit, Kind, Proposal
from bot.storage.inbox import KEPT, MOST
from bot.storage.servers import HomeSettings, ServerSettings
from bot.storage.store import Store
from bot.storage.tables import inbox, servers
from tests.storage.conftest import TODAY

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.storage.conftest import Place

DAY = timedelta(days=1)
GUILD = 1_400_000_000_000_000_000
"""A number of the size Discord gives."""


def vote(verdict: Verdict = Verdict.HELPFUL, *, ago: int = 0, version: str = "5f3a") -> Vote:
    return Vote(TODAY - ago * DAY, "what-is-ahsct", version, verdict)


def edit(entry: str = "what-is-ahsct", editor: int = GUILD, approved: int | None = None) -> Edit:
    when = datetime(2026, 11, 23, 9, 30, 0, 123_456, tzinfo=UTC)
    return Edit(when, editor, entry, Kind.EDIT, "före 🙂", "after", approved)


async def test_votes_are_counted_by_entry_version_and_day(store: Store) -> None:
    for one in (vote(), vote(), vote(Verdict.WRONG), vote(version="77aa"), vote(ago=1)):
        await store.votes.add(one)
    assert await store.votes.by_entry(TODAY - DAY, TODAY) == (
        EntryVotes("what-is-ahsct", "5f3a", {Verdict.HELPFUL: 3, Verdict.WRONG: 1}),
        EntryVotes("what-is-ahsct", "77aa", {Verdict.HELPFUL: 1}),
    )
    assert await store.votes.by_day(TODAY - DAY, TODAY) == (
        Day(TODAY - DAY, {"helpful": 1}),
        Day(TODAY, {"helpful": 3, "wrong": 1}),
    )
    assert await store.votes.by_day(TODAY - DAY, TODAY - DAY) == (Day(TODAY - DAY, {"helpful": 1}),)


async def test_a_changed_vote_counts_once(store: Store) -> None:
    await store.votes.add(vote())
    await store.votes.change(vote(), vote())
    await store.votes.change(vote(), vote(Verdict.UNCLEAR))
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"unclear": 1}),)


async def test_a_changed_vote_whose_first_half_was_lost_is_no_count_below_zero(
    store: Store,
) -> None:
    await store.votes.change(vote(), vote(Verdict.OUTDATED))
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"outdated": 1}),)


async def test_outcomes_are_counted_with_and_without_an_entry(store: Store) -> None:
    for came in (
        Came(TODAY, "answered", "what-is-ahsct"),
        Came(TODAY, "answered", "what-is-ahsct"),
        Came(TODAY, "answered", "ahsct-risks"),
        Came(TODAY, "declined"),
        Came(TODAY, "declined"),
    ):
        await store.outcomes.add(came)
    assert await store.outcomes.by_day(TODAY, TODAY) == (
        Day(TODAY, {"answered": 3, "declined": 2}),
    )
    assert await store.outcomes.by_entry(TODAY, TODAY) == (
        EntryOutcomes("ahsct-risks", {"answered": 1}),
        EntryOutcomes("what-is-ahsct", {"answered": 2}),
    )
    assert await store.outcomes.by_entry(TODAY + DAY, TODAY + DAY) == ()


@pytest.mark.parametrize("entry", ["", "x" * 101, "a\0b", "a/b"])
def test_what_a_table_cannot_hold_is_no_count(entry: str) -> None:
    with pytest.raises(ValueError, match="not to be counted"):
        Came(TODAY, "answered", entry)


async def test_a_batch_is_added_once_however_often_it_is_written(store: Store) -> None:
    first = Batch("writer", 1, TODAY, {vote(): 2, Came(TODAY, "declined"): 1})
    await store.write(first)
    await store.write(first)
    await store.write(Batch("writer", 2, TODAY, {vote(): 3}))
    await store.write(first)
    await store.write(Batch("another", 1, TODAY, {vote(): 10}))
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 15}),)
    assert await store.outcomes.by_day(TODAY, TODAY) == (Day(TODAY, {"declined": 1}),)


async def test_a_question_waits_until_it_is_dealt_with(store: Store) -> None:
    first = await store.inbox.put("What about\0 swimming? 🏊 \ud800", TODAY)
    second = await store.inbox.put("And running?", TODAY)
    assert first is not None
    assert second is not None
    assert [(one.text, one.received) for one in await store.inbox.list(TODAY)] == [
        ("What about swimming? 🏊 ?", TODAY),
        ("And running?", TODAY),
    ]
    assert await store.inbox.close(first)
    assert not await store.inbox.close(first), "two editors cannot deal with one question"
    assert await store.inbox.get(first) is None
    assert [one.id for one in await store.inbox.list(TODAY)] == [second]


async def test_the_number_of_a_question_is_never_given_again(store: Store) -> None:
    first = await store.inbox.put("one", TODAY)
    assert first is not None
    await store.inbox.close(first)
    assert await store.inbox.put("two", TODAY) != first


async def test_a_question_is_gone_after_thirty_days(store: Store) -> None:
    for ago in (31, 30, 0):
        await store.inbox.put(f"{ago} days ago", TODAY - ago * DAY)
    left = ["30 days ago", "0 days ago"]
    assert [one.text for one in await store.inbox.list(TODAY)] == left
    assert await store.tidy(TODAY) == 1
    assert [one.text for one in await store.inbox.list(TODAY - KEPT)] == left
    assert await store.inbox.purge(TODAY) == 1


async def test_the_inbox_has_room_for_so_many_and_no_more(database: Database) -> None:
    store = Store(database)
    rows = [{"text": "question", "received": TODAY} for _ in range(MOST - 1)]
    async with database.writing() as connection:
        await connection.execute(insert(inbox), rows)
    assert await store.inbox.put("the last", TODAY)
    assert await store.inbox.put("one more", TODAY) is None
    await store.inbox.close((await store.inbox.list(TODAY))[0].id)
    assert await store.inbox.put("one more", TODAY)


async def test_no_row_of_the_inbox_can_tell_who_wrote() -> None:
    assert {column.name for column in inbox.c} == {"id", "text", "received"}


async def test_counts_are_kept_for_400_days(store: Store) -> None:
    for ago in (0, 400, 401):
        await store.votes.add(vote(ago=ago))
        await store.outcomes.add(Came(TODAY - ago * DAY, "answered", "what-is-ahsct"))
    await store.tidy(TODAY)
    always = TODAY - 1_000 * DAY, TODAY
    kept = [TODAY - 400 * DAY, TODAY]
    assert [one.day for one in await store.votes.by_day(*always)] == kept
    assert [one.day for one in await store.outcomes.by_day(*always)] == kept


async def test_the_trail_has_every_change_newest_first(store: Store) -> None:
    first = await store.changes.record(edit())
    second, third = await store.changes.record_all((edit("ahsct-risks"), edit(approved=7)))
    assert first.edit == edit()
    assert await store.changes.list() == (third, second, first)
    assert await store.changes.list("what-is-ahsct") == (third, first)
    assert await store.changes.list(most=1) == (third,)
    assert await store.changes.list(before=third.id, most=1) == (second,)
    assert await store.changes.get(first.id) == first
    assert await store.changes.get(0) is None


async def test_a_moment_is_the_same_in_every_zone(store: Store) -> None:
    here = edit().at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    kept = await store.changes.record(Edit(here, 1, "x", Kind.RETIRE, "text", None))
    got = await store.changes.get(kept.id)
    assert got is not None
    assert got.edit.at == here
    assert got.edit.at.tzinfo == UTC


async def test_an_editor_can_be_made_nameless(store: Store) -> None:
    await store.changes.record_all((edit(editor=5), edit(editor=6, approved=5), edit(editor=6)))
    await store.proposals.put(Proposal(edit().at, 5, "x", Kind.ADD, None, "text"))
    assert await store.changes.forget(5) == 2
    people = [(one.edit.editor, one.edit.approved_by) for one in await store.changes.list()]
    assert people == [(6, None), (6, NOBODY), (NOBODY, None)]
    assert await store.proposals.list() == ()


async def test_only_one_editor_takes_a_proposal(store: Store) -> None:
    proposal = Proposal(edit().at, GUILD, "what-is-ahsct", Kind.EDIT, "5f3a", "new text")
    kept = await store.proposals.put(proposal)
    await store.proposals.put(Proposal(edit().at, 1, "x", Kind.RETIRE, "5f3a", None))
    assert kept.proposal == proposal
    assert (await store.proposals.list())[0] == kept
    assert await store.proposals.get(kept.id) == kept
    taken = await asyncio.gather(*(store.proposals.take(kept.id) for _ in range(4)))
    assert [one for one in taken if one is not None] == [kept]
    assert await store.proposals.get(kept.id) is None
    assert len(await store.proposals.list()) == 1


async def test_a_proposal_that_is_being_published_is_marked_by_one_editor(store: Store) -> None:
    proposal = Proposal(edit().at, GUILD, "what-is-ahsct", Kind.EDIT, "5f3a", "new text")
    kept = await store.proposals.put(proposal)
    marked = await asyncio.gather(*(store.proposals.approve(kept.id, by, "old") for by in (1, 2)))
    [by] = [by for by, one in zip((1, 2), marked, strict=True) if one == kept]
    assert await store.proposals.approved() == (Approved(kept.id, proposal, by, "old"),)
    assert await store.proposals.list() == ()
    assert await store.proposals.get(kept.id) is None
    assert await store.proposals.take(kept.id) is None
    await store.proposals.reopen(kept.id)
    assert await store.proposals.approved() == ()
    assert await store.proposals.list() == (kept,)


async def test_a_proposal_is_completed_once_with_its_place_in_the_trail(store: Store) -> None:
    kept = await store.proposals.put(Proposal(edit().at, 1, "x", Kind.EDIT, None, "text"))
    await store.proposals.approve(kept.id, 2, "old")
    edits = (edit(), edit("ahsct-risks"))
    both = await asyncio.gather(*(store.proposals.complete(kept.id, edits) for _ in range(2)))
    assert sorted(both) == [False, True]
    assert sorted(one.edit.entry for one in await store.changes.list()) == [
        "ahsct-risks",
        "what-is-ahsct",
    ]
    assert await store.proposals.approved() == ()


async def test_a_server_has_the_usual_settings_until_it_has_its_own(store: Store) -> None:
    assert await store.servers.get(GUILD) == ServerSettings()
    own = ServerSettings(
        mentions_in=(GUILD + 1, GUILD + 2),
        open_by_default=True,
        country="gb",
        cooldown=30,
        feedback=False,
        inbox=False,
    )
    await store.servers.set(GUILD, ServerSettings(cooldown=1))
    await store.servers.set(GUILD, own)
    assert await store.servers.get(GUILD) == own
    assert await store.servers.get(GUILD + 1) == ServerSettings()
    assert await store.servers.known() == {GUILD}
    await store.servers.forget(GUILD)
    assert await store.servers.known() == frozenset()
    assert await store.servers.get(GUILD) == ServerSettings()


@pytest.mark.parametrize(
    "wrong", [{"cooldown": -1}, {"country": "UK!"}, {"mentions_in": (0,)}, {"colour": "red"}]
)
def test_settings_that_mean_nothing_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ServerSettings.model_validate(wrong)


@pytest.mark.parametrize("kept", ["{", '{"cooldown": -1}', '{"from_the_future": 1}'])
async def test_settings_that_cannot_be_read_are_the_usual_ones(
    database: Database, kept: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(database)
    await store.servers.set(GUILD, ServerSettings(cooldown=5))
    async with database.writing() as connection:
        await connection.execute(update(servers).values(settings=kept))
    assert await store.servers.get(GUILD) == ServerSettings()
    assert [record.getMessage() for record in caplog.records] == [
        f"servers {GUILD}: what is kept cannot be read; the usual is used"
    ]


async def test_nobody_edits_before_the_home_server_is_set_up(store: Store) -> None:
    assert await store.home.get() == HomeSettings(editors=(), two_person="treatment")
    setup = HomeSettings(editors=(GUILD,), moderators_channel=GUILD + 5, two_person="always")
    await store.home.set(HomeSettings())
    await store.home.set(setup)
    assert await store.home.get() == setup


async def test_what_is_kept_outlives_the_process(place: Place) -> None:
    async with Store.open(place) as store:
        await store.votes.add(vote())
        await store.home.set(HomeSettings(editors=(GUILD,)))
    async with Store.open(place) as store:
        assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 1}),)
        assert (await store.home.get()).editors == (GUILD,)


async def test_many_tasks_count_at_once(store: Store) -> None:
    await asyncio.gather(*(store.votes.add(vote()) for _ in range(50)))
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 50}),)


async def test_a_process_that_is_gone_is_forgotten(database: Database) -> None:
    store = Store(database)
    await store.write(Batch("gone", 1, TODAY - 8 * DAY, {vote(): 1}))
    await store.write(Batch("here", 1, TODAY - 6 * DAY, {vote(): 1}))
    await store.tidy(TODAY)
    await store.write(Batch("gone", 1, TODAY, {vote(): 1}))
    await store.write(Batch("here", 1, TODAY, {vote(): 1}))
    assert await store.votes.by_day(TODAY, TODAY) == (Day(TODAY, {"helpful": 3}),)
