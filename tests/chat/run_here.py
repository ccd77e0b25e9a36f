"""`msfaq run`, in a process of its own, pointed at the sandbox whose address is the argument."""

import sys

from bot.__main__ import run
from bot.sandbox.library import point_discord_py_at

address = sys.argv.pop()
with point_discord_py_at(address):
    run()
