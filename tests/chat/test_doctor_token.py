"""A token that is missing, is something else, is badly written, or is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chat.doctor import Finding, Premises
from tests.chat.clinic import HOW_TO_GET_ONE, healthy, ill, look, sound, told_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox import Sandbox

TOKEN = f"{'a' * 24}.bbbbbb.{'c-' * 14}"
NOTHING = "No token is set, so the bot cannot log in."
MARKS = (
    "There are quotation marks or brackets around the token, which are no part of it.",
    "Take them out of DISCORD_TOKEN.",
)
INSIDE = ("There is a space or a line break inside the token.", "Copy it again, in one piece.")
UNLIKE = (
    "What is set as the token cannot be one: a token is three pieces of letters and digits with a "
    "dot between them, about 70 characters in all."
)
LIKE = "What is set as the token looks like {}. The token is something else."
WORD = "The token begins with the word “{}”, which is no part of it."
WITHOUT = "Take “{}” and the space after it out of DISCORD_TOKEN."


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a Discord in which all is as it should be."""
    async with healthy() as sandbox:
        yield sandbox


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    """Return a machine on which all is as it should be."""
    return sound(tmp_path)


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (None, NOTHING),
        ("", NOTHING),
        (" ", NOTHING),
        ("hello", UNLIKE),
        (TOKEN.replace(".", ","), UNLIKE),
        (TOKEN + "ü", UNLIKE),
        ("1574414788602101760", LIKE.format("the application's id")),
        ("0f" * 32, LIKE.format("the application's public key")),
        ("aB3-" * 8, LIKE.format("the application's client secret")),
    ],
)
async def test_what_cannot_be_a_token_is_not_sent(
    sandbox: Sandbox, premises: Premises, token: str | None, told: str
) -> None:
    before = len([*sandbox.requests])
    found = ill(await look(token, premises))
    assert found == [Finding("Token", ok=False, told=told, mend=HOW_TO_GET_ONE)]
    assert len([*sandbox.requests]) == before


AROUND = Finding(
    "Token",
    ok=None,
    told="There are spaces around the token. The bot ignores them.",
    mend="Take the spaces out of DISCORD_TOKEN.",
)


def badly(told: str, mend: str) -> Finding:
    return Finding("Token", ok=False, told=told, mend=mend)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"{}"', badly(*MARKS)),
        ("'{}' ", badly(*MARKS)),
        ("“{}”", badly(*MARKS)),
        ("<{}>", badly(*MARKS)),
        ("Bot {}", badly(WORD.format("Bot"), WITHOUT.format("Bot"))),
        ("bearer  {}", badly(WORD.format("bearer"), WITHOUT.format("bearer"))),
        (" {}\n", AROUND),
    ],
)
async def test_a_badly_written_token_is_told_and_tried(
    sandbox: Sandbox, premises: Premises, written: str, expected: Finding
) -> None:
    found = await look(written.format(sandbox.token), premises)
    assert ill(found) == [expected]
    assert sandbox.token not in str(found)
    assert told_of("Token", found)[1].told == "Discord accepts it. The bot is MS FAQ."


async def test_a_space_inside_a_token_is_told(sandbox: Sandbox, premises: Premises) -> None:
    found = ill(await look(sandbox.token.replace(".", ". ", 1), premises))
    assert found == [Finding("Token", ok=False, told=INSIDE[0], mend=INSIDE[1])]


async def test_a_token_that_discord_refuses_is_told(sandbox: Sandbox, premises: Premises) -> None:
    found = await look(TOKEN, premises)
    assert ill(found) == found[2:]
    assert found[2:] == [
        Finding(
            "Token",
            ok=False,
            told="Discord does not accept the token. It was mistyped, or replaced by a newer one.",
            mend=HOW_TO_GET_ONE,
        )
    ]
    assert sandbox.requests.of("GET", "/users/@me")
