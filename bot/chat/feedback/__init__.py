"""What members tell: votes on answers, and questions for the moderators. Never who told it."""
