"""The whole folder → a Faq and its cases, or everything that is wrong with it in one run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from pydantic import Field

from bot.content.build import build
from bot.content.folder import Folder
from bot.content.parts import Parts
from bot.content.problems import Problem, errors, shown
from bot.content.reading import Memory, Reader
from bot.content.rules import problems_of
from bot.content.yamlread import Tree
from bot.core.cases import Case
from bot.core.faq import (
    Calibration,
    Examples,
    Faq,
    Lists,
    Record,
    Screening,
    Source,
    Talk,
    Text,
    Wording,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.content.yamlread import Value
    from bot.core.listening import Learned

CALIBRATION: Final = "calibration/calibration.yaml"
TOP_FILES: Final = (
    "sources.yaml",
    "claims.yaml",
    "words.yaml",
    "wording.yaml",
    "discord.yaml",
    "lists.yaml",
    "urgent.yaml",
    "advice.yaml",
)
_WITH_TEXTS: Final = (
    "entries",
    "wording.yaml",
    "discord.yaml",
    "urgent.yaml",
    "advice.yaml",
)
_ORDINARY_WORDS: Final = "ordinary_words.txt"
_MOST_LABELLED: Final = 64 * 1024 * 1024


class _SourcesFile(Record):
    sources: tuple[Source, ...]


class _ClaimsFile(Record):
    claims: dict[str, Text]


class _CasesFile(Record):
    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A case and where it stands."""

    case: Case
    file: str
    line: int

    @property
    def set_name(self) -> str:
        """The folder under `cases/` it stands in: must, tune or report."""
        return self.file.split("/")[1] if self.file.count("/") > 1 else self.file


@dataclass(frozen=True, slots=True)
class Loaded:
    """A folder as it was read. `faq` is None if a problem keeps it from being used."""

    faq: Faq | None
    weights: Learned | None
    """What the listener learned from `examples/`; None if that was never calibrated."""
    problems: tuple[Problem, ...]
    trees: Mapping[str, Tree]
    """File name → its lines, for whoever has more to say about a file."""


def load(
    root: Path | Folder, today: date, *, phrases: bool = True, memory: Memory | None = None
) -> Loaded:
    """Read the FAQ in `root`; every problem of every file is in the result. Reads no cases.

    Without `phrases`, those of the screening are left to whoever builds an engine.
    """
    folder = _folder(root)
    if not folder.is_folder(folder.root):
        what = f"there is no FAQ in {shown(str(folder.root.absolute()))}"
        told = Problem(".", 1, what, "give the folder the FAQ stands in")
        return Loaded(None, None, (told,), {})
    reader = Reader(folder, memory=memory)
    sources = reader.file("sources.yaml", _SourcesFile)
    claims = reader.file("claims.yaml", _ClaimsFile)
    calibration = reader.file(CALIBRATION, Calibration)
    entry_paths = reader.entry_paths()
    parts = Parts(
        entries=tuple(reader.entries(entry_paths)),
        ids=frozenset(path.stem for path in entry_paths),
        sources=sources.sources if sources else None,
        claims=claims.claims if claims else None,
        words=reader.file("words.yaml", Words),
        wording=reader.file("wording.yaml", Wording),
        talk=reader.file("discord.yaml", Talk),
        lists=reader.file("lists.yaml", Lists),
        urgent=reader.file("urgent.yaml", Screening),
        advice=reader.file("advice.yaml", Screening),
    )
    weights = reader.weights()
    unread = {problem.file for problem in errors(reader.problems)}
    complete = not any(file.startswith(_WITH_TEXTS) for file in unread)
    problems = {
        *reader.problems,
        *problems_of(parts, reader.trees, today, complete=complete, phrases=phrases),
    }
    faq = None if errors(problems) else _faq(parts, calibration)
    return Loaded(faq, weights, tuple(sorted(problems)), reader.trees)


