"""The questions that all methods are asked: labelled ones of the shipped FAQ, by set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app import today
from bot.content.load import load, load_cases
from bot.content.problems import ContentError, errors
from bot.core.cases import Must
from bot.core.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.cases import Case
    from bot.core.faq import Faq


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the ids of the entries that answer it; none if it is to be declined."""

    ask: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Material:
    """The shipped FAQ, what answers from it, and its cases.

    Those of the report set choose nothing, anywhere.
    """

    faq: Faq
    engine: Engine
    tune: tuple[Case, ...]
    report: tuple[Case, ...]


def read_material(root: Path) -> Material:
    """Read the FAQ and its cases.

    Raises:
        ContentError: if a file is unfit.

    """
    loaded = load(root, today())
    placed, problems = load_cases(root)
    if loaded.faq is None or errors(problems):
        raise ContentError([*errors(loaded.problems), *errors(problems)])
    reported = [one.case for one in placed if one.set_name == "report"]
    tuned = [one.case for one in placed if one.set_name != "report"]
    engine = Engine.of(loaded.faq, loaded.weights)
    return Material(loaded.faq, engine, tuple(tuned), tuple(reported))


def questions(cases: tuple[Case, ...]) -> list[Question]:
    """Return those to answer and those to decline; follow-ups need a context, and are left out."""
    return [
        Question(case.ask, case.right() if case.must is Must.ANSWER else frozenset())
        for case in cases
        if case.must in {Must.ANSWER, Must.DECLINE} and case.after is None
    ]
