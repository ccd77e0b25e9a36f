"""Discord: the only folder, beside the sandbox's hook, that imports its library."""
