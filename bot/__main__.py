"""Arguments in, exit status out."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from bot import app, console
from bot.content.calibrate import calibrate, write
from bot.content.load import load_cases, read_cases
from bot.content.opening import in_one_thread
from bot.content.problems import ContentError, Problem, errors
from bot.content.sharing_out import processes_at_hand
from bot.core.evaluation import judge
from bot.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from bot.content.load import Placed
    from bot.core.engine import Engine
    from bot.core.evaluation import Judged
    from bot.settings import Settings

_OK: Final = 0
_FAILED: Final = 1
_WRONG_USAGE: Final = 2
_INTERRUPTED: Final = 130
_NEW_OBJECTS: Final = 20_000
"""New objects from which on garbage is looked for: those of some hundred questions on Discord. With
Python's 700, looking took 2 to 4 % of the processor time of a question; what lies around meanwhile
is a few MB at most."""


class _Parser(argparse.ArgumentParser):
    """Says what to type instead, not only what was wrong."""

    def error(self, message: str) -> NoReturn:
        example = self.get_default("example")
        sys.stderr.write(f"{self.prog}: {message}\n")
        if example:
            sys.stderr.write(f"Type for example:  {example}\n")
        sys.stderr.write(f"All it can do:     {self.prog} --help\n")
        raise SystemExit(_WRONG_USAGE)


def run() -> NoReturn:
    """Run the command line of this process and leave with its status."""
    # Nothing that is read at the start is garbage; looking for some takes a seventh of the start.
    gc.disable()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; return 0, 1 for a failure, 2 for wrong usage."""
    try:
        parsed = _parsed(arguments)
        status = _do(parsed, read_settings())
        sys.stdout.flush()
    except (ContentError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not complain on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _OK
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else _FAILED
    return status


def _parser() -> _Parser:
    parser = _Parser(prog="msfaq", description="A reviewed FAQ on MS treatments, as a bot.")
    parser.set_defaults(example='msfaq ask "is there a cure for ms"')
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer one question, or each line of the input")
    ask.add_argument("question", nargs="*", help="the question; quotation marks are not needed")
    ask.add_argument("--json", action="store_true", help="print one JSON object a question")
    ask.add_argument("--stdin", action="store_true", help="answer each line of the input")
    ask.set_defaults(example='msfaq ask "what is hsct"')
    chat = commands.add_parser("chat", help="talk with the bot")
    chat.set_defaults(example="msfaq chat")
    check = commands.add_parser("check", help="list every problem of the FAQ, run all its cases")
    check.add_argument("folder", nargs="?", type=Path, help="the FAQ's folder (default: FAQ_DIR)")
    check.set_defaults(example="msfaq check faq")
    evaluate = commands.add_parser("eval", help="measure labelled questions")
    evaluate.add_argument("files", nargs="*", type=Path, help="YAML or JSONL (default: report set)")
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluate.set_defaults(example="msfaq eval faq/cases/tune/decline.yaml")
    run = commands.add_parser("run", help="connect to Discord and answer there")
    run.set_defaults(example="msfaq run")
    doctor = commands.add_parser("doctor", help="say what keeps the bot from working on Discord")
    doctor.add_argument(
        "--tidy", action="store_true", help="remove commands that a server shows twice"
    )
    doctor.set_defaults(example="msfaq doctor")
    gallery = commands.add_parser(
        "gallery", help="draw everything the bot shows on one page (HTML)"
    )
    gallery.add_argument("file", nargs="?", type=Path, help="where to write it")
    gallery.set_defaults(example="msfaq gallery gallery.html")
    fit = commands.add_parser(
        "calibrate", help="fit the numbers of the decision anew, and write them"
    )
    fit.set_defaults(example="msfaq calibrate")
    return parser


def _engine(settings: Settings) -> Engine:
    """Build the engine; what comes after it is collected, it is not."""
    engine = app.engine(settings.faq_dir, settings.data_dir)
    _settle()
    return engine


def _settle() -> None:
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    gc.enable()


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    parsed, unknown = parser.parse_known_args(arguments)
    if unknown:
        # The example that helps is the one of the command somebody wants to use.
        parser.set_defaults(example=parsed.example)
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return parsed


def _do(parsed: argparse.Namespace, settings: Settings) -> int:
    match parsed.command:
        case "ask":
            return _ask(parsed, settings)
        case "chat":
            console.chat(_engine(settings))
            return _OK
        case "check":
            return _check(parsed.folder or settings.faq_dir)
        case "eval":
            return _evaluate(parsed, settings)
        case "run":
            return _run(settings)
        case "doctor":
            return _doctor(settings, tidy=parsed.tidy)
        case "gallery":
            return _gallery(parsed.file or settings.data_dir / "gallery.html", settings)
        case _:
            return _calibrate(settings)


def _ask(parsed: argparse.Namespace, settings: Settings) -> int:
    question = " ".join(parsed.question)
    if bool(question) == bool(parsed.stdin):
        what = "one of them" if question else "a question"
        sys.stderr.write(
            f'msfaq ask: give {what}:  msfaq ask "what is hsct"  or  '
            "msfaq ask --stdin --json < questions.txt\n"
        )
        return _WRONG_USAGE
    engine = _engine(settings)
    if parsed.stdin:
        console.ask_lines(engine, sys.stdin.buffer, as_json=parsed.json)
    else:
        console.ask(engine, question, as_json=parsed.json)
    return _OK


def _run(settings: Settings) -> int:
    with _discord_installed():
        from bot import serving  # noqa: PLC0415
        from bot.content.live import LiveFaq  # noqa: PLC0415
    token, shards = serving.token_of(settings), serving.shards_of(settings)
    live = LiveFaq(settings.faq_dir, settings.data_dir, today=app.today, told=serving.log_notice)
    _settle()
    serving.run(settings, live, token, shards)
    return _OK


def _doctor(settings: Settings, *, tidy: bool) -> int:
    with _discord_installed():
        from bot.console_doctor import show_findings  # noqa: PLC0415
        from bot.examining import findings  # noqa: PLC0415
    report = app.check(settings.faq_dir, processes_at_hand())
    problems = [str(problem) for problem in errors(report.problems)]
    return show_findings(findings(settings, report.entries, problems, tidy=tidy))


def _gallery(file: Path, settings: Settings) -> int:
    with _discord_installed():
        from bot.gallery import draw_gallery  # noqa: PLC0415
    drawn = draw_gallery(settings.faq_dir, settings.data_dir, app.today)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(drawn, encoding="utf-8")
    sys.stdout.write(f"open {file.absolute()} in a browser\n")
    return _OK


@contextmanager
def _discord_installed() -> Generator[None]:
    """Tell how to install the library for Discord, an extra, where an import finds it missing.

    It takes as long to import as all the rest, hence only by the commands that need it.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        raise SettingsError(
            f"`{missing.name}` is not installed, and the bot needs it to talk to Discord: "
            "type `make run`, or `pip install 'ms-faq-bot[discord]'`"
        ) from missing


def _check(folder: Path) -> int:
    report = app.check(folder, processes_at_hand())
    console.show_check(report)
    return _FAILED if errors(report.problems) else _OK


def _evaluate(parsed: argparse.Namespace, settings: Settings) -> int:
    placed, problems = _labelled(parsed.files, settings.faq_dir)
    if errors(problems):
        raise ContentError(errors(problems))
    engine = _engine(settings)
    judged: list[Judged] = []
    micros: list[float] = []
    for one in placed:
        start = time.perf_counter_ns()
        considered = engine.consider(one.case.ask, one.case.after)
        micros.append((time.perf_counter_ns() - start) / 1000)
        judged.append(judge(one.case, considered))
    console.show_evaluation(judged, micros, as_json=parsed.json)
    return _OK


def _labelled(files: Sequence[Path], faq_dir: Path) -> tuple[list[Placed], list[Problem]]:
    if not files:
        found, wrong = load_cases(faq_dir)
        return [one for one in found if one.set_name == "report"], wrong
    placed: list[Placed] = []
    problems: list[Problem] = []
    for file in files:
        found, wrong = read_cases(file)
        placed += found
        problems += wrong
    return placed, problems


def _calibrate(settings: Settings) -> int:
    in_one_thread()
    fitted = calibrate(settings.faq_dir, app.today())
    write(settings.faq_dir, fitted)
    numbers = fitted.calibration
    sys.stdout.write(
        f"fitted on {fitted.cases} cases and {fitted.examples} examples; "
        f"answers from {numbers.answer_at:.2f}, choices from {numbers.offer_at:.2f}; "
        f"written to {settings.faq_dir / 'calibration'}\n"
    )
    return _OK


if __name__ == "__main__":
    run()
