"""Buckets: bands of days delinquent, as data: any number, gaps allowed, open ended or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from recovery.domain.shared.limits import MOST_DAYS, MOST_RULES, outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A band of days delinquent, both ends included; ``max_days`` None is open ended."""

    name: str
    min_days: int
    max_days: int | None


def bucket_of(buckets: tuple[Bucket, ...], days_delinquent: int) -> str | None:
    """The name of the bucket that holds this many days delinquent; None if none does.

    ``buckets`` rise and do not overlap, as ``bucket_problems`` checks.
    """
    for bucket in reversed(buckets):
        if days_delinquent >= bucket.min_days:
            inside = bucket.max_days is None or days_delinquent <= bucket.max_days
            return bucket.name if inside else None
    return None


def bucket_problems(buckets: tuple[Bucket, ...]) -> Iterator[tuple[str, str]]:
    """Each (field, reason) for which these buckets do not rise without overlap."""
    if len(buckets) > MOST_RULES:
        yield "buckets", f"must be {MOST_RULES} or fewer"
        return
    for index, bucket in enumerate(buckets):
        if not 1 <= len(bucket.name) <= 40 or not bucket.name.isprintable():
            yield f"buckets.{index}.name", "must be 1 to 40 printable characters"
        yield from outside(f"buckets.{index}.min_days", bucket.min_days, 0, MOST_DAYS)
        if bucket.max_days is not None and bucket.max_days < bucket.min_days:
            yield f"buckets.{index}.max_days", "must not be below min_days"
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days <= bucket.max_days:
            yield f"buckets.{index}.min_days", "each bucket must start after the last one ended"
    if len({bucket.name for bucket in buckets}) != len(buckets):
        yield "buckets", "two buckets have the same name"


def coverage_problems(buckets: tuple[Bucket, ...]) -> Iterator[tuple[str, str]]:
    """Each (field, reason) for which some number of days from 0 on has no bucket.

    An institution's policy needs one for every loan; a question asked by hand does not.
    """
    if not buckets or buckets[0].min_days != 0:
        yield "buckets", "the first bucket must start at 0 days"
        return
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days != bucket.max_days + 1:
            yield f"buckets.{index}.min_days", "each bucket must start where the last one ended"
    if buckets[-1].max_days is not None:
        yield f"buckets.{len(buckets) - 1}.max_days", "the last bucket must be open ended (null)"
