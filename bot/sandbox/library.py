"""Pointing discord.py at the sandbox: the only module of this package that knows the library."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


@contextmanager
def point_discord_py_at(address: str) -> Generator[None, None, None]:
    """Let every discord.py client of this process talk to `address` while the context lasts.

    Only a loopback address is taken: a stray setting must never send a token elsewhere. The
    library (2.7) has no option for this, hence its two class attributes; they are put back.
    """
    url = URL(address)
    if url.host not in _LOOPBACK:
        raise ValueError(f"the sandbox is on this machine only, not at {url.host}")
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = str(url / "api" / "v10")
    DiscordWebSocket.DEFAULT_GATEWAY = url.with_path("/").with_scheme("ws")
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
