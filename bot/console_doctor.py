"""What the doctor found, in a terminal: marks and colours only repeat what the words say."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.doctor import Finding

_WIDTH: Final = 88
_INDENT: Final = 8
_LOOKS: Final = {
    True: ("✓", "fine", "green"),
    None: ("!", "look", "yellow"),
    False: ("✗", "mend", "bold red"),
}


def show_findings(findings: Sequence[Finding]) -> int:
    """Print each finding with what to do about it; return 1 if one has to be mended, else 0."""
    console = Console(highlight=False)
    width = min(console.width, _WIDTH)
    for one in findings:
        mark, word, style = _LOOKS[one.ok]
        head = f"  {word}" if console.options.ascii_only else f"{mark} {word}"
        told = Text(_filled(f"{head}  {one.what}: {one.told}", width))
        told.stylize(style, 0, len(head))
        # The lines are ready: an address broken over two of them could not be clicked or copied.
        console.print(told, soft_wrap=True)
        if one.mend:
            todo = _filled(f"{' ' * _INDENT}To do: {one.mend}", width)
            console.print(Text(todo), soft_wrap=True)
    console.print()
    console.print(Text(_summary(findings)))
    return int(any(one.ok is False for one in findings))


def _filled(text: str, width: int) -> str:
    indent = " " * _INDENT
    return textwrap.fill(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(findings: Sequence[Finding]) -> str:
    mend = sum(one.ok is False for one in findings)
    look = sum(one.ok is None for one in findings)
    if mend:
        things = "1 thing has" if mend == 1 else f"{mend} things have"
        return f"{things} to be mended (marked “mend”) before all of the bot works."
    if look:
        things = "1 thing deserves" if look == 1 else f"{look} things deserve"
        return f"Nothing has to be mended; {things} a look (marked “look”)."
    return "All is well."
