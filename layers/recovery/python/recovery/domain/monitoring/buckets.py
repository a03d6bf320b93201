"""Buckets: configurable bands of days delinquent; gaps and an open end are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems, rule_count_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A band of days delinquent, inclusive; ``max_days`` None is open-ended."""

    name: str
    min_days: int
    max_days: int | None


def bucket_of(buckets: tuple[Bucket, ...], days_delinquent: int) -> str | None:
    """Return the name of the bucket for these days delinquent; None if none matches.

    ``buckets`` must be ascending and not overlap, as ``bucket_problems`` checks.
    """
    for bucket in reversed(buckets):
        if days_delinquent >= bucket.min_days:
            inside = bucket.max_days is None or days_delinquent <= bucket.max_days
            return bucket.name if inside else None
    return None


def bucket_problems(buckets: tuple[Bucket, ...]) -> Iterator[Problem]:
    """Yield every problem with the names, order and overlap of the buckets."""
    too_many = list(rule_count_problems("buckets", len(buckets)))
    if too_many:
        yield from too_many
        return
    for index, bucket in enumerate(buckets):
        if not 1 <= len(bucket.name) <= 40 or not bucket.name.isprintable():
            reason = "must be 1 to 40 printable characters"
            yield Problem(f"buckets.{index}.name", reason, "Write a short name, such as 31-60")
        yield from range_problems(f"buckets.{index}.min_days", bucket.min_days, 0, MAX_DAYS)
        if bucket.max_days is not None and bucket.max_days < bucket.min_days:
            reason = "must not be less than min_days"
            remedy = "Raise it, or leave it out for an open end"
            yield Problem(f"buckets.{index}.max_days", reason, remedy, "out_of_range")
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days <= bucket.max_days:
            reason = "must be after the end of the previous bucket"
            remedy = "List the buckets in ascending order without overlap"
            yield Problem(f"buckets.{index}.min_days", reason, remedy, "out_of_range")
    if len({bucket.name for bucket in buckets}) != len(buckets):
        yield Problem("buckets", "must have distinct names", "Rename one", "duplicate")


def coverage_problems(buckets: tuple[Bucket, ...]) -> Iterator[Problem]:
    """Yield every gap that leaves some number of days, from 0 on, without a bucket.

    An institution's policy needs a bucket for every loan; an ad hoc evaluation does not.
    """
    if not buckets or buckets[0].min_days != 0:
        reason = "must start at 0 days"
        yield Problem("buckets", reason, "Start with a bucket for 0 days, such as current")
        return
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days != bucket.max_days + 1:
            reason = "must be the day after the previous bucket ends"
            yield Problem(f"buckets.{index}.min_days", reason, "Close the gap")
    if buckets[-1].max_days is not None:
        reason = "must be open-ended (null) in the last bucket"
        yield Problem(f"buckets.{len(buckets) - 1}.max_days", reason, "Use null")
