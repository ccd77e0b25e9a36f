"""What the bot finds on its own machine: its folders, and the FAQ as `msfaq check` sees it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.chat.doctor.findings import Finding, fine, wrong

if TYPE_CHECKING:
    from pathlib import Path

_FAQ: Final = "FAQ"
_DATA: Final = "Data folder"
_PROCESSES: Final = "Processes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What is set for this machine, and what reading the FAQ came to."""

    faq_dir: Path
    entries: int
    """How many entries were read; 0 if the FAQ cannot be used."""
    problems: tuple[str, ...]
    """Each of the FAQ's errors, as a moderator reads it."""
    data_dir: Path
    home_guild_id: int | None = None
    shards_fault: str = ""
    """Why the bot would not start with the shards it is to serve; empty if it would."""


def examine_premises(premises: Premises) -> list[Finding]:
    """Return what there is to say of the FAQ, the folder the bot may write, and its settings."""
    found = [_faq(premises), _data(premises.data_dir)]
    if premises.shards_fault:
        mend = "Mend it in the file .env; “Several processes” in README.md has an example."
        found.append(wrong(_PROCESSES, f"The bot does not start: {premises.shards_fault}.", mend))
    return found


def _faq(premises: Premises) -> Finding:
    folder, found = premises.faq_dir, len(premises.problems)
    if not folder.is_dir():
        return wrong(
            _FAQ,
            f"There is no folder {folder}.",
            "Set FAQ_DIR to the folder of the FAQ, or start msfaq in the folder above it.",
        )
    if found:
        count = "1 problem" if found == 1 else f"{found} problems"
        return wrong(
            _FAQ,
            f"The FAQ in {folder} has {count}; the first: {premises.problems[0]}",
            "Run “msfaq check”: it lists every problem, each with its file and line.",
        )
    if not premises.entries:
        return wrong(
            _FAQ,
            f"The FAQ in {folder} has no entries.",
            "Set FAQ_DIR to the folder that holds the FAQ's “entries”.",
        )
    return fine(_FAQ, f"{premises.entries} entries in {folder}, without a problem.")


def _data(folder: Path) -> Finding:
    try:
        # The bot would make the folder too. Asking for permission would not see a full disk.
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"can this be kept?")
    except OSError as error:
        return wrong(
            _DATA,
            f"Nothing can be written in {folder}: {error.strerror or error}.",
            "Set DATA_DIR to a folder that the bot may write.",
        )
    return fine(_DATA, f"{folder} can be written.")
