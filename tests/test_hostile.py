"""Files that mean harm, or come of an accident: a sentence each, soon, and in little memory."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Final, TypedDict

import pytest

from bot.content.folder import MAX_BYTES, MAX_FILES
from bot.content.load import load
from bot.content.problems import Severity
from tests.support import HERE, TODAY, change, sentences, small, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS: Final = 2.0
MEGABYTES: Final = 200
ENTRY: Final = "entries/ahsct/what-is-ahsct.md"
COST: Final = "entries/ahsct/ahsct-cost.md"
WHOLE: Final = (HERE / "small" / ENTRY).read_text(encoding="utf-8")

LAUGHS: Final = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def header(lines: str) -> Callable[[Path], object]:
    """Return what puts `lines` first into the header of an entry."""
    return lambda root: write(root, ENTRY, WHOLE.replace("---\n", f"---\n{lines}\n", 1))


def file(name: str, text: str | bytes) -> Callable[[Path], object]:
    """Return what writes `text` into the file `name`."""
    return lambda root: write(root, name, text)


def many(under: str, name: str, count: int = 10_000) -> Callable[[Path], object]:
    """Return what writes the same sound entry under many names."""

    def make(root: Path) -> None:
        first = write(root, f"{under}/{name.format(0)}", WHOLE)
        for number in range(1, count):
            path = root / under / name.format(number)
            path.parent.mkdir(exist_ok=True)
            # A hard link is a file like any other, and soon made.
            path.hardlink_to(first)

    return make


def in_two_topics(root: Path) -> None:
    """Write 3,000 entries, in no folder more than are allowed."""
    for topic in ("one", "two"):
        many(f"entries/{topic}", "entry-{}.md", 1_500)(root)


def link(name: str, to: str) -> Callable[[Path], object]:
    """Return what puts a link to `to`, seen from its folder or from /, in the place of `name`."""

    def make(root: Path) -> None:
        path = root / name
        if path.is_dir():
            path.rename(root.parent / "moved")
        path.unlink(missing_ok=True)
        path.symlink_to(to)

    return make


def folder(name: str) -> Callable[[Path], object]:
    """Return what puts a folder in the place of the file `name`."""

    def make(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).mkdir(parents=True)

    return make


def pipe(name: str) -> Callable[[Path], object]:
    """Return what puts a named pipe, into which nobody writes, in the place of `name`."""

    def make(root: Path) -> None:
        (root / name).unlink()
        os.mkfifo(root / name)

    return make


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Return what changes one place of one file."""
    return lambda root: change(root, name, old, new)


