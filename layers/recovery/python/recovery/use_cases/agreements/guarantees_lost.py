"""A guarantee that is given up with an agreement ends with it, and is back if that is undone."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.agreed import Agreement
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.ports.accounting import LoanChange


def with_guarantees(change: LoanChange, record: FactRecord, recorded: Recorded) -> LoanChange:
    """Add to the change the rows of those whose guarantee ends or is back."""
    fact = record.fact
    if isinstance(fact, Agreement):
        changed = {e: _ended(e, record, fact) for e in recorded.parties if _is_lost(e, fact)}
    elif isinstance(fact, Undo):
        why = _because(fact.fact_id)
        changed = {e: _back(e) for e in recorded.parties if e.ended_because == why}
    else:
        return change
    if not changed:
        return change
    people = {each.party.person_id for each in changed}
    rows = (each for each in recorded.parties if each.party.person_id in people)
    entries = tuple(_entry(each, change) for each in changed.values())
    events = tuple(_event(each, record.loan_id) for each in changed.values())
    outbox = replace(
        change.outbox,
        timeline=(*change.outbox.timeline, *entries),
        events=(*change.outbox.events, *events),
    )
    parties = tuple(changed.get(each, each) for each in rows)
    return replace(change, outbox=outbox, parties=(*change.parties, *parties))


def _is_lost(row: PartyRecord, agreed: Agreement) -> bool:
    party = row.party
    return party.person_id in agreed.lost and party.is_surety and party.holds(agreed.on)


def _ended(row: PartyRecord, record: FactRecord, agreed: Agreement) -> PartyRecord:
    return replace(
        row,
        party=replace(row.party, until=agreed.on),
        ended_by=record.recorded_by,
        ended_at=record.recorded_at,
        ended_because=_because(record.fact_id),
        was_until=row.party.until,
    )


def _back(row: PartyRecord) -> PartyRecord:
    party = replace(row.party, until=row.was_until)
    return replace(
        row, party=party, ended_by=None, ended_at=None, ended_because=None, was_until=None
    )


def _because(agreement_id: str) -> str:
    return f"agreement {agreement_id}: more time without consent"


def _entry(row: PartyRecord, change: LoanChange) -> TimelineEntry:
    party, outbox = row.party, change.outbox
    until = f"until {party.until}: {row.ended_because}" if row.ended_because else "is back"
    key = f"{party.person_id}#{party.from_on}#{outbox.outbox_id}"
    return TimelineEntry(outbox.as_of, "party", f"guarantee of {party.person_id} {until}", key=key)


def _event(row: PartyRecord, loan_id: str) -> DomainEvent:
    party = row.party
    detail: dict[str, object] = {
        "loan_id": loan_id,
        "role": party.role,
        "from_on": party.from_on.isoformat(),
        "until": party.until.isoformat() if party.until else None,
    }
    return DomainEvent("PartyRecorded", detail)
