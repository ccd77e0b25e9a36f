"""What the log looks like. Nothing a member wrote is in it, whatever breaks and whoever logs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from bot.chat.failures import places

if TYPE_CHECKING:
    from bot.settings import Settings

_NO_NEWS: Final = ("Guilds intent seems", "PyNaCl is not", "davey is not")
"""How the library's warnings begin that are true and meant so: this bot needs no list of servers,
and has no voice."""
_LIBRARIES: Final = {
    **dict.fromkeys(("discord", "aiohttp", "asyncio"), logging.INFO),
    # Below that, these tell each statement, with what a member sent to the moderators.
    **dict.fromkeys(("sqlalchemy", "aiosqlite", "asyncpg", "alembic"), logging.WARNING),
}
"""The lowest level each is ever heard at."""


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
    if not record.name.startswith("bot") and record.exc_info:
        # A library's sentence about what broke may quote its arguments: buttons, users, texts.
        return str(record.msg)
    return record.getMessage()


def _failed(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return places(error) if error else ""


def set_up_logging(settings: Settings) -> None:
    """Log to standard error as the settings say.

    The libraries' own loggers never go below INFO: at DEBUG they print whole events and
    statements, with what members wrote.
    """
    styles: dict[Literal["text", "json"], type[logging.Formatter]] = {"text": _Plain, "json": _Json}
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(lambda record: not str(record.msg).startswith(_NO_NEWS))
    handler.setFormatter(styles[settings.log_format]())
    level = logging.getLevelNamesMapping()[settings.log_level]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, lowest in _LIBRARIES.items():
        logging.getLogger(name).setLevel(max(level, lowest))
