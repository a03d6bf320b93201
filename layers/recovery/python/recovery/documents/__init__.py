"""What enters and leaves as text."""
