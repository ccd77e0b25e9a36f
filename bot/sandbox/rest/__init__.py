"""The REST side: what a bot can ask for and do over HTTP."""
