"""Limits of what a policy or terms may say: far beyond any use, and safe for dates and storage."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.shared.errors import Problem

MOST_DAYS = 3660  # ten years; never past the last date there is
MOST_RULES = 100  # of one kind, so that a policy, an item of DynamoDB, stays far below its 400 KB
MOST_MINOR = 10**15  # as for any amount (money.py)


def outside(field: str, value: int, least: int, most: int) -> Iterator[Problem]:
    """The problem of a value that is not within these limits, both included."""
    if not least <= value <= most:
        reason = f"must be {least} or more, and {most} or less"
        yield Problem(field, reason, f"Use a number from {least} to {most}", "out_of_range")


def too_many_rules(field: str, count: int) -> Iterator[Problem]:
    """The problem of more rules of one kind than a policy may hold."""
    if count > MOST_RULES:
        reason = f"must be {MOST_RULES} or fewer"
        yield Problem(field, reason, f"Keep at most {MOST_RULES}", "out_of_range")
