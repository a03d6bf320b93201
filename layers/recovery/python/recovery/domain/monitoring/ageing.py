"""Ageing by instalment: which ones make a loan late, by how much and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.pauses import Pause, paused_days
from recovery.domain.monitoring.buckets import bucket_of
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.shared.business_calendar import DayCounter, calendar_days


@dataclass(frozen=True, slots=True)
class AgedInstalment:
    """One instalment at a business date; all amounts in minor units.

    ``days_past_due`` counts from its own due date. ``bucket`` is by those days less this
    instalment's paused days. Grace belongs to the loan, so only an overdue instalment of a
    delinquent loan has a bucket.
    """

    number: int
    due: int
    paid: int
    paid_in_advance: int
    paid_late: int
    outstanding: int
    paid_off_on: date | None
    days_past_due: int
    bucket: str | None


def aged_instalments(
    ledger: Ledger,
    standing: Standing,
    policy: MonitoringPolicy,
    pauses: tuple[Pause, ...] = (),
    days_between: DayCounter = calendar_days,
) -> tuple[AgedInstalment, ...]:
    """Age every instalment of the ledger at the standing's date, in schedule order."""
    aged = []
    position = ledger.position
    for (number, due_date, due), paid, paid_off_on, in_advance, late in zip(
        ledger.schedule,
        position.paid,
        position.paid_off_on,
        ledger.paid_in_advance,
        ledger.paid_late,
        strict=True,
    ):
        outstanding = due.total - paid.total
        days_past_due, bucket = 0, None
        if outstanding and due_date < standing.as_of:
            days_past_due = days_between(due_date, standing.as_of)
            paused = paused_days(pauses, due_date, standing.as_of, days_between)
            if standing.days_delinquent:
                bucket = bucket_of(policy.buckets, max(0, days_past_due - paused))
        aged.append(
            AgedInstalment(
                number=number,
                due=due.total,
                paid=paid.total,
                paid_in_advance=in_advance,
                paid_late=late,
                outstanding=outstanding,
                paid_off_on=paid_off_on,
                days_past_due=days_past_due,
                bucket=bucket,
            )
        )
    return tuple(aged)
