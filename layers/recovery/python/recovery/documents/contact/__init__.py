"""What tells of contact with people."""
