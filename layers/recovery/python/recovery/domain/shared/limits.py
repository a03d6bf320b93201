"""Limits of what a policy or terms may say: far beyond any use, and safe for dates and storage."""

from __future__ import annotations

from collections.abc import Iterator

MOST_DAYS = 3660  # ten years; never past the last date there is
MOST_RULES = 100  # of one kind, so that a policy, an item of DynamoDB, stays far below its 400 KB
MOST_MINOR = 10**15  # as for any amount (money.py)


def outside(field: str, value: int, least: int, most: int) -> Iterator[tuple[str, str]]:
    """The (field, reason) of a value that is not within these limits, both included."""
    if not least <= value <= most:
        yield field, f"must be {least} or more, and {most} or less"
