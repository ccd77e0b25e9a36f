"""What the doctor found, as the terminal shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.doctor import Finding
from bot.console_doctor import show_findings

FINE = Finding("Token", ok=True, told="Discord accepts it.")
LOOK = Finding("Commands", ok=None, told="None is registered yet.", mend="Start it.")
MEND = Finding(
    "Code grant", ok=False, told="It is on [b]still[/b].", mend="See https://a.example/b"
)


@pytest.mark.parametrize(
    ("findings", "status", "end"),
    [
        ([FINE], 0, "All is well."),
        ([FINE, LOOK], 0, "Nothing has to be mended; 1 thing deserves a look (marked “look”)."),
        (
            [LOOK, LOOK],
            0,
            "Nothing has to be mended; 2 things deserve a look (marked “look”).",
        ),
        ([MEND], 1, "1 thing has to be mended (marked “mend”) before all of the bot works."),
        (
            [MEND, FINE, MEND],
            1,
            "2 things have to be mended (marked “mend”) before all of the bot works.",
        ),
    ],
)
def test_the_terminal_ends_with_what_is_to_be_done(
    capsys: pytest.CaptureFixture[str], findings: list[Finding], status: int, end: str
) -> None:
    assert show_findings(findings) == status
    assert capsys.readouterr().out.splitlines()[-1] == end


def test_the_terminal_says_in_words_what_marks_say(capsys: pytest.CaptureFixture[str]) -> None:
    show_findings([FINE, LOOK, MEND])
    assert capsys.readouterr().out.splitlines()[:5] == [
        "✓ fine  Token: Discord accepts it.",
        "! look  Commands: None is registered yet.",
        "        To do: Start it.",
        "✗ mend  Code grant: It is on [b]still[/b].",
        "        To do: See https://a.example/b",
    ]


def test_an_address_is_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    address = f"https://example.org/{'x' * 120}"
    show_findings([replace(LOOK, told=f"{'word ' * 30}{address}", mend=f"Open {address}")])
    lines = capsys.readouterr().out.splitlines()
    assert sum(address in line for line in lines) == 2
    assert all(len(line) <= 88 or address in line for line in lines)
    assert all(line.startswith(" " * 8) for line in lines[1:-2])
