"""The whole folder → a Faq and its cases, or everything that is wrong with it in one run."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeVar
from zipfile import BadZipFile

import numpy as np
from pydantic import Field

from bot.content.build import build
from bot.content.folder import Folder, TextFile
from bot.content.problems import Problem, errors
from bot.content.rules import problems_of
from bot.content.yamlread import Tree, YamlError, read_yaml
from bot.core.faq import (
    Calibration,
    Case,
    Entry,
    Examples,
    Faq,
    Record,
    Screening,
    Source,
    Text,
    Wording,
    Words,
)
from bot.core.listening import KINDS, SLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from bot.core.features import Floats

R = TypeVar("R", bound=Record)

CALIBRATION: Final = "calibration/calibration.yaml"
LISTENER: Final = "calibration/listener.npz"
_ORDINARY_WORDS: Final = "ordinary_words.txt"
_MOST_WEIGHTS: Final = 8 * 1024 * 1024


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
    weights: Floats | None
    """What the listener learned from `examples/`; None if that was never calibrated."""
    problems: tuple[Problem, ...]
    trees: Mapping[str, Tree]
    """File name → its lines, for whoever has more to say about a file."""


def load(root: Path, today: date, *, phrases: bool = True) -> Loaded:
    """Read the FAQ in `root`; every problem of every file is in the result. Reads no cases.

    Without `phrases`, those of the screening are left to whoever builds an engine.
    """
    reader = _Reader(Folder(root))
    sources = reader.file("sources.yaml", _SourcesFile)
    claims = reader.file("claims.yaml", _ClaimsFile)
    words = reader.file("words.yaml", Words)
    wording = reader.file("wording.yaml", Wording)
    urgent = reader.file("urgent.yaml", Screening)
    advice = reader.file("advice.yaml", Screening)
    calibration = reader.file(CALIBRATION, Calibration)
    entries = reader.entries()
    faq = None
    if sources and claims and words and wording and urgent and advice and calibration:
        faq = Faq(
            entries=tuple(entries),
            sources={source.id: source for source in sources.sources},
            words=words,
            wording=wording,
            screening=Screening(
                lists={**urgent.lists, **advice.lists}, rules=urgent.rules + advice.rules
            ),
            claims=claims.claims,
            calibration=calibration,
            ordinary_words=_ordinary_words(),
        )
        # Where an entry could not be read, what it would have used is not known.
        complete = not errors(reader.problems)
        reader.problems += problems_of(
            faq,
            [s.id for s in sources.sources],
            reader.trees,
            today,
            complete=complete,
            phrases=phrases,
        )
    problems = tuple(sorted(set(reader.problems)))
    unfit = bool(errors(problems))
    return Loaded(None if unfit else faq, _weights(root), problems, reader.trees)


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
            tree = reader.trees[name]
            for number, case in enumerate(file.cases):
                placed.append(Placed(case, name, tree.line(("cases", number))))
    return placed, sorted(set(reader.problems))


def load_examples(root: Path) -> tuple[list[Examples], list[Problem]]:
    """Read the texts under `examples/` that the listener learns from."""
    reader = _Reader(Folder(root))
    found: list[Examples] = []
    for path in sorted((root / "examples").glob("*.yaml")):
        file = reader.file(reader.folder.name(path), Examples)
        if file is not None:
            found.append(file)
    return found, sorted(set(reader.problems))


def read_cases(path: Path) -> tuple[list[Placed], list[Problem]]:
    """Read one file of cases from anywhere: YAML as under `cases/`, or JSONL, a case a line."""
    reader = _Reader(Folder(path.parent))
    if path.suffix in {".jsonl", ".ndjson"}:
        return _json_lines(path.name, reader)
    file = reader.file(path.name, _CasesFile)
    if file is None:
        return [], reader.problems
    tree = reader.trees[path.name]
    return [
        Placed(case, path.name, tree.line(("cases", number)))
        for number, case in enumerate(file.cases)
    ], reader.problems


def _json_lines(name: str, reader: _Reader) -> tuple[list[Placed], list[Problem]]:
    file, problems = reader.folder.read(reader.folder.root / name)
    placed: list[Placed] = []
    for number, line in enumerate(file.text.split("\n") if file else (), start=1):
        if not line.strip():
            continue
        try:
            # JSON is YAML; read by the same reader it gives the same sentences.
            tree = read_yaml(line, number)
        except YamlError as error:
            problems.append(Problem(name, number, error.what, error.instead))
            continue
        case, wrong = build(Case, tree, name)
        problems += wrong
        if case is not None:
            placed.append(Placed(case, name, number))
    return placed, problems


def _weights(root: Path) -> Floats | None:
    path = root / LISTENER
    try:
        if path.stat().st_size > _MOST_WEIGHTS:
            return None
        with np.load(path, allow_pickle=False) as stored:
            weights: Floats = stored["weights"]
    except (OSError, ValueError, KeyError, BadZipFile):
        return None
    fits = weights.shape == (SLOTS, len(KINDS))
    return weights.astype(np.float32) if fits else None


def _ordinary_words() -> frozenset[str]:
    text = resources.files("bot.content").joinpath(_ORDINARY_WORDS).read_text(encoding="ascii")
    return frozenset(text.split())


class _Reader:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
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

    def entries(self) -> list[Entry]:
        paths, problems = self.folder.entry_paths()
        self.problems += problems
        read = (self._entry(path) for path in paths)
        return [entry for entry in read if entry is not None]

    def _entry(self, path: Path) -> Entry | None:
        file = self._text(path)
        if file is None:
            return None
        head, separator, answer = file.text.removeprefix("---\n").partition("\n---\n")
        if not file.text.startswith("---\n") or not separator:
            what = "the file does not begin with a header between two lines of three dashes"
            instead = "write --- , the header, --- and then the answer, as faq/README.md shows"
            self.problems.append(Problem(file.name, 1, what, instead))
            return None
        tree = self._tree(file, head, 2)
        if tree is None:
            return None
        tree.lines["answer",] = head.count("\n") + 4
        parts = {"id": path.stem, "topic": path.parent.name, "answer": answer}
        entry, problems = build(Entry, tree, file.name, parts)
        self.problems += problems
        return entry

    def _text(self, path: Path) -> TextFile | None:
        file, problems = self.folder.read(path)
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
