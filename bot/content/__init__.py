"""The `faq/` folder: files on disk → a Faq, or every problem with them in a moderator's words."""
