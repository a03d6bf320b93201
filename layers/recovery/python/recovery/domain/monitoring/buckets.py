"""Buckets: bands of days delinquent, as data: any number, gaps allowed, open ended or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MOST_DAYS, outside, too_many_rules


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


def bucket_problems(buckets: tuple[Bucket, ...]) -> Iterator[Problem]:
    """Why these buckets do not rise without overlap; nothing when they do."""
    too_many = list(too_many_rules("buckets", len(buckets)))
    if too_many:
        yield from too_many
        return
    for index, bucket in enumerate(buckets):
        if not 1 <= len(bucket.name) <= 40 or not bucket.name.isprintable():
            reason = "must be 1 to 40 printable characters"
            yield Problem(f"buckets.{index}.name", reason, "Write a short name, such as 31-60")
        yield from outside(f"buckets.{index}.min_days", bucket.min_days, 0, MOST_DAYS)
        if bucket.max_days is not None and bucket.max_days < bucket.min_days:
            reason = "must not be below min_days"
            remedy = "Raise it, or leave it out for an open end"
            yield Problem(f"buckets.{index}.max_days", reason, remedy, "out_of_range")
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days <= bucket.max_days:
            reason = "each bucket must start after the last one ended"
            remedy = "List the buckets from few days to many, without overlap"
            yield Problem(f"buckets.{index}.min_days", reason, remedy, "out_of_range")
    if len({bucket.name for bucket in buckets}) != len(buckets):
        yield Problem("buckets", "two buckets have the same name", "Rename one", "duplicate")


def coverage_problems(buckets: tuple[Bucket, ...]) -> Iterator[Problem]:
    """Why some number of days from 0 on has no bucket; nothing when all have one.

    An institution's policy needs one for every loan; a question asked by hand does not.
    """
    if not buckets or buckets[0].min_days != 0:
        reason = "the first bucket must start at 0 days"
        yield Problem("buckets", reason, "Begin with a bucket for 0 days, such as current")
        return
    for index, (bucket, following) in enumerate(pairwise(buckets), start=1):
        if bucket.max_days is None or following.min_days != bucket.max_days + 1:
            reason = "each bucket must start where the last one ended"
            yield Problem(f"buckets.{index}.min_days", reason, "Start it one day after")
    if buckets[-1].max_days is not None:
        reason = "the last bucket must be open ended (null)"
        yield Problem(f"buckets.{len(buckets) - 1}.max_days", reason, "Write null")
