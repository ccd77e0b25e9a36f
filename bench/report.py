"""What a benchmark prints: tables, and whether the floors are kept."""

from __future__ import annotations

import sys


class Report:
    """The lines of the tables: printed at once, and kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.passes = True

    def say(self, text: str) -> None:
        """Print and keep some lines."""
        self.lines += text.split("\n")
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def floor(self, what: str, measured: float, floor: float, unit: str) -> None:
        """Say whether what was measured is within its floor."""
        passes = measured <= floor
        self.passes = self.passes and passes
        verdict = "PASS" if passes else "FAIL"
        self.say(f"  {verdict}  {what:52}{measured:>8.2f} {unit:6}floor {floor:g}")
