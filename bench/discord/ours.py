"""`msfaq` with its own arguments and settings, in the sandbox that SANDBOX names."""

from __future__ import annotations

import os

from bot.__main__ import run
from bot.sandbox.library import point_discord_py_at

if __name__ == "__main__":
    with point_discord_py_at(os.environ["SANDBOX"]):
        run()
