"""The settings and their description stand together."""

from __future__ import annotations

import re

from bot.settings import Settings
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
