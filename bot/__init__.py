"""A Discord bot that answers questions about MS treatments from a reviewed FAQ."""
