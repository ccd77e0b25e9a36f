"""The settings and their description stand together."""

from __future__ import annotations

import re

import pytest

from bot.settings import Settings, SettingsError, read_settings
from tests.conftest import ROOT

LINE = re.compile(r"^# ?([A-Z_]+)=", re.MULTILINE)


def test_the_example_describes_every_setting_and_no_other() -> None:
    described = set(LINE.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    assert described == {name.upper() for name in Settings.model_fields}


def test_every_setting_has_the_default_that_the_example_shows() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ?([A-Z_]+)=(.+)$", text, re.MULTILINE))
    for name, value in shown.items():
        assert str(Settings.model_fields[name.lower()].default) == value


def test_a_name_without_a_value_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever copies .env.example and removes a # leaves such lines."""
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert read_settings() == Settings.model_construct()


def test_a_wrong_value_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD_COUNT", "two")
    with pytest.raises(SettingsError, match=r"^SHARD_COUNT cannot be used as it is set: write a "):
        read_settings()