def bomb(root: Path) -> None:
    """Put an archive of 1 MB that unpacks to 300 MB in the place of the listener's weights."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("weights.npy", "w", force_zip64=True) as weights,
    ):
        for _ in range(300):
            weights.write(bytes(1024 * 1024))
    write(root, "calibration/listener.npz", packed.getvalue())


def badly_named(root: Path) -> None:
    """Name an entry with a line break, a control sequence and a byte that is no text."""
    odd = os.fsencode(root / "entries/ahsct") + b"/\xff\n\x1b[31m.md"
    with open(odd, "wb") as out:  # noqa: PTH123 (only bytes can name it)
        out.write(WHOLE.encode())


LARGE: Final = "the file is larger than 64 KiB: shorten it, or split it into several files"
ORDINARY: Final = "this is not an ordinary file: put a text file here"
OUTSIDE: Final = "this is a link to something outside the FAQ's folder: put the file itself here"
LOOP: Final = "this link leads round in a circle: put the file itself here"
UNREAD: Final = (
    "this line cannot be read: "
    "compare it with an entry that works; a text with : # or quotes goes in double quotes"
)
ANCHORS: Final = (
    "YAML anchors and aliases (& and *) are not allowed: "
    "write the text out, or put it in double quotes if it begins with & or *"
)
TAGS: Final = (
    "YAML tags (words that begin with !) are not allowed: "
    "put the text in double quotes if it begins with !"
)
DEEP: Final = (
    "lists stand inside lists, more than eight deep: "
    "write one plain list, or put the text in double quotes if it begins with a bracket"
)
NOT_UTF_8: Final = (
    "this line holds a character that is not UTF-8 text: "
    "save the file as UTF-8, or retype the character"
)
UNSEEN: Final = "this line holds an invisible character ({}): delete the line and type it anew"
TABS: Final = "a tab stands where spaces must: use spaces instead of tabs"
MANY: Final = (
    f"there are more than {MAX_FILES:,} files in this folder: "
    f"keep {MAX_FILES:,} or fewer; nothing of it was read"
)
WINDOWS: Final = (
    "(to consider) the file was saved the Windows way (a mark at its start, or CRLF line ends): "
    "it is read all the same; save it as UTF-8 with LF line ends to silence this"
)
LINKED: Final = "this is a link to a folder: put the folder itself here"
DAMAGED: Final = (
    "(to consider) this file is damaged: "
    "run `msfaq calibrate`; without this file danger is not heard as it should be"
)

HOSTILE: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    # What is done to a sound FAQ, and the sentence about it.
    "65,537 bytes": (file(ENTRY, WHOLE.ljust(MAX_BYTES + 1, "x")), f"{ENTRY}:1: {LARGE}"),
    "64 MB": (file("words.yaml", "x" * 64_000_000), f"words.yaml:1: {LARGE}"),
    "billion laughs": (header(f"a: &a [ha]\n{LAUGHS}"), f"{ENTRY}:2: {ANCHORS}"),
    "billion laughs of names": (
        header("a: &a {b: c}\nd:\n  <<: [*a, *a, *a]"),
        f"{ENTRY}:2: {ANCHORS}",
    ),
    "an alias of itself": (file("claims.yaml", "claims: &a [*a]\n"), f"claims.yaml:1: {ANCHORS}"),
    "a tag that runs a program": (
        header('x: !!python/object/apply:os.system ["touch /tmp/owned"]'),
        f"{ENTRY}:2: {TAGS}",
    ),
    "a tag that makes an object": (
        file("sources.yaml", "!!python/object/new:os.path\nsources: []\n"),
        f"sources.yaml:1: {TAGS}",
    ),
    "invalid UTF-8": (file(ENTRY, WHOLE.encode() + b"\xff\n"), f"{ENTRY}:22: {NOT_UTF_8}"),
    "Latin-1": (
        file(COST, (HERE / "small" / COST).read_bytes() + "£\n".encode("latin-1")),
        f"{COST}:20: {NOT_UTF_8}",
    ),
    "UTF-16": (file(ENTRY, WHOLE.encode("utf-16")), f"{ENTRY}:1: {NOT_UTF_8}"),
    "half a character": (
        file("claims.yaml", b"claims:\n  A01: \xed\xa0\x80\n"),
        f"claims.yaml:2: {NOT_UTF_8}",
    ),
    "CRLF": (file(ENTRY, WHOLE.replace("\n", "\r\n")), f"{ENTRY}:1: {WINDOWS}"),
    "CR alone": (file(ENTRY, WHOLE.replace("\n", "\r")), f"{ENTRY}:1: {WINDOWS}"),
    "BOM": (file(ENTRY, b"\xef\xbb\xbf" + WHOLE.encode()), f"{ENTRY}:1: {WINDOWS}"),
    "BOM in the middle": (
        replaced(ENTRY, "hsct meaning", "hsct\ufeff meaning"),
        f"{ENTRY}:4: {UNSEEN.format('U+FEFF')}",
    ),
    "NUL": (replaced(ENTRY, "hsct meaning", "hsct\0"), f"{ENTRY}:4: {UNSEEN.format('U+0000')}"),
    "escape": (
        replaced(ENTRY, "stem cells.\n", "stem\x1b[2J\n"),
        f"{ENTRY}:19: {UNSEEN.format('U+001B')}",
    ),
    "a line end that is none": (
        replaced(ENTRY, "hsct meaning", "hsct\u2028meaning"),
        f"{ENTRY}:4: {UNSEEN.format('U+2028')}",
    ),
    "tabs": (file(ENTRY, WHOLE.replace("  - ", "\t- ")), f"{ENTRY}:4: {TABS}"),
    "a link out": (link(ENTRY, "/etc/passwd"), f"{ENTRY}:1: {OUTSIDE}"),
    "a link up and out": (link(ENTRY, "../../../../../etc/hostname"), f"{ENTRY}:1: {OUTSIDE}"),
    "a link to what never ends": (link("words.yaml", "/dev/zero"), f"words.yaml:1: {OUTSIDE}"),
    "a link to itself": (link(ENTRY, "what-is-ahsct.md"), f"{ENTRY}:1: {LOOP}"),
    "a link in a circle": (
        link("entries/ahsct/round.md", "round.md"),
        f"entries/ahsct/round.md:1: {LOOP}",
    ),
    "a link to nothing": (
        link("entries/ahsct/none.md", "nowhere.md"),
        "entries/ahsct/none.md:1: there is no such file: add it, see faq/README.md",
    ),
    "a folder that is a link out": (link("entries/etc", "/etc"), f"entries/etc:1: {LINKED}"),
    "a folder that is a link up": (link("entries/up", ".."), f"entries/up:1: {LINKED}"),
    "entries that are a link out": (link("entries", "/etc"), f"entries:1: {LINKED}"),
    "a pipe": (pipe(ENTRY), f"{ENTRY}:1: {ORDINARY}"),
    "a pipe for the listener": (
        pipe("calibration/listener.npz"),
        (
            "calibration/listener.npz:1: (to consider) this is not an ordinary file: "
            "run `msfaq calibrate`; without this file danger is not heard as it should be"
        ),
    ),
    "a folder for a file": (folder("words.yaml"), f"words.yaml:1: {ORDINARY}"),
    "a folder for an entry": (folder(ENTRY), f"{ENTRY}:1: {ORDINARY}"),
    "10,000 entries": (many("entries/many", "entry-{}.md"), f"entries/many:1: {MANY}"),
    "2,001 topics": (many("entries", "topic-{}/entry.md", MAX_FILES + 1), f"entries:1: {MANY}"),
    "3,000 entries in two topics": (in_two_topics, f"entries:1: {MANY}"),
    "1,000 entries of one name": (
        many("entries", "topic-{0:04d}/a.md", 1_000),
        (
            "entries/topic-0999/a.md:1: `a` is also the name of entries/topic-0000/a.md: "
            "rename this file; ids never change their meaning"
        ),
    ),
    "2,001 files that are none": (
        many("entries/many", "note-{}.txt", MAX_FILES + 1),
        f"entries/many:1: {MANY}",
    ),
    "60,000 brackets": (header(f"x: {'[' * 60_000}"), f"{ENTRY}:2: {DEEP}"),
    "60,000 curly brackets": (header(f"x: {'{' * 60_000}"), f"{ENTRY}:2: {UNREAD}"),
    "30,000 lists in lists": (header("- " * 30_000), f"{ENTRY}:2: {DEEP}"),
    "30,000 names of names": (header("? " * 30_000), f"{ENTRY}:2: {UNREAD}"),
    "200 lists by indentation": (
        file("claims.yaml", "\n".join(" " * n + "a:" for n in range(200))),
        f"claims.yaml:10: {DEEP}",
    ),
    "a line of 60 KB": (
        header("x: " + "word " * 12_000),
        f"{ENTRY}:2: `x` is not a name this file knows: remove it, or check its spelling",
    ),
    "a word of 60 KB": (
        replaced(ENTRY, "hsct meaning", "x" * 60_000),
        f"{ENTRY}:4: a text under `also_asked` has more than 200 characters: shorten it",
    ),
    "a name of 60 KB": (
        header(f"{'x' * 60_000}: y"),
        (
            f"{ENTRY}:2: a colon followed by a space stands inside a text: "
            'put the whole text in double quotes, like "AHSCT: what is it"'
        ),
    ),
    "a name of 60 KB, asked for": (
        header(f"? {'x' * 60_000}\n: y"),
        f"{ENTRY}:2: `{'x' * 80}…` is not a name this file knows: remove it, or check its spelling",
    ),
    "60 KB of quotes": (
        header("x: " + '"' * 60_001),
        (
            f"{ENTRY}:2: words stand after a closing quotation mark: "
            "put the whole text in one pair of quotation marks"
        ),
    ),
    "60,000 names": (
        header("\n".join(f"n{number}: x" for number in range(60_000))),
        f"{ENTRY}:1: {LARGE}",
    ),
    "6,000 names": (
        header("\n".join(f"n{number}: x" for number in range(6_000))),
        (
            f"{ENTRY}:102: from here on 5,900 more things are wrong in this file: "
            "mend those above first"
        ),
    ),
    "one name 20,000 times": (
        header("n:\n" * 20_000),
        f"{ENTRY}:3: `n` stands here a second time: keep one of the two",
    ),
    "a phrase of brackets": (
        replaced("urgent.yaml", "- kill myself", f'- "{"(" * 890}"'),
        f"urgent.yaml:9: a bracket is not closed in “{'(' * 890}”: close it",
    ),
    "an archive that unpacks to 300 MB": (bomb, f"calibration/listener.npz:1: {DAMAGED}"),
    "a name of a file that is none": (
        badly_named,
        (
            "entries/ahsct/\\udcff??[31m.md:1: the file's name cannot be “? ?[31m”: "
            "use small letters, digits and single dashes, like ahsct-cost.md"
        ),
    ),
}

READ: Final = """
import json, sys, time, traceback
from datetime import date
from pathlib import Path
from bot.content.load import load, load_cases

