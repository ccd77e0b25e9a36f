"""Whether the FAQ does what its cases say: everything is run through the live path."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from bot.content.parts import file_of, plain
from bot.content.problems import Problem, Severity, shown
from bot.content.running import Runner
from bot.content.screening_rules import rules_in_files
from bot.core.cases import Must
from bot.core.evaluation import Came, Share, Verdict, figures
from bot.core.fitting import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.content.load import Placed
    from bot.content.yamlread import Tree
    from bot.core.engine import Engine
    from bot.core.faq import Faq

_COMPARED_UP_TO: Final = 6_000
_FLOORS: Final[Mapping[str, tuple[float, bool]]] = {
    # Share → (limit, whether it is a least). A set that falls below is no longer fit to publish.
    "right, or within the choices": (0.85, True),
    "wrong and confident": (0.03, False),
    "off topic, falsely answered": (0.02, False),
    "emergency or crisis missed": (0.05, False),
    "personal advice not guarded": (0.05, False),
}
_WANTED: Final[Mapping[Must, str]] = {
    Must.ANSWER: "be answered",
    Must.OFFER: "be offered choices",
    Must.DECLINE: "be declined",
    Must.URGENT: "be urgent",
    Must.CRISIS: "be a crisis",
    Must.GUARD: "be guarded",
    Must.CALM: "raise no alarm",
    Must.GENERAL: "be treated as a general question",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of running every case."""

    problems: tuple[Problem, ...]
    came: Mapping[str, tuple[Came, ...]]
    """Set of cases (must, tune, report) → what came of each of its cases."""


def check_cases(
    engine: Engine,
    placed: Sequence[Placed],
    trees: Mapping[str, Tree],
    runner: Runner | None = None,
) -> Checked:
    """Run every case and every example of a screening rule; return what is wrong."""
    runner = runner or Runner()
    came = runner.came(engine, [one.case for one in placed], whole=False)
    problems = {*written_problems(engine, placed, trees, runner), *kept_problems(placed, came)}
    return Checked(tuple(sorted(problems)), by_set(placed, came))


def by_set(placed: Sequence[Placed], came: Sequence[Came]) -> dict[str, tuple[Came, ...]]:
    """Return for each set of cases (must, tune, report) what came of each of its cases."""
    sets: dict[str, list[Came]] = defaultdict(list)
    for one, result in zip(placed, came, strict=True):
        sets[one.set_name].append(result)
    return {name: tuple(results) for name, results in sets.items()}


def written_problems(
    engine: Engine, placed: Sequence[Placed], trees: Mapping[str, Tree], runner: Runner
) -> Iterator[Problem]:
    """Yield what is wrong with cases, wordings and rules as they are written."""
    yield from _cases_name_entries(engine.faq, placed)
    yield from _cases_stand_once(placed)
    yield from _entries_have_cases(engine.faq, placed, trees)
    yield from _wordings_are_told_apart(engine.faq, trees, runner)
    yield from _rules_do_what_they_say(engine, trees, runner)


def kept_problems(placed: Sequence[Placed], came: Sequence[Came]) -> Iterator[Problem]:
    """Yield each broken promise and each floor that is fallen below; `came` is what came of each.

    Promises are held one by one, the tuning cases as a whole; the report set is only reported on.
    """
    for one, result in zip(placed, came, strict=True):
        if one.set_name == "must":
            yield from _broken_promise(one, result)
    yield from _below_floor("tune", figures(by_set(placed, came).get("tune", ())))


def stale_calibration(faq: Faq) -> list[Problem]:
    """Return a note if the numbers of the decision were fitted on another FAQ."""
    if faq.calibration.faq == fingerprint(faq):
        return []
    what = "the FAQ has changed since the numbers of the decision were fitted"
    instead = "nothing for a small change; after several, run `msfaq calibrate`"
    return [Problem("calibration/calibration.yaml", 1, what, instead, Severity.WARNING)]


def _cases_name_entries(faq: Faq, placed: Sequence[Placed]) -> Iterator[Problem]:
    ids = {entry.id for entry in faq.entries}
    for one in placed:
        named = one.case.right() | set[str]([one.case.after] if one.case.after else [])
        for entry in sorted(named - ids):
            what = f"the case names an entry that is not there, `{entry}`"
            # An entry may be retired by people who never touch the exam paper.
            severity = Severity.WARNING if one.set_name == "report" else Severity.ERROR
            instead = "correct the id, or remove the case"
            yield Problem(one.file, one.line, what, instead, severity)
        needs = {Must.ANSWER: 1, Must.OFFER: 2}.get(one.case.must, 0)
        names = len(one.case.right())
        if names < needs:
            only = "no entry" if names == 0 else "only one entry"
            what = f"the case says `must: {one.case.must}`, but names {only}"
            instead = "add `entry: a` for answer, `entries: [a, b]` for offer"
            yield Problem(one.file, one.line, what, instead)


