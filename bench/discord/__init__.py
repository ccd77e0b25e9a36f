"""Measures the bot as a Discord bot, beside an echo bot; run with `python -m bench.discord`."""
