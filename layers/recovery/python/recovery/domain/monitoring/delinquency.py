"""The standing of a loan at a business date: what is overdue, since when, in which bucket.

Terms as in Apache Fineract and CGAP practice. An instalment is overdue when its due date is before
``as_of`` and it is not fully paid. Days past due count from the due date of the oldest such
instalment not covered by the tolerance, regardless of grace and pauses. Days delinquent are days
past due less grace and paused days, at least 0; they decide the bucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from recovery.domain.accounting.loan import NOTHING, Components, Instalment, sum_components
from recovery.domain.accounting.pauses import Pause, paused_days
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.buckets import bucket_of
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance, late_since
from recovery.domain.shared.business_calendar import DayCounter, calendar_days

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The evaluated state of a loan at ``as_of``; all amounts in minor units.

    ``oldest_due_date`` belongs to the oldest overdue instalment that makes the loan late;
    ``delinquent_since`` is that date plus the grace days. ``next_due_date`` and ``next_due`` belong
    to the first instalment not fully paid and not yet overdue. ``bucket`` is None if none matches,
    which cannot happen with an institution's policy, or for a loan written off.

    ``written_off_on`` is the day since when the whole loan is written off: nothing is due or late
    any more, and ``loss`` is what is not recovered. ``frozen_days_past_due`` are those on the day
    ``restructured_on`` of the last restructuring. ``held_days`` are the calendar days of pauses
    since the due date, with those still to come of one that runs now; None if that has no end.
    ``pulled_to`` is the bucket to which a badly late loan of the same borrower pulls this one.
    """

    as_of: date
    days_past_due: int
    days_delinquent: int
    bucket: str | None
    overdue: Components
    outstanding: Components
    credit_minor: int
    oldest_due_date: date | None
    delinquent_since: date | None
    next_due_date: date | None
    next_due: Components
    written_off_on: date | None = None
    loss: Components = NOTHING
    restructured_on: date | None = None
    frozen_days_past_due: int = 0
    held_days: int | None = field(default=0, compare=False)  # partly about days to come
    pulled_to: str | None = None


def standing_at(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    pauses: tuple[Pause, ...] = (),
    days_between: DayCounter = calendar_days,
) -> Standing:
    """Compute the standing at ``as_of`` from what has been paid by then."""
    overdue: list[Components] = []
    coming: list[Components] = []
    oldest_due_date = next_due_date = None
    for instalment, paid in zip(schedule, position.paid, strict=True):
        due = instalment.due
        if paid == due:
            continue
        rest = due if paid == NOTHING else due.less(paid)
        due_date = instalment.due_date
        if due_date < as_of:
            overdue.append(rest)
            oldest_due_date = oldest_due_date or due_date
        else:
            coming.append(rest)
            next_due_date = next_due_date or due_date
    if oldest_due_date and policy.tolerance != NO_TOLERANCE:
        oldest_due_date = _late_since(schedule, position, policy.tolerance, as_of)
    days_past_due = days_delinquent = 0
    delinquent_since = None
    if oldest_due_date:
        days_past_due = days_between(oldest_due_date, as_of)
        paused = paused_days(pauses, oldest_due_date, as_of, days_between) if pauses else 0
        days_delinquent = max(0, days_past_due - policy.grace_days - paused)
        delinquent_since = oldest_due_date + timedelta(days=policy.grace_days)
        while days_between(oldest_due_date, delinquent_since) < policy.grace_days:
            delinquent_since += _DAY  # grace counts business days if days_between does
    return Standing(
        as_of=as_of,
        days_past_due=days_past_due,
        days_delinquent=days_delinquent,
        bucket=bucket_of(policy.buckets, days_delinquent),
        overdue=sum_components(overdue) if overdue else NOTHING,
        outstanding=sum_components(overdue + coming),
        credit_minor=position.credit_minor,
        oldest_due_date=oldest_due_date,
        delinquent_since=delinquent_since,
        next_due_date=next_due_date,
        next_due=coming[0] if coming else NOTHING,
        held_days=_held_days(pauses, oldest_due_date, as_of) if pauses and oldest_due_date else 0,
    )


def _held_days(pauses: tuple[Pause, ...], due_date: date, as_of: date) -> int | None:
    running = [each.ends_on for each in pauses if each.from_date <= as_of < each.ends_on]
    ends_on = max(running, default=as_of)
    if ends_on == date.max:
        return None
    return paused_days(pauses, due_date, ends_on, calendar_days)


def past_due_on(standing: Standing, days: int) -> date | None:
    """Return the first date on which the loan may be this many days past due; None if it is not
    late. Days that do not count, such as weekends, may move it later."""
    if standing.oldest_due_date is None:
        return None
    earliest = standing.oldest_due_date + days * _DAY
    return max(earliest, standing.as_of + (days - standing.days_past_due) * _DAY)


def delinquent_on(standing: Standing, days: int) -> date | None:
    """Return the first date on which the loan may be this many days delinquent, in the same way;
    None also while a pause runs whose end is open."""
    if standing.delinquent_since is None or standing.held_days is None:
        return None
    earliest = standing.delinquent_since + (days + standing.held_days) * _DAY
    return max(earliest, standing.as_of + (days - standing.days_delinquent) * _DAY)


def _late_since(
    schedule: tuple[Instalment, ...], position: Position, tolerance: Tolerance, as_of: date
) -> date | None:
    overdue = (
        (due_date, sum(due), sum(due) - sum(paid))
        for (_, due_date, due), paid in zip(schedule, position.paid, strict=True)
        if due_date < as_of and paid != due
    )
    principal_minor = sum(instalment.due.principal for instalment in schedule)
    return late_since(overdue, principal_minor, tolerance)


def next_dates(
    schedule: tuple[Instalment, ...], standing: Standing, policy: MonitoringPolicy
) -> Iterator[date]:
    """Yield dates when the standing changes without new facts: something falls due, becomes
    overdue or changes bucket. Some may be past."""
    for _, due_date, _ in schedule:
        if due_date >= standing.as_of:
            yield due_date
            yield due_date + _DAY
            break
    if standing.next_due_date:
        yield standing.next_due_date + _DAY
    marks = [policy.contagion.from_days] if policy.contagion else []
    for days in (*(bucket.min_days for bucket in policy.buckets), *marks):
        if on := delinquent_on(standing, days):
            yield on
