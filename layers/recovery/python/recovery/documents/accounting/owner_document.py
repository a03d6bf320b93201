"""Who owned and handled a loan, and what it carries over, as JSON; dates are ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from typing_extensions import TypedDict

from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.owner_facts import OwnerRecord, Ownership, in_words
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.accounting.placement import PlacementReport
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.shared.iso_dates import iso


class OwnerDocument(TypedDict):
    """Who owns and who handles the loan, since when, and why it is silent here, if it is."""

    creditor: str
    servicer: str | None
    since: str | None
    silent_because: str | None


class CarriedDocument(TypedDict):
    """What the loan carries over from those it repaid."""

    repaid: list[str]
    days_past_due: int
    vintage_on: str
    forborne: bool


def owner_document(ownership: Ownership, as_of: date, institution_id: str) -> OwnerDocument:
    """Show the owner on this day."""
    owner, silent = ownership.owner_on(as_of, institution_id), ownership.silence_on(as_of)
    return {
        "creditor": owner.creditor,
        "servicer": owner.servicer,
        "since": iso(owner.from_on),
        "silent_because": in_words(silent) if silent else None,
    }


def owner_records_document(records: Iterable[OwnerRecord]) -> list[dict[str, object]]:
    """Show every change of owner and every notice, in the order in which they took effect."""
    return [
        {
            "kind": _kind(record),
            **to_plain(record.fact),
            "effective_on": record.on.isoformat(),
            "known_on": record.known_on.isoformat(),
            "recorded_by": record.recorded_by,
        }
        for record in sorted(records, key=lambda each: (each.on, each.record_id))
    ]


def _kind(record: OwnerRecord) -> str:
    if isinstance(record.fact, OwnerChange):
        return record.fact.kind
    return "report" if isinstance(record.fact, PlacementReport) else "notice"


def carried_document(carried: Carried | None) -> CarriedDocument | None:
    """Show what is carried over; None if the loan repaid no other."""
    if carried is None:
        return None
    return {
        "repaid": list(carried.repaid),
        "days_past_due": carried.days_past_due,
        "vintage_on": carried.vintage_on.isoformat(),
        "forborne": carried.forborne,
    }