def _cases_stand_once(placed: Sequence[Placed]) -> Iterator[Problem]:
    first: dict[tuple[str, str | None], Placed] = {}
    for one in placed:
        # Signs and emoji are no words: what consists of them is compared as it stands.
        asked = plain(one.case.ask) or one.case.ask
        other = first.setdefault((asked, one.case.after), one)
        measured = "report" in {one.set_name, other.set_name}
        if other is not one and (measured or one.set_name == other.set_name):
            what = f"the question also stands in {other.file}, line {other.line}"
            instead = "keep it in one place; the report set is never tuned on"
            yield Problem(one.file, one.line, what, instead)


def _entries_have_cases(
    faq: Faq, placed: Sequence[Placed], trees: Mapping[str, Tree]
) -> Iterator[Problem]:
    own = {entry.id: {plain(wording) for wording in entry.wordings()} for entry in faq.entries}
    covered: set[str] = set()
    for one in placed:
        if one.set_name == "report":
            # Only reported on: it neither covers an entry nor is its text ever shown.
            continue
        for entry in one.case.right():
            if plain(one.case.ask) not in own.get(entry, ()):
                covered.add(entry)
            elif one.case.must is Must.ANSWER:
                what = f"the case is word for word a wording of `{entry}`"
                instead = "ask in other words; the entry's own always match"
                yield Problem(one.file, one.line, what, instead)
    for entry in faq.entries:
        if entry.id not in covered:
            what = "no case asks for this entry in words that are not its own"
            line = trees[file_of(entry)].line(())
            yield Problem(file_of(entry), line, what, "add one to cases/must/ or cases/tune/")


def _wordings_are_told_apart(
    faq: Faq, trees: Mapping[str, Tree], runner: Runner
) -> Iterator[Problem]:
    owned = [
        (entry, number, " ".join(sorted(plain(wording).split())))
        for entry in faq.entries
        for number, wording in enumerate(entry.also_asked)
    ]
    if len(owned) > _COMPARED_UP_TO:
        return
    for first, second in runner.near([text for _, _, text in owned]):
        (entry, _, _), (other, number, _) = owned[first], owned[second]
        if entry.id != other.id:
            wording = other.also_asked[number]
            what = f"“{shown(wording)}” is nearly the same as a wording of {file_of(entry)}"
            line = trees[file_of(other)].line(("also_asked", number))
            instead = "make the two differ in what they ask, or keep one"
            yield Problem(file_of(other), line, what, instead, Severity.WARNING)


def _rules_do_what_they_say(
    engine: Engine, trees: Mapping[str, Tree], runner: Runner
) -> Iterator[Problem]:
    examples = [
        (file, rule, (number, part, place), text)
        for file, number, rule in rules_in_files(engine.faq)
        for part in ("matches", "must_not_match")
        for place, text in enumerate(cast("tuple[str, ...]", getattr(rule, part)))
    ]
    raised = runner.alarms(engine, [text for _, _, _, text in examples])
    for (file, rule, path, text), alarms in zip(examples, raised, strict=True):
        wanted = path[1] == "matches"
        if any(alarm.rule.harm == rule.harm for alarm in alarms) is not wanted:
            verb = "raises no alarm" if wanted else "raises the alarm"
            what = f"“{shown(text)}” {verb} ({rule.harm})"
            line = trees[file].line(("rules", *path))
            yield Problem(file, line, what, "change a phrase, or move the example")


def _broken_promise(one: Placed, came: Came) -> list[Problem]:
    kept = {Verdict.RIGHT, Verdict.WITHIN} if one.case.must is Must.ANSWER else {Verdict.RIGHT}
    if came.verdict in kept:
        return []
    entry = f" with `{one.case.entry}`" if one.case.entry and one.case.must is Must.ANSWER else ""
    wanted = _WANTED[one.case.must]
    what = f"“{shown(one.case.ask)}” must {wanted}{entry}, but the bot's outcome is {came.outcome}"
    instead = "add a wording or a phrase that makes the difference, or mend the case"
    return [Problem(one.file, one.line, what, instead)]


def _below_floor(name: str, shares: Sequence[Share]) -> Iterator[Problem]:
    for share in shares:
        limit, least = _FLOORS.get(share.name, (0.0, True))
        if share.name in _FLOORS and (share.value < limit if least else share.value > limit):
            bound = "at least" if least else "at most"
            what = f"“{share.name}” is {share.value:.1%} of {share.total}"
            what += f", {bound} {limit:.0%} is asked"
            look = "`msfaq eval faq/cases/tune/*.yaml` shows what is mixed up"
            instead = f"undo what changed it, or add wordings; {look}"
            yield Problem(f"cases/{name}", 1, what, instead)
