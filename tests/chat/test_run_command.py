"""`msfaq run` as an operator meets it: a process that is stopped, or says why it cannot start."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from bot.__main__ import main
from bot.chat.client import Shards
from bot.sandbox import TooManyRequests
from bot.serving import shards_of
from bot.settings import Settings, SettingsError
from tests.chat.conftest import shipped_engine
from tests.conftest import FAQ, ROOT
from tests.sandbox.conftest import LONG_PATIENCE
from tests.support import change, small

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.sandbox import Channel, Person, Sandbox

ASKED = "what is hsct"
TITLE = "## What is AHSCT?"
CALLBACK = "/interactions/*/callback"
SHARED: Final = "postgresql://bot@/faq"
A_TOKEN: Final = "MTIzNDU2Nzg5MDEyMzQ1Njc4.sandbox.abcdefghijklmnopqrstuvwxyz"  # noqa: S105


@asynccontextmanager
async def running(
    sandbox: Sandbox, folder: Path, *, address: str | None = None, **settings: str
) -> AsyncGenerator[Process, None]:
    """Run the bot in a process that ends with the context; it finds no `.env` in the folder."""
    assert shipped_engine()  # its cache is read, not made again
    environment = {
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": sandbox.token,
        "FAQ_DIR": str(FAQ),
        "DATA_DIR": str(ROOT / ".pytest_cache" / "msfaq"),
    }
    script = str(Path(__file__).with_name("run_here.py"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", script, "run", address or sandbox.address),
        cwd=folder,
        env=environment | settings,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ended(process: Process) -> tuple[int | None, str]:
    """Return the exit status, and all that was written."""
    out, err = await asyncio.wait_for(process.communicate(), LONG_PATIENCE)
    assert out == b""
    return process.returncode, err.decode()


@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGINT])
async def test_stopped_it_finishes_what_it_is_answering_and_leaves(
    sandbox: Sandbox, general: Channel, anna: Person, tmp_path: Path, stopped_by: signal.Signals
) -> None:
    async with running(sandbox, tmp_path) as process:
        await sandbox.ready(within=LONG_PATIENCE)
        # Discord lets the answer through at the second try, which is after the signal.
        sandbox.faults.next("POST", CALLBACK, TooManyRequests(0.5))
        used = anna.slash(general, "ask", question=ASKED)
        await sandbox.requests.until("POST", CALLBACK)
        process.send_signal(stopped_by)
        assert (await used.answer()).text.startswith(TITLE)
        status, log = await ended(process)
    assert status == 0
    assert sandbox.gateway.sessions == {}  # it said goodbye
    assert log.splitlines()[-1].endswith(" INFO bot.serving: stopped")
    assert "Traceback" not in log
    assert sandbox.token not in log


async def test_a_saved_file_is_answered_from_and_a_broken_one_is_logged(
    sandbox: Sandbox, general: Channel, anna: Person, tmp_path: Path
) -> None:
    faq = small(tmp_path)
    entry = "entries/ahsct/what-is-ahsct.md"
    async with running(sandbox, tmp_path, FAQ_DIR=str(faq), DATA_DIR=str(tmp_path)) as process:
        await sandbox.ready(within=LONG_PATIENCE)
        change(faq, entry, "It is a strong", "Since today it is a strong")
        await _logged(process, "the FAQ was changed: 3 entries")
        change(faq, entry, "evidence: guideline", "evidence: hearsay")
        await _logged(process, f"{entry}:12: `hearsay` is not an evidence label")
        answer = await anna.slash(general, "ask", question=ASKED).answer()
        assert "Since today it is a strong" in answer.text
        process.send_signal(signal.SIGTERM)
        status, log = await ended(process)
    assert status == 0
    assert "Traceback" not in log


async def _logged(process: Process, words: str) -> None:
    assert process.stderr is not None
    async with asyncio.timeout(LONG_PATIENCE):
        while words.encode() not in (line := await process.stderr.readline()):
            assert line


async def test_a_wrong_token_is_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running(sandbox, tmp_path, DISCORD_TOKEN=A_TOKEN, LOG_LEVEL="ERROR") as process:
        status, log = await ended(process)
    assert status == 1
    [sentence] = log.splitlines()
    assert sentence.startswith("Discord did not take the token: ")
    assert A_TOKEN not in log


async def test_an_unfit_faq_is_told_and_nothing_is_sent(sandbox: Sandbox, tmp_path: Path) -> None:
    faq = small(tmp_path)
    change(faq, "wording.yaml", "disclaimer:", "disclaimr:")
    async with running(sandbox, tmp_path, FAQ_DIR=str(faq), DATA_DIR=str(tmp_path)) as process:
        status, log = await ended(process)
    assert status == 1
    assert "wording.yaml" in log
    assert "Traceback" not in log
    assert list(sandbox.requests) == []


NO_TOKEN, NOT_A_TOKEN = "DISCORD_TOKEN is not set: ", "DISCORD_TOKEN does not look like a token "


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, NO_TOKEN),
        ({"DISCORD_TOKEN": "  "}, NO_TOKEN),
        ({"DISCORD_TOKEN": "my-secret-word"}, NOT_A_TOKEN),
        ({"DISCORD_TOKEN": "my-secret-word two"}, NOT_A_TOKEN),
        ({"DISCORD_TOKEN": A_TOKEN, "SHARD_IDS": "0"}, "SHARD_IDS needs SHARD_COUNT beside it"),
        ({"DISCORD_TOKEN": A_TOKEN, "SHARD_COUNT": "many"}, "SHARD_COUNT cannot be used"),
        (
            {"DISCORD_TOKEN": A_TOKEN, "SHARD_IDS": "0", "SHARD_COUNT": "2"},
            "SHARD_IDS leaves shards to other processes, and a file cannot be shared with them: ",
        ),
    ],
)
def test_settings_that_cannot_be_used_are_one_sentence(
    settings: dict[str, str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no FAQ, which is not looked for before
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert main(["run"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    [sentence] = err.splitlines()
    assert sentence.startswith(said)
    assert "secret" not in err
    assert A_TOKEN not in err


@pytest.mark.parametrize(
    ("ids", "count", "said"),
    [
        ("0,1", None, "SHARD_IDS needs SHARD_COUNT"),
        ("0,one", 2, "SHARD_IDS: write numbers with commas"),
        ("0,2", 2, "SHARD_IDS: write numbers from 0 to 1"),
        ("", 2, "SHARD_IDS: write numbers from 0 to 1"),
        (None, 0, "SHARD_COUNT: write how many shards"),
        ("0", -1, "SHARD_COUNT: write how many shards"),
    ],
)
def test_shards_that_cannot_be_are_one_sentence(
    ids: str | None, count: int | None, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        shards_of(Settings(shard_ids=ids, shard_count=count))


def test_shards_that_can_be() -> None:
    assert shards_of(Settings(shard_ids=None, shard_count=None)).count is None
    both = shards_of(Settings(shard_ids=" 3, 1 1", shard_count=4, database_url=SHARED))
    assert (both.ids, both.count) == ([1, 3], 4)
    every = shards_of(Settings(shard_ids="1,0", shard_count=2, database_url=None))
    assert every.are_all, "who serves all of them shares nothing"


@pytest.mark.parametrize("address", [None, "sqlite:///bot.db"])
def test_shards_are_left_to_others_only_with_a_database_to_share(address: str | None) -> None:
    with pytest.raises(SettingsError, match="SHARD_IDS leaves shards to other processes") as told:
        shards_of(Settings(shard_ids="1", shard_count=2, database_url=address))
    assert "set DATABASE_URL to one postgresql://" in str(told.value)


def test_an_address_that_cannot_be_shared_is_told_as_such() -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL cannot be mysql://"):
        shards_of(Settings(shard_ids="1", shard_count=2, database_url="mysql://host/name"))


@pytest.mark.parametrize(
    ("shards", "leads"), [(Shards(), True), (Shards([0, 1], 4), True), (Shards([2, 3], 4), False)]
)
def test_one_process_does_what_is_done_once_for_all(shards: Shards, *, leads: bool) -> None:
    assert shards.lead is leads


async def test_without_a_network_it_keeps_trying_until_it_is_stopped(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with running(sandbox, tmp_path, address=nowhere) as process:
        assert process.stderr is not None
        async with asyncio.timeout(LONG_PATIENCE):
            while b"trying again in 1 s" not in (line := await process.stderr.readline()):
                assert line
        process.send_signal(signal.SIGTERM)
        status, log = await ended(process)
    assert status == 0
    assert log.splitlines()[-1].endswith(" INFO bot.serving: stopped")
