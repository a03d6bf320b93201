"""Limits on policies and terms: far beyond practical use, yet safe for dates and storage."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.shared.errors import Problem

MAX_DAYS = 3660  # ten years; never overflows a date
MAX_RULES = 100  # of one kind, to keep a policy well below DynamoDB's 400 KB item limit
MAX_MINOR = 10**15  # as for any amount (money.py)


def range_problems(field: str, value: int, least: int, most: int) -> Iterator[Problem]:
    """Yield a problem if the value is outside these limits (inclusive)."""
    if not least <= value <= most:
        reason = f"must be between {least} and {most}"
        yield Problem(field, reason, f"Use a number from {least} to {most}", "out_of_range")


def rule_count_problems(field: str, count: int) -> Iterator[Problem]:
    """Yield a problem if there are more rules of one kind than a policy may hold."""
    if count > MAX_RULES:
        reason = f"must have {MAX_RULES} entries or fewer"
        yield Problem(field, reason, f"Keep at most {MAX_RULES}", "out_of_range")
