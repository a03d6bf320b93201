"""What people answer, as JSON."""
