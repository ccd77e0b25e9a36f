"""The whole folder → a Faq and its cases, or everything that is wrong with it in one run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from pydantic import Field

from bot.content.build import build
from bot.content.folder import MAX_BYTES, Folder, TextFile
from bot.content.learned import ENCODER, LISTENER, MOST_BYTES, DamagedError, read_learned
from bot.content.parts import Parts
from bot.content.problems import Problem, Severity, errors, shown
from bot.content.rules import problems_of
from bot.content.yamlread import Tree, YamlError, read_yaml
from bot.core.cases import Case
from bot.core.faq import (
    Calibration,
    Entry,
    Examples,
    Faq,
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

R = TypeVar("R", bound=Record)

CALIBRATION: Final = "calibration/calibration.yaml"
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


def load(root: Path, today: date, *, phrases: bool = True) -> Loaded:
    """Read the FAQ in `root`; every problem of every file is in the result. Reads no cases.

    Without `phrases`, those of the screening are left to whoever builds an engine.
    """
    if not root.is_dir():
        what = f"there is no FAQ in {shown(str(root.absolute()))}"
        told = Problem(".", 1, what, "give the folder the FAQ stands in")
        return Loaded(None, None, (told,), {})
    reader = _Reader(Folder(root))
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
    if parts.urgent is None or parts.advice is None:
        return None
    return Faq(
        entries=parts.entries,
        sources={source.id: source for source in parts.sources},
        words=parts.words,
        wording=parts.wording,
        talk=parts.talk,
        screening=Screening(
            lists={**parts.urgent.lists, **parts.advice.lists},
            rules=parts.urgent.rules + parts.advice.rules,
        ),
        claims=parts.claims,
        calibration=calibration,
        ordinary_words=_ordinary_words(),
    )


def load_cases(root: Path) -> tuple[list[Placed], list[Problem]]:
    """Read every case under `cases/`, and what is wrong with those files."""
    reader = _Reader(Folder(root))
    paths, problems = reader.folder.case_paths()
    reader.problems += problems
    placed: list[Placed] = []
    for path in paths:
        name = reader.folder.name(path)
        file = reader.file(name, _CasesFile)
        if file is not None:
            placed += _placed(file, name, reader.trees[name])
    return placed, sorted(set(reader.problems))


def load_examples(root: Path) -> tuple[list[Examples], list[Problem]]:
    """Read the texts under `examples/` that the listener learns from."""
    reader = _Reader(Folder(root))
    paths, problems = reader.folder.example_paths()
    reader.problems += problems
    read = (reader.file(reader.folder.name(path), Examples) for path in paths)
    found = [examples for examples in read if examples is not None]
    return found, sorted(set(reader.problems))


def read_cases(path: Path) -> tuple[list[Placed], list[Problem]]:
    """Read one file of cases from anywhere: YAML as under `cases/`, or JSONL, a case a line."""
    # Whoever names a file may name a link, and a long file: this one is not part of the FAQ.
    path = Path(os.path.realpath(path))
    reader = _Reader(Folder(path.parent), most=_MOST_LABELLED)
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


def _json_lines(name: str, reader: _Reader) -> tuple[list[Placed], list[Problem]]:
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


def _ordinary_words() -> frozenset[str]:
    text = resources.files("bot.content").joinpath(_ORDINARY_WORDS).read_text(encoding="ascii")
    return frozenset(text.split())


class _Reader:
    def __init__(self, folder: Folder, most: int = MAX_BYTES) -> None:
        self.folder = folder
        self._most = most
        self.problems: list[Problem] = []
        self.trees: dict[str, Tree] = {}

    def file(self, name: str, model: type[R]) -> R | None:
        file = self._text(self.folder.root / name)
        tree = self._tree(file, file.text, 1) if file else None
        if file is None or tree is None:
            return None
        value, problems = build(model, tree, file.name)
        self.problems += problems
        return value

    def entry_paths(self) -> list[Path]:
        paths, problems = self.folder.entry_paths()
        self.problems += problems
        return paths

    def entries(self, paths: list[Path]) -> list[Entry]:
        read = (self._entry(path) for path in paths)
        return [entry for entry in read if entry is not None]

    def _entry(self, path: Path) -> Entry | None:
        file = self._text(path)
        if file is None:
            return None
        lines = file.text.split("\n")
        end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), None)
        if lines[0].rstrip() != "---" or end is None:
            begins = lines[0].rstrip() == "---"
            what = "the header does not end" if begins else "the file does not begin"
            instead = "write --- , the header, --- and then the answer, as faq/README.md shows"
            told = Problem(file.name, 1, f"{what} with a line of three dashes", instead)
            self.problems.append(told)
            return None
        tree = self._tree(file, "\n".join(lines[1:end]), 2)
        if tree is None:
            return None
        # Where the answer's first words stand; where they should, if there are none.
        first = (n for n, line in enumerate(lines) if n > end and line.strip())
        for name, line in (("id", 1), ("topic", 1), ("answer", next(first, end) + 1)):
            tree.lines.setdefault((name,), line)
        answer = "\n".join(lines[end + 1 :])
        given = {"id": path.stem, "topic": path.parent.name, "answer": answer}
        entry, problems = build(Entry, tree, file.name, given)
        self.problems += problems
        return entry

    def weights(self) -> Learned | None:
        """Return what the listener learned; None, and a problem, if it cannot be read."""
        root = self.folder.root
        data, problems = self.folder.read_bytes(root / LISTENER, MOST_BYTES)
        # A listener may have been fitted beside no encoder; which, it says itself.
        encoder, _ = self.folder.read_bytes(root / ENCODER, MOST_BYTES)
        try:
            return read_learned(data or b"", encoder)
        except DamagedError:
            what = problems[0].what if problems else "this file is damaged"
            instead = "run `msfaq calibrate`; without this file danger is not heard as it should be"
            # Not an error: calibrating, which mends it, begins with reading the FAQ.
            self.problems.append(Problem(LISTENER, 1, what, instead, Severity.WARNING))
        return None

    def _text(self, path: Path) -> TextFile | None:
        file, problems = self.folder.read(path, self._most)
        self.problems += problems
        return file

    def _tree(self, file: TextFile, text: str, first_line: int) -> Tree | None:
        try:
            tree = read_yaml(text, first_line)
        except YamlError as error:
            self.problems.append(Problem(file.name, error.line, error.what, error.instead))
            return None
        self.trees[file.name] = tree
        return tree
