"""What a core banking system hears of a new schedule, and what its confirmation ends."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.agreed import Agreement, Booked
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.agreements.agreeing import schedule_id_of
from recovery.domain.agreements.core_booking import made_here, unbooked_since
from recovery.domain.cases.core_bookings import booking_task_id
from recovery.domain.outbox import DomainEvent
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts
from recovery.ports.accounting import LoanChange

MOST_ROWS = 240  # an event is small; the API has the rows of a longer schedule


def with_core_news(change: LoanChange, record: FactRecord, recorded: Recorded) -> LoanChange:
    """Add the events about new schedules, and end the task of one that is booked or undone.

    ``recorded`` is all on record before the change.
    """
    agreements = {
        schedule_id_of(each.fact_id): each.fact_id
        for each in change.facts
        if isinstance(each.fact, Agreement)
    }
    currency = change.loan.currency
    events = tuple(
        DomainEvent(
            "ScheduleVersionMade",
            _made(each, version, agreements.get(each.fact_id), currency),
        )
        for each, version in made_here(change.facts)
    )
    ended = _ended(change, record, recorded)
    if not (events or ended):
        return change
    outbox = change.outbox
    outbox = replace(
        outbox, events=(*outbox.events, *events), ends_tasks=(*outbox.ends_tasks, *ended)
    )
    return replace(change, outbox=outbox)


def _ended(change: LoanChange, record: FactRecord, recorded: Recorded) -> tuple[str, ...]:
    """Return the task about the version in force before, if it waits for no booking any more."""
    if not isinstance(record.fact, Booked | Undo | ScheduleVersion | Agreement):
        return ()
    after = recorded
    for each in change.facts:
        after = after.with_fact(each)
    is_same = change.before.schedule_version == change.loan.schedule_version
    if unbooked_since(recorded) is None or (is_same and unbooked_since(after)):
        return ()
    return (booking_task_id(record.loan_id, change.before.schedule_version),)


def _made(
    record: FactRecord, version: ScheduleVersion, agreement_id: str | None, currency: str
) -> dict[str, object]:
    rows = version.instalments if len(version.instalments) <= MOST_ROWS else ()
    rate_pct = version.annual_rate_pct
    return {
        "loan_id": record.loan_id,
        "fact_id": record.fact_id,
        **({"agreement_id": agreement_id} if agreement_id else {}),
        "schedule_version": version.version,
        "schedule": version.kind,
        "on": version.on.isoformat(),
        "days_past_due": version.days_past_due,
        "annual_rate_pct": None if rate_pct is None else str(rate_pct),
        "waived": to_decimal_texts(version.waived._asdict(), currency),
        "total": to_decimal_text(sum(e.due.total for e in version.instalments), currency),
        "currency": currency,
        "rows": len(version.instalments),
        "instalments": [
            {
                "number": each.number,
                "due_date": each.due_date.isoformat(),
                **to_decimal_texts(each.due._asdict(), currency),
            }
            for each in rows
        ],
    }
