"""The shape of the code: which way imports run, what the core may use, what is never used."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOT = ROOT / "bot"
MODULES = sorted(BOT.rglob("*.py"))
LAYERS = {"core": 0, "content": 1, "chat": 1, "console": 1, "storage": 1, "sandbox": 1}
CORE_MAY_USE = {"bot", "numpy", "pydantic", "pydantic_core", "rapidfuzz", "Stemmer"}
LONGEST_FUNCTION = 45
LONGEST_MODULE = 340


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def layer(module: str) -> int:
    parts = module.split(".")
    return LAYERS.get(parts[1], 2) if len(parts) > 1 else 2


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for module in imports(path):
        if not module.startswith("bot.") or own in {"bot.app", "bot.__main__"}:
            continue
        assert module != "bot.app" or own == "bot.console", f"{own} imports the root"
        above = layer(module) <= layer(own)
        assert above or module == "bot.app", f"{own} imports {module}"


@pytest.mark.parametrize("path", sorted((BOT / "core").glob("*.py")), ids=lambda path: path.name)
def test_the_core_is_pure(path: Path) -> None:
    used = {module.split(".")[0] for module in imports(path)}
    outside = used - set(sys.stdlib_module_names) - CORE_MAY_USE
    assert not outside
    assert not used & {"os", "pathlib", "logging", "asyncio", "random", "time", "discord", "io"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_modules_stay_small(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_every_module_can_be_imported_with_an_empty_environment() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
    ]
    code = "import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in names)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_no_test_uses_a_mock() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        assert not any(module.startswith("unittest") for module in imports(path)), path
