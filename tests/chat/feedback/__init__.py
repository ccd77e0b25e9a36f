"""What members tell, and what managers set: served with a real database."""
