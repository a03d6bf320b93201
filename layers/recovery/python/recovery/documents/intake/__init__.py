"""A portfolio's files: read, checked, joined."""
