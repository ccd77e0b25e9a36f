"""What is remembered: settings, counts, inbox, the editors' changes (SQLite, PostgreSQL)."""
