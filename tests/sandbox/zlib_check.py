"""A discord.py client where zstandard is not installed: it must unpack zlib.

Run with the sandbox's address and token; it ends well when it has heard one direct message.
"""

import asyncio
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

importlib.import_module("bot.sandbox")  # needs zstandard itself: before the next line

sys.modules["zstandard"] = None  # pyright: ignore[reportArgumentType] - Python's way to forbid it

import discord  # noqa: E402 - reads at import which packages there are

from bot.sandbox.library import point_discord_py_at  # noqa: E402 - imports discord


class Listener(discord.Client):
    """Ends when it hears somebody."""

    async def on_message(self, _: discord.Message) -> None:
        """End."""
        await self.close()


def main(address: str, token: str) -> None:
    """Listen once."""
    with point_discord_py_at(address):
        asyncio.run(Listener(intents=discord.Intents(dm_messages=True)).start(token))


if __name__ == "__main__":
    main(*sys.argv[1:])
