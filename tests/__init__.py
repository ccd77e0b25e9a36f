"""Tests of the bot: run with pytest."""
