"""The same bot in a terminal: one question, many lines, or a conversation."""

from __future__ import annotations

import json
import re
import sys
import time
from typing import IO, TYPE_CHECKING, Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from bot.core.answering import Answered, Urgent
from bot.core.evaluation import confusions, figures, name_of, reliability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.app import Report
    from bot.core.answering import Considered, Reply
    from bot.core.engine import Engine
    from bot.core.evaluation import Judged, Share
    from bot.core.matcher import Candidate

_WIDTH: Final = 88
_MOST_SHOWN: Final = 12
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_GREETING: Final = (
    "Ask about AHSCT, metformin or the article they come from. A number picks a choice, q ends."
)
_LEAVING: Final = frozenset({"q", "quit", "exit", "bye"})


def ask(engine: Engine, question: str, *, as_json: bool) -> None:
    """Print what the bot answers to one question."""
    if as_json:
        sys.stdout.write(f"{_json(engine, question)}\n")
    else:
        show(_console(), engine.consider(question))


def ask_lines(engine: Engine, lines: IO[bytes], *, as_json: bool) -> None:
    """Answer each line as it comes: one line in, one answer out, flushed at once."""
    console = _console()
    for line in lines:
        question = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if as_json:
            sys.stdout.write(f"{_json(engine, question)}\n")
            sys.stdout.flush()
        else:
            show(console, engine.consider(question))


def chat(engine: Engine, read: Callable[[str], str] = input) -> None:
    """Talk until the person leaves; a follow-up is read in the light of the last answer."""
    console = _console()
    console.print(Text(_GREETING, style="dim"))
    context: str | None = None
    choices: list[str] = []
    while True:
        try:
            said = read("\nYou: ").strip()
        except EOFError:
            console.print()
            return
        if said.casefold() in _LEAVING:
            return
        if not said:
            continue
        reply, shown = _picked(engine, said, choices) or _considered(engine, said, context)
        context = shown or context
        choices = [choice.entry for choice in reply.choices]
        _show_reply(console, reply)


def _picked(engine: Engine, said: str, choices: Sequence[str]) -> tuple[Reply, str] | None:
    if not said.isdecimal() or not 1 <= int(said) <= len(choices):
        return None
    entry = choices[int(said) - 1]
    reply = engine.answerer.show(entry)
    return None if reply is None else (reply, entry)


def _considered(engine: Engine, said: str, context: str | None) -> tuple[Reply, str | None]:
    considered = engine.consider(said, context)
    outcome = considered.outcome
    return considered.reply, outcome.entry.id if isinstance(outcome, Answered) else None


def show(console: Console, considered: Considered) -> None:
    """Print a reply; danger stands out by its place and words, not by colour alone."""
    if isinstance(considered.outcome, Urgent):
        console.rule()
    _show_reply(console, considered.reply)


def _show_reply(console: Console, reply: Reply) -> None:
    console.print()
    console.print(Text(reply.title, style="bold"))
    console.print()
    console.print(_marked(reply.body))
    console.print(Text(f"\nEvidence: {reply.evidence}. Reviewed: {reply.reviewed}."))
    console.print(Text("Sources:"))
    for source in reply.sources:
        line = Text(f"- {source.text}; {source.kind}", style="dim")
        console.print(Padding(line, (0, 0, 0, 2)))
        # An address broken over two lines cannot be clicked or copied.
        console.print(Text(f"    {source.link}", style="dim"), soft_wrap=True)
    if reply.choices:
        console.print()
        for number, choice in enumerate(reply.choices, start=1):
            console.print(Padding(Text(f"{number}. {choice.question}"), (0, 0, 0, 2)))
    console.print(Text(f"\n{reply.disclaimer}", style="italic"))


def _marked(body: str) -> Text:
    return Text.from_markup(_BOLD.sub(r"[bold]\1[/bold]", escape(body)))


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH)
    return console


def _json(engine: Engine, question: str) -> str:
    start = time.perf_counter_ns()
    considered = engine.consider(question)
    micros = (time.perf_counter_ns() - start) // 1000
    outcome = considered.outcome
    return json.dumps(
        {
            "question": question,
            "outcome": name_of(outcome),
            "entry": outcome.entry.id if isinstance(outcome, Answered) else None,
            "confidence": round(considered.confidence, 4),
            "candidates": [_candidate(candidate) for candidate in considered.candidates],
            "reply": considered.reply.model_dump(mode="json"),
            "micros": micros,
        },
        ensure_ascii=False,
    )


def _candidate(candidate: Candidate) -> dict[str, object]:
    because = candidate.because
    return {
        "entry": candidate.entry.id,
        "score": candidate.score,
        "because": {
            "wording": because.wording,
            "words": because.words,
            "repaired": dict(because.repaired),
            "blocked_by": candidate.blocked_by,
        },
    }


def show_check(report: Report) -> None:
    """Print every problem, then how the cases fared."""
    for problem in report.problems:
        sys.stdout.write(f"{problem}\n")
    if report.checked is not None:
        for name, came in sorted(report.checked.came.items()):
            shares = {share.name: share for share in figures(came)}
            told = ", ".join(
                f"{share.name} {share.count}/{share.total}" for share in shares.values()
            )
            sys.stdout.write(f"cases/{name}: {len(came)} cases; {told}\n")
    found = len(report.problems)
    told = "no problems" if not found else f"{found} problem{'s' if found > 1 else ''}"
    sys.stdout.write(f"{report.entries} entries, {told}\n")


def show_evaluation(judged: Sequence[Judged], micros: Sequence[float], *, as_json: bool) -> None:
    """Print accuracy, wrong-answer rate, confusion, calibration and latency."""
    if as_json:
        sys.stdout.write(f"{json.dumps(_evaluation(judged, micros))}\n")
        return
    sys.stdout.write(f"{len(judged)} labelled questions\n\n")
    for share in figures(judged):
        low, high = share.interval
        count = f"{share.count}/{share.total}"
        sys.stdout.write(
            f"{share.name:32}{count:>10}{share.value:8.1%}  ({low:.1%} to {high:.1%})\n"
        )
    sys.stdout.write("\nhow sure, and how often right (first candidate)\n")
    for band in reliability(judged):
        right = band.right
        sys.stdout.write(
            f"  {right.name:12}{right.total:5} questions, sure {band.sure:.2f}, "
            f"right {right.value:.2f}\n"
        )
    pairs = confusions(judged).most_common(_MOST_SHOWN)
    if pairs:
        sys.stdout.write("\nmeant → shown\n")
        for (meant, shown), times in pairs:
            sys.stdout.write(f"  {times} x {meant} → {shown}\n")
    middle, slow = _latency(micros)
    sys.stdout.write(f"\nmicroseconds a question: median {middle:.0f}, 99 % below {slow:.0f}\n")


def _evaluation(judged: Sequence[Judged], micros: Sequence[float]) -> Mapping[str, object]:
    middle, slow = _latency(micros)
    return {
        "questions": len(judged),
        "figures": [_share(share) for share in figures(judged)],
        "calibration": [{"sure": band.sure, **_share(band.right)} for band in reliability(judged)],
        "confusion": [
            {"meant": meant, "shown": shown, "times": times}
            for (meant, shown), times in confusions(judged).most_common()
        ],
        "micros": {"median": middle, "p99": slow},
    }


def _share(share: Share) -> dict[str, object]:
    return {
        "name": share.name,
        "count": share.count,
        "total": share.total,
        "share": share.value,
        "interval": share.interval,
    }


def _latency(micros: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(micros) or [0.0]
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
