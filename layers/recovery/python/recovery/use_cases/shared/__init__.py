"""Dates and retries shared by use cases."""
