"""Teaches the small reader that `bot.core.encoding` runs. Needs the extra `train`; see README."""