def forget():
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")

def peak():
    # Since it was last forgotten; ru_maxrss would count what the parent used before.
    if not Path("/proc/self/status").exists():
        return None
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024

for root in sys.stdin.read().split("\\n"):
    forget()
    start = time.process_time()
    try:
        found = [*load(Path(root), date(2026, 11, 23)).problems, *load_cases(Path(root))[1]]
        told = [str(problem) for problem in found]
    except BaseException:  # whatever is raised is what the test has to show
        told = [traceback.format_exc()]
    seconds = time.process_time() - start
    print(json.dumps({"told": told, "seconds": seconds, "megabytes": peak()}), flush=True)
"""


class Outcome(TypedDict):
    """What came of reading one FAQ."""

    told: list[str]
    seconds: float
    megabytes: float | None


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Read each hostile FAQ, one after the other, in one process of their own."""
    roots: list[str] = []
    for make, _ in HOSTILE.values():
        root = small(tmp_path_factory.mktemp("hostile"))
        make(root)
        roots.append(str(root))
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=HERE.parent,
        input="\n".join(roots),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    lines = done.stdout.splitlines()
    return {name: json.loads(line) for name, line in zip(HOSTILE, lines, strict=True)}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_a_sentence(name: str, outcomes: dict[str, Outcome]) -> None:
    """Never a traceback, within two seconds and 200 MB."""
    outcome = outcomes[name]
    assert HOSTILE[name][1] in outcome["told"], [line[:300] for line in outcome["told"][:9]]
    assert not any("Traceback" in line for line in outcome["told"])
    assert outcome["seconds"] < SECONDS
    assert outcome["megabytes"] is None or outcome["megabytes"] < MEGABYTES


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_memory_is_measured_for_each(outcomes: dict[str, Outcome]) -> None:
    """Of the reading process alone, whose libraries take some fifty of the 200 MB."""
    assert all((outcome["megabytes"] or 0) > 20 for outcome in outcomes.values())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """And so is a folder."""
    root = small(tmp_path)
    (root / ENTRY).chmod(0)
    (root / "entries/metformin").chmod(0)
    told = [str(problem) for problem in load(root, TODAY).problems]
    (root / "entries/metformin").chmod(0o700)
    for name in (ENTRY, "entries/metformin"):
        assert f"{name}:1: the bot is not allowed to read this: let its user read it" in told


