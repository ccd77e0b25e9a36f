"""Files change, the bot follows: with real files, a real process beside the bot, and questions."""
