"""How the database came to its present shape, one step a file, applied at the start of the bot.

A step that was released is never changed. A new one is a file in `versions` that names the step
before it; a test compares the shape after all of them with `bot.storage.tables`.
"""
