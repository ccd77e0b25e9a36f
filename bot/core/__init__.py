"""The rules of the bot: values in, values out; no files, clock, randomness, logging or Discord."""
