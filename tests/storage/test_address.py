"""Addresses as operators write them; what is wrong with one is a sentence without its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.address import Address
from bot.storage.failures import StorageError

SECRET = "hunter2"  # noqa: S105


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///data/bot.db", "sqlite+aiosqlite:///data/bot.db"),
        ("sqlite+aiosqlite:////srv/bot.db", "sqlite+aiosqlite:////srv/bot.db"),
        (" postgres://u:p@host/bot\n", "postgresql+asyncpg://u:p@host/bot"),
        ("postgresql://u:p@host:5433/bot", "postgresql+asyncpg://u:p@host:5433/bot"),
        ("postgresql+asyncpg://u@/bot?host=/run", "postgresql+asyncpg://u@/bot?host=%2Frun"),
        ("postgres://u@h/bot?sslmode=require", "postgresql+asyncpg://u@h/bot?ssl=require"),
        (Path("data/bot.db"), "sqlite+aiosqlite:///data/bot.db"),
    ],
)
def test_usual_spellings_are_understood(written: str | Path, used: str) -> None:
    assert Address.of(written).url.render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "is not the address of a database"),
        (f"postgresql//u:{SECRET}@host/bot", "is not the address of a database"),
        (f"postgresql://u:{SECRET}@host:port/bot", "is not the address of a database"),
        (f"mysql://u:{SECRET}@host/bot", "cannot be mysql://"),
        ("sqlite://", "write a file after sqlite:///"),
        ("sqlite:///:memory:", "write a file after sqlite:///"),
        ("sqlite:///bot.db?mode=ro", "nothing after it"),
        (f"postgresql://u:{SECRET}@host/bot?color=red", "color after the ? is not understood"),
    ],
)
def test_what_is_wrong_is_one_sentence(written: str, told: str) -> None:
    with pytest.raises(StorageError) as refused:
        Address.of(written)
    sentence = str(refused.value)
    assert told in sentence
    assert sentence.startswith("DATABASE_URL")
    assert "\n" not in sentence
    assert SECRET not in sentence
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_log_is_told_where_but_not_how_to_get_in() -> None:
    assert Address.of(f"postgresql://u:{SECRET}@db.local/bot").named == "bot on db.local"
    assert Address.of("postgresql://u@/bot?host=/run/pg").named == "bot on /run/pg"
    assert Address.of("postgresql://u@/").named == "without a name on this machine"
    assert Address.of(Path("data/bot.db")).named == "data/bot.db"
