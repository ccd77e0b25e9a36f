"""Several processes that serve one bot together."""