def _faq(parts: Parts, calibration: Calibration | None) -> Faq | None:
    if calibration is None or parts.sources is None or parts.claims is None:
        return None
    if parts.words is None or parts.wording is None or parts.talk is None:
        return None
    if parts.lists is None or parts.urgent is None or parts.advice is None:
        return None
    return Faq(
        entries=parts.entries,
        sources={source.id: source for source in parts.sources},
        words=parts.words,
        wording=parts.wording,
        talk=parts.talk,
        screening=Screening(
            lists={name: phrases for _, name, phrases in parts.lists_of_words()},
            rules=parts.urgent.rules + parts.advice.rules,
        ),
        claims=parts.claims,
        calibration=calibration,
        ordinary_words=ordinary_words(),
    )


def load_cases(
    root: Path | Folder, *, memory: Memory | None = None
) -> tuple[list[Placed], list[Problem]]:
    """Read every case under `cases/`, and what is wrong with those files."""
    reader = Reader(_folder(root), memory=memory)
    paths, problems = reader.folder.case_paths()
    reader.problems += problems
    placed: list[Placed] = []
    for path in paths:
        name = reader.folder.name(path)
        file = reader.file(name, _CasesFile)
        if file is not None:
            placed += _placed(file, name, reader.trees[name])
    return placed, sorted(set(reader.problems))


def load_examples(
    root: Path | Folder, *, memory: Memory | None = None
) -> tuple[list[Examples], list[Problem]]:
    """Read the texts under `examples/` that the listener learns from."""
    reader = Reader(_folder(root), memory=memory)
    paths, problems = reader.folder.example_paths()
    reader.problems += problems
    read = (reader.file(reader.folder.name(path), Examples) for path in paths)
    found = [examples for examples in read if examples is not None]
    return found, sorted(set(reader.problems))


def read_cases(path: Path) -> tuple[list[Placed], list[Problem]]:
    """Read one file of cases from anywhere: YAML as under `cases/`, or JSONL, a case a line."""
    # Whoever names a file may name a link, and a long file: this one is not part of the FAQ.
    path = Path(os.path.realpath(path))
    reader = Reader(Folder(path.parent), most=_MOST_LABELLED)
    if path.suffix in {".jsonl", ".ndjson"}:
        return _json_lines(path.name, reader)
    file = reader.file(path.name, _CasesFile)
    if file is None:
        return [], reader.problems
    return _placed(file, path.name, reader.trees[path.name]), reader.problems


def _placed(file: _CasesFile, name: str, tree: Tree) -> list[Placed]:
    return [
        Placed(case, name, tree.line(("cases", number))) for number, case in enumerate(file.cases)
    ]


def _json_lines(name: str, reader: Reader) -> tuple[list[Placed], list[Problem]]:
    file, problems = reader.folder.read(reader.folder.root / name, _MOST_LABELLED)
    placed: list[Placed] = []
    for number, line in enumerate(file.text.split("\n") if file else (), start=1):
        if not line.strip():
            continue
        try:
            tree = Tree(_texts(json.loads(line)), {(): number})
        except (ValueError, RecursionError):
            what, instead = "this line is not JSON", 'write {"ask": "is ms curable", "must": …}'
            problems.append(Problem(name, number, what, instead))
            continue
        case, wrong = build(Case, tree, name)
        problems += wrong
        if case is not None:
            placed.append(Placed(case, name, number))
    return placed, problems


def _texts(value: object) -> Value:
    """Return what JSON holds as the YAML reader would: every value a text, nothing null."""
    if isinstance(value, dict):
        named = cast("dict[str, object]", value)
        return {name: _texts(part) for name, part in named.items() if part is not None}
    if isinstance(value, list):
        return [_texts(part) for part in cast("list[object]", value)]
    return value if isinstance(value, str) else json.dumps(value)


def _folder(root: Path | Folder) -> Folder:
    return Folder(root) if isinstance(root, Path) else root


@cache
def ordinary_words() -> frozenset[str]:
    """Return English words that are no misspelling of a word of the FAQ."""
    text = resources.files("bot.content").joinpath(_ORDINARY_WORDS).read_text(encoding="ascii")
    return frozenset(text.split())