def test_what_hostile_files_do_is_told_in_one_run(tmp_path: Path) -> None:
    """One bad file hides nothing of another."""
    root = small(tmp_path)
    write(root, "claims.yaml", "x" * (MAX_BYTES + 1))
    write(root, "words.yaml", b"\xff")
    write(root, "sources.yaml", "a: &a b\n")
    write(root, "cases/must/small.yaml", "cases: !x []\n")
    write(root, ENTRY, f"---\n{'[' * 60_000}\n---\n")
    link(COST, "/etc/passwd")(root)
    change(root, "entries/metformin/what-is-metformin.md", "2026-11-22", "2036-11-22")
    change(root, "urgent.yaml", "want to (die|end it)", "want to (die")
    assert sentences(root) == [
        f"cases/must/small.yaml:1: {TAGS}",
        f"claims.yaml:1: {LARGE}",
        f"{COST}:1: {OUTSIDE}",
        f"{ENTRY}:2: {DEEP}",
        (
            "entries/metformin/what-is-metformin.md:17: `reviewed` is in the future (2036-11-22): "
            "write the day of the last review"
        ),
        f"sources.yaml:1: {ANCHORS}",
        "urgent.yaml:8: a bracket is not closed in “want to (die”: close it",
        f"words.yaml:1: {NOT_UTF_8}",
    ]


