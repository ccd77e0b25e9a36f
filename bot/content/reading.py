"""One file of the FAQ after the other → what it holds, or what is wrong with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from bot.content.build import build
from bot.content.folder import MAX_BYTES, Folder, TextFile
from bot.content.learned import ENCODER, LISTENER, MOST_BYTES, DamagedError, read_learned
from bot.content.problems import Problem, Severity
from bot.content.yamlread import Tree, YamlError, read_yaml
from bot.core.faq import Entry, Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.core.listening import Learned

R = TypeVar("R", bound=Record)

_Made: TypeAlias = "tuple[object, list[Problem], Tree | None]"


class Memory:
    """What was made of files before, so that only those that have changed are read anew."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, bytes], _Made] = {}
        self._now: dict[tuple[str, bytes], _Made] = {}

    def get(self, name: str, data: bytes) -> _Made | None:
        """Return what was made of this file when it last held `data`, if that is known."""
        made = self._now.get((name, data)) or self._before.get((name, data))
        if made is not None:
            self._now[name, data] = made
        return made

    def keep(self, name: str, data: bytes, made: _Made) -> None:
        """Remember what was made of a file."""
        self._now[name, data] = made

    def forget(self) -> None:
        """Forget what nobody asked for since the last time this was called."""
        self._before, self._now = self._now, {}


class Reader:
    """Reads the files of one folder; keeps every problem, and the lines of every file."""

    def __init__(self, folder: Folder, most: int = MAX_BYTES, memory: Memory | None = None) -> None:
        self.folder = folder
        self._most = most
        self._memory = memory
        self.problems: list[Problem] = []
        self.trees: dict[str, Tree] = {}

    def file(self, name: str, model: type[R]) -> R | None:
        """Return what stands in a file of YAML; None, and a problem, if it cannot be read."""
        return self._once(self.folder.root / name, lambda: self._file(name, model))

    def _once(self, path: Path, make: Callable[[], R | None]) -> R | None:
        """Return what `make` makes of a file, or made of it when it last held the same."""
        data = self.folder.read_bytes(path, self._most)[0] if self._memory else None
        if self._memory is None or data is None:
            return make()
        name = self.folder.name(path)
        made = self._memory.get(name, data)
        if made is None:
            others, self.problems = self.problems, []
            made = make(), self.problems, self.trees.get(name)
            self.problems = others
            self._memory.keep(name, data, made)
        value, problems, tree = made
        self.problems += problems
        if tree is not None:
            self.trees[name] = tree
        return cast("R | None", value)

    def _file(self, name: str, model: type[R]) -> R | None:
        file = self._text(self.folder.root / name)
        tree = self._tree(file, file.text, 1) if file else None
        if file is None or tree is None:
            return None
        value, problems = build(model, tree, file.name)
        self.problems += problems
        return value

    def entry_paths(self) -> list[Path]:
        """Return where the entries stand."""
        paths, problems = self.folder.entry_paths()
        self.problems += problems
        return paths

    def entries(self, paths: list[Path]) -> list[Entry]:
        """Return every entry that could be read."""
        read = (self._once(path, partial(self._entry, path)) for path in paths)
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
        learned = self._learned(data or b"", encoder)
        if learned is None:
            what = problems[0].what if problems else "this file is damaged"
            instead = "run `msfaq calibrate`; without this file danger is not heard as it should be"
            # Not an error: calibrating, which mends it, begins with reading the FAQ.
            self.problems.append(Problem(LISTENER, 1, what, instead, Severity.WARNING))
        return learned

    def _learned(self, listener: bytes, encoder: bytes | None) -> Learned | None:
        both = listener + (encoder or b"")
        made = self._memory.get(LISTENER, both) if self._memory else None
        if made is not None:
            return cast("Learned", made[0])
        try:
            learned = read_learned(listener, encoder)
        except DamagedError:
            return None
        if self._memory:
            self._memory.keep(LISTENER, both, (learned, [], None))
        return learned

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
