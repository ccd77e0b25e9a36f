"""What a moderator is told: each rule broken once, its sentence pinned word for word."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.load import load, load_cases, load_examples, read_cases
from bot.content.problems import ContentError, Problem, Severity
from bot.core.faq import Advice, Entry
from bot.core.text import fold, plain
from tests.support import HERE, TODAY, change, problems, sentences, shipped, small, write

if TYPE_CHECKING:
    from pathlib import Path

UNFIT: Final = HERE / "unfit"
ENTRY: Final = "entries/ahsct/what-is-ahsct.md"
FILES: Final = ["sources", "claims", "words", "wording", "discord", "lists", "urgent", "advice"]
NOT_A_MODERATORS_WORDS: Final = (
    "pydantic",
    "tuple",
    "string",
    "dict",
    "mapping",
    "none_type",
    "nonetype",
    "integer",
    "input should",
    "validation",
    "traceback",
    "exception",
    "errno",
    "parse",
    "token",
    "scalar",
    "sequence",
    "null",
)


def test_the_small_faq_has_no_problems(tmp_path: Path) -> None:
    """So that each sentence below comes of the one change that its folder holds."""
    assert sentences(small(tmp_path)) == []


@pytest.mark.parametrize("unfit", sorted(path.name for path in UNFIT.iterdir()))
def test_each_rule_has_its_sentence(unfit: str, tmp_path: Path) -> None:
    """The file and the line are right, and nothing else is complained of."""
    root = small(tmp_path)
    shutil.copytree(UNFIT / unfit, root, dirs_exist_ok=True)
    expected = (UNFIT / unfit / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert expected
    assert sentences(root) == expected


def test_every_sentence_is_in_a_moderators_words() -> None:
    """One line each, of what is wrong and what to write, without a programmer's words."""
    for path in UNFIT.glob("*/expected.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            place, what, instead = line.split(": ", 1)[0], *line.split(": ", 1)[1].split(": ", 1)
            assert place.rpartition(":")[2].isdecimal(), line
            assert what
            assert instead
            told = f"{what} {instead}".lower()
            assert not [word for word in NOT_A_MODERATORS_WORDS if word in told], line


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(name: str, tmp_path: Path) -> None:
    """Alone: nothing is said of what the missing file would have held."""
    root = small(tmp_path)
    (root / f"{name}.yaml").unlink()
    told = f"{name}.yaml:1: there is no such file: add it, see faq/README.md"
    assert sentences(root) == [told]
    assert load(root, TODAY).faq is None


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """Of entries and of cases; without entries all that rests on them is missing too."""
    root = small(tmp_path)
    shutil.rmtree(root / "cases")
    told = ["cases:1: there is no such folder: add it, see faq/README.md"]
    assert sentences(root) == told
    shutil.rmtree(root / "entries")
    gone = "there is no entry `what-is-ahsct`: correct the id, or remove it"
    missing = told[0].replace("cases", "entries")
    assert sentences(root) == [
        *told,
        f"discord.yaml:1: {gone}",
        missing,
        f"wording.yaml:24: {gone}",
    ]


def test_a_folder_that_is_none_is_told_once(tmp_path: Path) -> None:
    """Not as eight missing files."""
    [told] = load(tmp_path / "nowhere", TODAY).problems
    assert str(told) == (
        f".:1: there is no FAQ in {tmp_path / 'nowhere'}: give the folder the FAQ stands in"
    )


def test_a_listener_that_is_missing_or_damaged_is_told(tmp_path: Path) -> None:
    """As something to consider: calibrating mends it, and begins with reading the FAQ."""
    root = small(tmp_path)
    instead = "run `msfaq calibrate`; without this file danger is not heard as it should be"
    where = "calibration/listener.npz:1: (to consider)"
    sound = (root / "calibration/listener.npz").read_bytes()
    # Cut off, or with eight bytes of its middle gone bad.
    spoilt = [sound[:at] + b"spoilt!!" + sound[at + 8 :] for at in range(90, len(sound) - 300, 200)]
    for damage in (b"", b"no archive", sound[:-9], *spoilt):
        write(root, "calibration/listener.npz", damage)
        loaded = load(root, TODAY)
        assert [str(p) for p in loaded.problems] == [f"{where} this file is damaged: {instead}"]
        assert loaded.weights is None
        assert loaded.faq is not None
    (root / "calibration/listener.npz").unlink()
    [told] = load(root, TODAY).problems
    assert str(told) == f"{where} there is no such file: {instead}"


def test_a_warning_keeps_nothing_from_being_used(tmp_path: Path) -> None:
    """An old review is to be considered; a future one is wrong."""
    root = small(tmp_path)
    change(root, ENTRY, "2026-11-22", "2025-11-22")
    loaded = load(root, TODAY)
    assert [problem.severity for problem in loaded.problems] == [Severity.WARNING]
    assert loaded.faq is not None
    change(root, ENTRY, "2025-11-22", "2025-11-23")
    assert load(root, TODAY).problems == ()


def test_a_change_of_the_shipped_faq_is_told_on_its_line(tmp_path: Path) -> None:
    """The small FAQ and the shipped one are read by the same rules."""
    root = shipped(tmp_path)
    change(root, ENTRY, "question: What is AHSCT?", "question: AHSCT: what is it?")
    told = [str(problem) for problem in load(root, TODAY).problems]
    assert told[0].startswith(f"{ENTRY}:2: a colon followed by a space stands inside a text: ")


def test_examples_are_read_by_the_same_rules(tmp_path: Path) -> None:
    """A kind that is none, a text that is none, a file the bot would pass over."""
    root = small(tmp_path)
    assert load_examples(root) == ([], [])
    write(root, "examples/calm.yaml", "kind: calm\ntexts:\n  - my cat died\n")
    write(root, "examples/mild.yaml", "kind: mild\ntexts:\n  - my cat died\n")
    write(root, "examples/none.yaml", 'kind: calm\ntexts:\n  - ""\n')
    write(root, "examples/more.txt", "kind: calm\n")
    found, wrong = load_examples(root)
    assert [examples.texts for examples in found] == [("my cat died",)]
    assert [str(problem).rpartition(": ")[0] for problem in wrong] == [
        "examples/mild.yaml:1: `kind` cannot be “mild”",
        (
            "examples/more.txt:1: the bot does not read this: "
            "in examples/ it reads files ending in .yaml"
        ),
        "examples/none.yaml:3: a text under `texts` holds nothing to read",
    ]


def test_labelled_questions_may_come_from_anywhere_and_be_many(tmp_path: Path) -> None:
    """JSON as any program writes it: escaped emoji, null, numbers; and more than 64 KiB of it."""
    asked = "is hsct a cure? 🙂"
    line = json.dumps({"ask": asked, "must": "decline", "entry": None})
    assert "\\ud83d" in line
    real = write(tmp_path, "elsewhere/mine.jsonl", f"{line}\n\n" * 2_000)
    (tmp_path / "link.jsonl").symlink_to(real)
    placed, wrong = read_cases(tmp_path / "link.jsonl")
    assert wrong == []
    assert len(placed) == 2_000
    assert (placed[1].case.ask, placed[1].case.entry, placed[1].line) == (asked, None, 3)
    path = write(
        tmp_path, "mine.yaml", "cases:\n" + f"  - ask: {asked}\n    must: decline\n" * 3_000
    )
    placed, wrong = read_cases(path)
    assert (len(placed), placed[-1].line, wrong) == (3_000, 6_000, [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "this line is not JSON"),
        ("[" * 60_000, "this line is not JSON"),
        ("[]", "this is not a list of `name: value` lines"),
        ('{"ask": "x"}', "`must` is missing"),
        ('{"ask": "x", "must": "fly"}', "`must` cannot be “fly”"),
        ('{"ask": ["x"], "must": "answer"}', "`ask` must be one text, not a list"),
        ('{"ask": 5, "must": null}', "`must` is missing"),
        ('{"ask": "\\ud800", "must": "decline"}', "`ask` cannot be “"),
        ('{"ask": "x", "must": "decline", "label": 1}', "`label` is not a name this file knows"),
    ],
)
def test_a_labelled_question_that_is_wrong_is_told_on_its_line(
    line: str, told: str, tmp_path: Path
) -> None:
    """The others are read all the same."""
    good = '{"ask": "x", "must": "decline"}'
    placed, wrong = read_cases(write(tmp_path, "mine.jsonl", f"{good}\n{line}\n{good}\n"))
    assert [one.line for one in placed] == [1, 3]
    [problem] = wrong
    assert (problem.file, problem.line) == ("mine.jsonl", 2)
    assert problem.what.startswith(told)
    str(problem).encode()


