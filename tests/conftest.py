"""The shipped FAQ, read and built once for all tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.content.load import load
from bot.core.engine import Engine

if TYPE_CHECKING:
    from bot.core.faq import Faq

ROOT = Path(__file__).parent.parent
FAQ = ROOT / "faq"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return what answers from the shipped FAQ."""
    loaded = load(FAQ, TODAY)
    assert loaded.faq is not None, loaded.problems
    return Engine.of(loaded.faq, loaded.weights)


@pytest.fixture(scope="session")
def faq(engine: Engine) -> Faq:
    """Return the shipped FAQ."""
    return engine.faq
