"""Numbers in the words that people read."""

from __future__ import annotations


def days_in_words(days: int) -> str:
    """Return "1 day", "2 days"."""
    return "1 day" if days == 1 else f"{days} days"
