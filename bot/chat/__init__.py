"""Discord: the only folder, besides the sandbox's own hook, that imports discord."""
