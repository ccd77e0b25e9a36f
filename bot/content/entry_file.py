"""An entry → the file that a moderator would have written for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.content.yamlread import YamlError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.faq import Entry

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def entry_text(entry: Entry) -> str:
    """Return the text of the file of `entry`: what is read from it is the same entry again."""
    header = [
        f"question: {_written(entry.question)}",
        "also_asked:",
        *(f"  - {_written(wording)}" for wording in entry.also_asked),
        f"evidence: {entry.evidence}",
        f"sources: {_listed(entry.sources)}",
        f"claims: {_listed(entry.claims)}",
        f"advice: {entry.advice}",
        f"related: {_listed(entry.related)}",
        f"reviewed: {entry.reviewed.isoformat()}",
    ]
    return "\n".join(["---", *header, "---", entry.answer, ""])


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"


def _written(text: str) -> str:
    """Return `text` as it may stand behind a colon or a dash: in quotes only if it must be."""
    if "\n" not in text:
        try:
            if read_yaml(f"- {text}").value == [text] and read_yaml(f"a: {text}").value == {
                "a": text
            }:
                return text
        except YamlError:
            pass
    return f'"{"".join(_ESCAPES.get(one, one) for one in text)}"'
