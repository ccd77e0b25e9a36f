"""The Discord side of the bot, with the real client against the sandbox."""
