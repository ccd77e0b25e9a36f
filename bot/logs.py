"""What the log looks like. Nothing a member wrote is in it, whatever breaks and whoever logs."""

from __future__ import annotations

import json
import logging
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, TextIO

from bot.chat.failures import places

if TYPE_CHECKING:
    from bot.settings import Settings

_NO_NEWS: Final = ("Guilds intent seems", "PyNaCl is not", "davey is not")
"""How the library's warnings begin that are true and meant so: this bot needs no list of servers,
and has no voice."""
_PLACE_OF_AN_ARGUMENT: Final = re.compile(r"%[-+.\d]*[a-z]")


class _Plain(logging.Formatter):
    """One line an event; an exception as its type and places, without its words."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        line = f"{when} {record.levelname} {record.name}: {_told(record)}"
        failed = _failed(record)
        return f"{line}\n{failed}" if failed else line


class _Json(logging.Formatter):
    """One JSON object an event."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _told(record),
        }
        failed = _failed(record)
        return json.dumps({**event, "failure": failed} if failed else event)


def _told(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] == "bot" or not record.exc_info:
        return record.getMessage()
    # A sentence about what broke may quote buttons, users and texts: discord.py's where its
    # arguments go, that of asyncio anywhere, since it is put together before it is logged.
    if record.name.split(".")[0] == "discord":
        return _PLACE_OF_AN_ARGUMENT.sub("…", str(record.msg))
    return "something broke"


def _failed(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return places(error) if error else ""


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802
        """Tell that a line could not be logged; the standard way would show what it was about."""
        error = sys.exc_info()[1]
        with suppress(OSError, ValueError):
            self.stream.write(f"a line could not be logged: {type(error).__name__}\n")


def set_up_logging(settings: Settings) -> None:
    """Log to standard error as the settings say.

    No library's logger goes below INFO: at DEBUG discord.py prints whole events, with what
    members wrote.
    """
    styles: dict[Literal["text", "json"], type[logging.Formatter]] = {"text": _Plain, "json": _Json}
    handler = _Handler(sys.stderr)
    handler.addFilter(lambda record: not str(record.msg).startswith(_NO_NEWS))
    handler.setFormatter(styles[settings.log_format]())
    level = logging.getLevelNamesMapping()[settings.log_level]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    logging.getLogger("bot").setLevel(level)
