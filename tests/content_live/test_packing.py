"""A zip to keep, and what may be uploaded: every harm is refused by a sentence."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from bot.content.load import load, load_cases
from bot.content.packing import MOST_UPLOADED, pack, unpack
from bot.core.changes import Change
from tests.content_live.conftest import AHSCT, COST
from tests.support import SHIPPED, TODAY, write

if TYPE_CHECKING:
    from pathlib import Path

    from bot.core.faq import Faq


@pytest.fixture
def small_faq(root: Path) -> Faq:
    """Return the small FAQ."""
    faq = load(root, TODAY).faq
    assert faq is not None
    return faq


def zipped(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return data.getvalue()


def refusals(data: bytes, name: str, faq: Faq) -> list[str]:
    changes, problems = unpack(data, name, faq)
    assert changes == []
    return [problem.what for problem in problems]


def test_what_was_packed_is_unpacked(root: Path, small_faq: Faq) -> None:
    changes, problems = unpack(pack(root), "faq.zip", small_faq)
    assert problems == []
    assert {one.file: one.text for one in changes} == {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file() and path.parent.name != "calibration"
    }


def test_a_pack_holds_no_report_set_no_examples_and_no_numbers_of_the_program(root: Path) -> None:
    write(root, "cases/report/sealed.yaml", "cases:\n  - {ask: sealed, must: decline}\n")
    write(root, "examples/calm-1.yaml", 'kind: calm\ntexts:\n  - "this wait is killing me"\n')
    assert len(load_cases(root)[0]) == 6
    names = zipfile.ZipFile(io.BytesIO(pack(root))).namelist()
    assert "cases/must/small.yaml" in names
    assert not any(name.startswith(("cases/report", "calibration", "examples")) for name in names)


def test_the_shipped_faq_can_be_downloaded_and_uploaded_again(faq: Faq) -> None:
    data = pack(SHIPPED)
    assert len(data) < MOST_UPLOADED
    assert data == pack(SHIPPED)
    changes, problems = unpack(data, "faq.zip", faq)
    assert not problems
    assert len(changes) > len(faq.entries)


def test_one_entry_goes_where_it_stands(small_faq: Faq) -> None:
    changes, problems = unpack(b"text\r\n", "ahsct-cost.md", small_faq)
    assert changes == [Change(COST, "text\n")]
    assert [problem.what for problem in problems] == [
        "the file was saved the Windows way (a mark at its start, or CRLF line ends)"
    ]


def test_what_systems_add_to_a_zip_and_a_folder_around_it_are_ignored(small_faq: Faq) -> None:
    data = zipped(
        {
            f"my faq/{AHSCT}": "text",
            "my faq/words.yaml": "text",
            "my faq/README.md": "text",
            "__MACOSX/my faq/._words.yaml": b"\0",
            "my faq/.DS_Store": b"\0",
            "my faq/calibration/calibration.yaml": "text",
        }
    )
    changes, problems = unpack(data, "FAQ.ZIP", small_faq)
    assert problems == []
    assert changes == [Change(AHSCT, "text"), Change("words.yaml", "text")]


@pytest.mark.parametrize(
    "name",
    ["../words.yaml", "entries/../../words.yaml", "/etc/passwd", "entries//x.md", "a\\..\\b.yaml"],
)
def test_a_path_that_climbs_out_is_refused(small_faq: Faq, name: str) -> None:
    assert refusals(zipped({name: "text"}), "x.zip", small_faq) == [
        "this path leads out of the FAQ's folder"
    ]


def test_a_link_is_refused(small_faq: Faq) -> None:
    info = zipfile.ZipInfo("words.yaml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr(info, "/etc/passwd")
    assert refusals(data.getvalue(), "x.zip", small_faq) == ["this is a link"]


def test_a_bomb_is_refused_unopened(small_faq: Faq) -> None:
    one = zipped({"words.yaml": b"a" * 50_000_000})
    assert len(one) < MOST_UPLOADED
    assert refusals(one, "x.zip", small_faq) == [
        "this zip holds more than 2,000 files, or unpacks to more than 16 MB"
    ]
    many = zipped({f"examples/{number}.yaml": "" for number in range(2_001)})
    assert "more than 2,000 files" in refusals(many, "x.zip", small_faq)[0]
    large = zipped({"words.yaml": b"a" * 70_000, AHSCT: "text"})
    assert refusals(large, "x.zip", small_faq) == ["the file is larger than 64 KiB"]


def test_a_bomb_that_lies_about_its_size_is_refused(small_faq: Faq) -> None:
    honest = zipped({"words.yaml": b"a" * 10_000_000})
    size = (10_000_000).to_bytes(4, "little")
    assert honest.count(size) == 2
    lying = honest.replace(size, (100).to_bytes(4, "little"))
    [told] = refusals(lying, "x.zip", small_faq)
    assert told.startswith("this zip is damaged")


def test_what_is_no_zip_and_what_is_locked_is_refused(small_faq: Faq) -> None:
    sound = zipped({"words.yaml": "text" * 100})
    assert refusals(b"PK no zip", "x.zip", small_faq)[0].startswith("this zip is damaged")
    assert refusals(sound[:60], "x.zip", small_faq)[0].startswith("this zip is damaged")
    locked = bytearray(sound)
    locked[6] |= 1
    locked[sound.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusals(bytes(locked), "x.zip", small_faq)[0].startswith("this zip is damaged, locked")
    assert refusals(zipped({}), "x.zip", small_faq) == ["there is no file of a FAQ in this zip"]


def test_other_uploads_are_refused(small_faq: Faq) -> None:
    assert refusals(b"x", "faq.pdf", small_faq) == ["this is neither a .md file nor a .zip file"]
    assert refusals(b"x", "new-entry.md", small_faq) == [
        "there is no entry `new-entry` yet, so its topic is unknown"
    ]
    assert refusals(b"x" * (MOST_UPLOADED + 1), "x.zip", small_faq) == [
        "the upload is larger than 1 MB"
    ]
    assert refusals(b"\xff\xfe", "ahsct-cost.md", small_faq) == [
        "this line holds a character that is not UTF-8 text"
    ]
