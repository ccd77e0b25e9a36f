"""The gateway: sessions, the sockets they live on, and what goes through them."""
