"""Dates and retries that use cases share."""
