"""What is overdue, since when, and in which bucket: the standing of a loan at a business date.

Terms as in Apache Fineract and CGAP practice: days past due count calendar days from the due date
of the oldest instalment not fully paid; days delinquent are those less the grace days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.allocation import Position
from recovery.domain.loan import NOTHING, Components, Instalment, sum_components
from recovery.domain.policy import Bucket, Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """The evaluated state of a loan at ``as_of``; all amounts in minor units.

    An instalment is overdue when its due date is before ``as_of`` and it is not fully paid.
    ``oldest_due_date`` is that of the oldest overdue instalment; ``next_due_date`` and
    ``next_due`` are of the first instalment not fully paid and not yet overdue.
    """

    as_of: date
    days_past_due: int
    days_delinquent: int
    bucket: str
    overdue: Components
    outstanding: Components
    credit_minor: int
    oldest_due_date: date | None
    delinquent_since: date | None
    next_due_date: date | None
    next_due: Components


def standing_at(
    schedule: tuple[Instalment, ...], position: Position, policy: Policy, as_of: date
) -> Standing:
    """The standing at ``as_of``, given what has been paid by then."""
    overdue: list[Components] = []
    coming: list[Components] = []
    oldest_due_date = next_due_date = None
    for (_, due_date, due), paid, paid_off_on in zip(
        schedule, position.paid, position.paid_off_on, strict=True
    ):
        if paid_off_on is not None:
            continue
        rest = due.less(paid)
        if due_date < as_of:
            overdue.append(rest)
            oldest_due_date = oldest_due_date or due_date
        else:
            coming.append(rest)
            next_due_date = next_due_date or due_date
    days_past_due = (as_of - oldest_due_date).days if oldest_due_date else 0
    days_delinquent = max(0, days_past_due - policy.grace_days)
    return Standing(
        as_of=as_of,
        days_past_due=days_past_due,
        days_delinquent=days_delinquent,
        bucket=bucket_of(policy.buckets, days_delinquent).name,
        overdue=sum_components(overdue),
        outstanding=sum_components(overdue + coming),
        credit_minor=position.credit_minor,
        oldest_due_date=oldest_due_date,
        delinquent_since=(
            oldest_due_date + timedelta(days=policy.grace_days) if oldest_due_date else None
        ),
        next_due_date=next_due_date,
        next_due=coming[0] if coming else NOTHING,
    )


def bucket_of(buckets: tuple[Bucket, ...], days_delinquent: int) -> Bucket:
    """The bucket that holds this many days delinquent."""
    for bucket in reversed(buckets):
        if days_delinquent >= bucket.min_days:
            return bucket
    raise ValueError("the first bucket must start at 0 days")
