"""Whether what is set as the token can be one. It is never shown, whatever it is."""

from __future__ import annotations

import re
from typing import Final

from bot.chat.doctor.findings import Finding, doubtful, wrong

WHAT: Final = "Token"
_PORTAL: Final = "https://discord.com/developers/applications"
NEW_TOKEN: Final = (
    f"Open {_PORTAL}, choose your application, then “Bot” and “Reset Token”. Copy what appears "
    "and write it into the file .env as DISCORD_TOKEN=… without spaces or quotation marks."
)
"""How one comes by a token."""

_TOKEN: Final = re.compile(r"[\w-]{18,}\.[\w-]{5,}\.[\w-]{20,}", re.ASCII)
_AROUND: Final = "\"'“”`<> \t\r\n"
_LOOK_ALIKES: Final = (
    (re.compile(r"[0-9]{15,20}", re.ASCII), "the application's id"),
    (re.compile(r"[0-9a-f]{64}", re.ASCII), "the application's public key"),
    (re.compile(r"[\w-]{32}", re.ASCII), "the application's client secret"),
)


def read_token(given: str | None) -> tuple[str | None, list[Finding]]:
    """Return the token to try, if there is one, and what is wrong with how it is written."""
    if given is None or not given.strip():
        return None, [wrong(WHAT, "No token is set, so the bot cannot log in.", NEW_TOKEN)]
    bare = given.strip(_AROUND)
    scheme, _, rest = bare.partition(" ")
    if scheme.casefold() in {"bot", "bearer"} and rest:
        bare = rest.strip(_AROUND)
    joined = "".join(bare.split())
    if not _TOKEN.fullmatch(joined):
        return None, [wrong(WHAT, _not_a_token(joined), NEW_TOKEN)]
    if joined == given:
        return joined, []
    if joined == given.strip():
        told = "There are spaces around the token. The bot ignores them."
        return joined, [doubtful(WHAT, told, "Take the spaces out of DISCORD_TOKEN.")]
    return joined, [wrong(WHAT, *_badly_written(given.strip(), bare))]


def _not_a_token(joined: str) -> str:
    for shape, name in _LOOK_ALIKES:
        if shape.fullmatch(joined):
            return f"What is set as the token looks like {name}. The token is something else."
    return (
        "What is set as the token cannot be one: a token is three pieces of letters and digits "
        "with a dot between them, about 70 characters in all."
    )


def _badly_written(given: str, bare: str) -> tuple[str, str]:
    if bare.split() != [bare]:
        return "There is a space or a line break inside the token.", "Copy it again, in one piece."
    if given.casefold().startswith(("bot ", "bearer ")):
        word = given.split(maxsplit=1)[0]
        return (
            f"The token begins with the word “{word}”, which is no part of it.",
            f"Take “{word}” and the space after it out of DISCORD_TOKEN.",
        )
    return (
        "There are quotation marks or brackets around the token, which are no part of it.",
        "Take them out of DISCORD_TOKEN.",
    )