def test_labelled_questions_that_are_not_there_are_told(tmp_path: Path) -> None:
    """In a sentence, whatever the ending."""
    for name in ("none.jsonl", "none.yaml"):
        _, [problem] = read_cases(tmp_path / name)
        assert str(problem).startswith(f"{name}:1: there is no such file: ")


def test_problems_are_told_once_sorted_and_in_one_line_each() -> None:
    """Whatever the words of the file that a sentence repeats."""
    late = Problem("b.yaml", 2, "x\ny", "z")
    early = Problem("a.yaml", 10, "x", "y", Severity.WARNING)
    error = ContentError([late, early, late])
    assert str(error) == "a.yaml:10: (to consider) x: y\nb.yaml:2: x y: z"


# Any file of the small FAQ, with any text put in the place of any part of it.
NAMES: Final = sorted(
    path.relative_to(HERE / "small").as_posix()
    for path in (HERE / "small").rglob("*.*")
    if path.is_file()
)
CLEVER: Final = st.sampled_from(
    ["\t", "\n", "\r", "---\n", "- ", ": ", "&a ", "*a", "!t ", "[", "{", '"', "'", "|\n", ">", "#"]
)
PIECES: Final = st.lists(CLEVER | st.text(max_size=20), max_size=6).map("".join)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one small FAQ for all examples of a property."""
    return small(tmp_path_factory.mktemp("any"))


def told_within(root: Path, name: str, text: str) -> None:
    """Read the FAQ with `text` in the file `name`; every line told must be one of the file."""
    before = write(root, name, "").parent, (HERE / "small" / name).read_bytes()
    write(root, name, text.encode("utf-8", "surrogatepass"))
    try:
        found = [*load(root, TODAY).problems, *load_cases(root)[1]]
    finally:
        write(root, name, before[1])
    for problem in found:
        path = root / problem.file
        if path.is_file():
            of_file = text if problem.file == name else path.read_text(encoding="utf-8")
            plain_ends = of_file.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
            assert 1 <= problem.line <= plain_ends.count("\n") + 1, str(problem)
        assert "\n" not in str(problem)


@settings(max_examples=60, deadline=None)
@given(text=PIECES)
def test_any_text_as_an_entry_is_read_or_told(root: Path, text: str) -> None:
    """Never raises, and names a line that is there."""
    told_within(root, ENTRY, text)
    told_within(root, ENTRY, f"---\n{text}\n---\nIt is a treatment.\n")


@settings(max_examples=120, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data(), piece=PIECES)
def test_any_change_of_any_file_is_read_or_told(
    root: Path, name: str, data: st.DataObject, piece: str
) -> None:
    """Never raises, and names a line that is there."""
    text = (HERE / "small" / name).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    told_within(root, name, text[:start] + piece + text[end:])


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """For any text, nor does taking the plain words twice."""
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


LINE: Final = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
    .map(lambda text: f"x{text}y".replace("\ufeff", "").replace("\uffff", "").replace("\ufffe", ""))
    .map(str.strip)
)
SLUG: Final = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(
    question=LINE,
    also_asked=st.lists(LINE, min_size=8, max_size=12, unique_by=plain),
    answer=st.lists(LINE, min_size=1, max_size=5).map("\n\n".join),
    advice=st.sampled_from(Advice),
    reviewed=st.dates(max_value=TODAY),
    entry_id=SLUG,
)
def test_an_entry_written_to_a_file_and_read_back_is_the_same(root: Path, **parts: object) -> None:
    """Whatever its words; YAML takes no word for a number, a date or a yes."""
    entry = Entry.model_validate(
        {
            **{name: part for name, part in parts.items() if name != "entry_id"},
            "id": f"zz-{parts['entry_id']}",
            "topic": "ahsct",
            "evidence": "article",
            "sources": ("article",),
            "claims": ("A01",),
            "related": ("ahsct-cost",),
        }
    )
    header = entry.model_dump(mode="json", exclude={"id", "topic", "answer"})
    lines = "".join(
        f"{name}: {json.dumps(part, ensure_ascii=False)}\n" for name, part in header.items()
    )
    path = write(root, f"entries/ahsct/{entry.id}.md", f"---\n{lines}---\n{entry.answer}\n")
    try:
        loaded = load(root, TODAY)
    finally:
        path.unlink()
    kept = [p for p in loaded.problems if p.severity is Severity.ERROR]
    if not kept:
        assert loaded.faq is not None
        assert loaded.faq.entry(entry.id) == entry
    assert all("already asks" in p.what or "twice" in p.what for p in kept), kept


def test_any_order_of_files_gives_the_same_problems(tmp_path: Path) -> None:
    """Told by file and line, not by who was read first."""
    root = small(tmp_path)
    shutil.copytree(UNFIT / "several-files-at-once", root, dirs_exist_ok=True)
    found = problems(root)
    assert found == sorted(found)
    assert len(found) == len({str(problem) for problem in found})
