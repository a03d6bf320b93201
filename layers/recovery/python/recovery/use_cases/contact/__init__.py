"""Messages sent, or not, with the reason."""
