"""What a bot may send: a model for each body, with Discord's limits beside the fields."""