def test_a_file_of_64_kib_is_read(tmp_path: Path) -> None:
    """The limit itself is allowed; that the answer is too long is another matter."""
    root = small(tmp_path)
    write(root, ENTRY, WHOLE.ljust(MAX_BYTES, "x"))
    assert all("too long" in line or "paragraph" in line for line in sentences(root))


@pytest.mark.parametrize("saved", ["\r\n", "\r"])
def test_a_file_saved_by_windows_is_read_as_if_it_were_not(saved: str, tmp_path: Path) -> None:
    """Its lines, its answer and its wordings are the same; it is only something to consider."""
    root = small(tmp_path)
    before = load(root, TODAY)
    write(root, ENTRY, b"\xef\xbb\xbf" + WHOLE.replace("\n", saved).encode())
    after = load(root, TODAY)
    assert after.faq == before.faq
    assert after.trees[ENTRY] == before.trees[ENTRY]
    assert [problem.severity for problem in after.problems] == [Severity.WARNING]


def test_what_editors_leave_behind_is_passed_over(tmp_path: Path) -> None:
    """Backups, locks, notes for colleagues."""
    root = small(tmp_path)
    for name in (".what.md.swp", "what.md~", "#what.md#", "~what.md", "what.md.bak", "README.md"):
        write(root, f"entries/ahsct/{name}", "to do")
        write(root, f"entries/{name}", "to do")
        write(root, f"cases/tune/{name}", "to do")
    assert sentences(root) == []


def test_no_file_outside_is_ever_shown(tmp_path: Path) -> None:
    """A link out gives its own sentence and not one word of what it leads to."""
    write(tmp_path, "secret.md", WHOLE.replace("What is AHSCT?", "SECRET: x: y"))
    root = small(tmp_path)
    for name in (ENTRY, "entries/ahsct/new.md", "words.yaml", "cases/tune/small.yaml"):
        link(name, str(tmp_path / "secret.md"))(root)
    told = "\n".join(sentences(root))
    assert told.count(OUTSIDE) == 4
    assert "SECRET" not in told
    assert "secret" not in told
