"""The command line as scripts and people meet it: a real process, real pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {
    "question", "outcome", "entry", "confidence", "candidates", "reply", "micros",
}  # fmt: skip
REPLY = {"title", "body", "sources", "evidence", "reviewed", "disclaimer", "choices"}


def msfaq(
    *words: str, data: Path, said: str | bytes | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PYTHONUTF8": "1", **variables}
    given = said.encode() if isinstance(said, str) else said
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=env,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def test_ask_prints_one_json_object_with_the_fields_of_the_contract(data: Path) -> None:
    done = msfaq("ask", "what is hsct", "--json", data=data)
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(told) == FIELDS
    assert set(told["reply"]) == REPLY
    assert told["outcome"] == "answered"
    assert told["entry"] == "what-is-ahsct"
    assert {"entry", "score", "because"} == set(told["candidates"][0])
    assert 0 <= told["confidence"] <= 1


def test_ask_reads_lines_and_answers_each_even_when_they_are_odd(data: Path) -> None:
    lines = "what is hsct\n\nmetfromin side efects\n🙂\n".encode() + b"\xff\xfe broken\n"
    done = msfaq("ask", "--stdin", "--json", data=data, said=lines)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert len(told) == 5
    assert told[0]["question"] == "what is hsct"


def test_ask_streams_each_answer_at_once(data: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--stdin", "--json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for question in (b"what is hsct\n", b"is there a cure\n"):
        process.stdin.write(question)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["question"].encode() == question.strip()
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def test_ask_shows_source_evidence_date_and_disclaimer_to_a_person(data: Path) -> None:
    shown = msfaq("ask", "what", "is", "hsct", data=data, NO_COLOR="1").stdout.decode()
    assert "Sources:" in shown
    assert "Evidence:" in shown
    assert "Reviewed: 20" in shown
    assert "Not medical advice" in " ".join(shown.split())
    assert "\x1b[3" not in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Type for example:  msfaq ask"),
        (("ask",), 'msfaq ask "what is hsct"'),
        (("ask", "what", "--stdin"), "give one of them"),
        (("aks", "what"), "invalid choice"),
        (("check", "a", "b"), "Type for example:  msfaq check faq"),
        (("check", "--faq", "a"), "Type for example:  msfaq check faq"),
    ],
)
def test_wrong_usage_says_what_to_type(data: Path, words: tuple[str, ...], says: str) -> None:
    done = msfaq(*words, data=data)
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_folder_without_a_faq_is_told_in_a_sentence(data: Path, tmp_path: Path) -> None:
    done = msfaq("ask", "what is hsct", data=data, FAQ_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "entries:1: there is no such folder" in done.stderr.decode()


def test_a_wrong_setting_is_told_in_one_sentence(data: Path) -> None:
    done = msfaq("ask", "what is hsct", data=data, LOG_LEVEL="LOUD")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("LOG_LEVEL cannot be used as it is set")
    assert done.stderr.count(b"\n") == 1


def test_a_conversation_follows_up_and_takes_a_number(data: Path) -> None:
    said = "what is hsct\n1\nhow much does it cost?\nq\n"
    shown = msfaq("chat", data=data, said=said, NO_COLOR="1").stdout.decode()
    assert "What is AHSCT" in shown
    assert "How is AHSCT supposed to work" in shown
    assert "cost" in shown.lower()
    assert "Traceback" not in shown


def test_a_conversation_ends_quietly_with_the_input(data: Path) -> None:
    done = msfaq("chat", data=data, said="")
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_closed_pipe_ends_quietly(data: Path) -> None:
    command = f"{sys.executable} -m bot ask --stdin --json | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        input=b"what is hsct\n" * 400,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


def test_control_c_ends_quietly(data: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--stdin", "--json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"what is hsct\n")
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == b""


def test_eval_measures_a_file_of_labelled_questions(data: Path, tmp_path: Path) -> None:
    labelled = tmp_path / "mine.jsonl"
    labelled.write_text(
        '{"ask": "what is hsct", "must": "answer", "entry": "what-is-ahsct"}\n'
        '{"ask": "what is the capital of france", "must": "decline"}\n'
        '{"ask": "i want to die", "must": "crisis"}\n'
    )
    told = json.loads(msfaq("eval", str(labelled), "--json", data=data).stdout)
    shares = {share["name"]: share for share in told["figures"]}
    assert told["questions"] == 3
    assert shares["answered right"]["count"] == 1
    assert shares["emergency or crisis missed"]["count"] == 0
    assert shares["off topic, falsely answered"]["interval"][1] < 1


def test_eval_tells_which_line_of_a_file_is_wrong(data: Path, tmp_path: Path) -> None:
    labelled = tmp_path / "mine.jsonl"
    labelled.write_text('{"ask": "what is hsct", "must": "answer"}\n{"ask": "x", "must": "fly"}\n')
    done = msfaq("eval", str(labelled), data=data)
    assert done.returncode == 1
    assert "mine.jsonl:2: `must`" in done.stderr.decode()
