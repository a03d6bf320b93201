"""Record what secures a loan, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from recovery.domain.accounting.collateral import (
    Collateral,
    CollateralRecord,
    Valuation,
    collateral_problems,
)
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import NotOnRecordError, Problem, RefusedError
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasCollateral, LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


@dataclass(frozen=True, slots=True)
class CollateralTaken:
    """What is on record, and whether this call changed it (a repeat does not)."""

    record: CollateralRecord
    recorded: bool


class CollateralPorts(LoansAndInstitutions, HasCollateral, Protocol):
    """What recording collateral needs."""


@retry_when_stale
def record_collateral(
    loan_id: str, collateral: Collateral, by: Actor, now: datetime, ports: CollateralPorts
) -> CollateralTaken:
    """Record one security; repeating the same changes nothing.

    Raises LoanNotFoundError; RefusedError with everything that is wrong with it, also for an id
    that is something else.
    """
    stored = ports.loans.load(loan_id)
    problems = list(collateral_problems(collateral))
    if known := _find(loan_id, collateral.collateral_id, ports):
        first = known.collateral.valuations[:1]
        if replace(known.collateral, valuations=first) == collateral:
            return CollateralTaken(known, recorded=False)
        reason = f"{collateral.collateral_id} is on record with other values"
        remedy = "Use a new id, or record a new valuation of it"
        problems.append(Problem("collateral_id", reason, remedy, "conflict"))
    if problems:
        raise RefusedError(*problems)
    record = CollateralRecord(
        loan_id=loan_id, collateral=collateral, recorded_by=by.id, recorded_at=now
    )
    worth = _worth(collateral.valuations[0], stored.loan.currency)
    _commit(stored, record, worth, now, ports)
    return CollateralTaken(record, recorded=True)


@retry_when_stale
def value_collateral(
    loan_id: str, collateral_id: str, valuation: Valuation, now: datetime, ports: CollateralPorts
) -> CollateralTaken:
    """Add a valuation; the earlier ones stay. One of the same day replaces nothing.

    Raises LoanNotFoundError; NotOnRecordError; RefusedError.
    """
    stored = ports.loans.load(loan_id)
    known = _known(loan_id, collateral_id, ports)
    if valuation in known.collateral.valuations:
        return CollateralTaken(known, recorded=False)
    valued = replace(known.collateral, valuations=(*known.collateral.valuations, valuation))
    problems = list(collateral_problems(valued))
    if any(each.on == valuation.on for each in known.collateral.valuations):
        reason = f"{valuation.on} has another value on record"
        problems.append(Problem("on", reason, "Give the day of the new valuation", "conflict"))
    if problems:
        raise RefusedError(*problems)
    record = replace(known, collateral=valued)
    worth = _worth(valuation, stored.loan.currency)
    _commit(stored, record, worth, now, ports)
    return CollateralTaken(record, recorded=True)


@retry_when_stale
def end_collateral(
    loan_id: str, collateral_id: str, until: date, now: datetime, ports: CollateralPorts
) -> CollateralTaken:
    """Record the last day on which it secures the loan; it stays on record.

    Raises LoanNotFoundError; NotOnRecordError; RefusedError for a day before the first.
    """
    stored = ports.loans.load(loan_id)
    known = _known(loan_id, collateral_id, ports)
    if known.collateral.until == until:
        return CollateralTaken(known, recorded=False)
    record = replace(known, collateral=replace(known.collateral, until=until))
    problems = tuple(collateral_problems(record.collateral))
    if problems:
        raise RefusedError(*problems)
    _commit(stored, record, f"until {until}", now, ports)
    return CollateralTaken(record, recorded=True)


def collateral_document(record: CollateralRecord, currency: str, as_of: date) -> dict[str, object]:
    """Return one security for the API, with every valuation and claim."""
    collateral = record.collateral
    return {
        "collateral_id": collateral.collateral_id,
        "kind": collateral.kind,
        "person_id": collateral.person_id,
        "from_on": collateral.from_on.isoformat(),
        "until": iso(collateral.until),
        "value": to_decimal_text(collateral.value_minor(as_of), currency),
        "valuations": [
            {"on": each.on.isoformat(), "value": to_decimal_text(each.value_minor, currency)}
            for each in collateral.valuations
        ],
        "covers": sorted(collateral.covers),
        "description": collateral.description,
        "reference": collateral.reference,
        "insurer": collateral.insurer,
        "claims": [
            {
                "claim_id": each.claim.claim_id,
                "event": each.claim.event.kind,
                "event_on": each.claim.event.on.isoformat(),
                "amount": to_decimal_text(each.claim.amount_minor, currency),
                "opened_on": each.opened_on.isoformat(),
                "opened_by": each.opened_by,
            }
            for each in record.claims
        ],
        "recorded_by": record.recorded_by,
        "recorded_at": record.recorded_at.isoformat(),
    }


def _worth(valuation: Valuation, currency: str) -> str:
    return f"worth {Money(valuation.value_minor, currency)} from {valuation.on}"


def _find(loan_id: str, collateral_id: str, ports: HasCollateral) -> CollateralRecord | None:
    records = ports.collateral.of_loan(loan_id)
    return next((e for e in records if e.collateral.collateral_id == collateral_id), None)


def _known(loan_id: str, collateral_id: str, ports: HasCollateral) -> CollateralRecord:
    found = _find(loan_id, collateral_id, ports)
    if found is None:
        raise NotOnRecordError("collateral_id", f"collateral {collateral_id} of loan {loan_id}")
    return found


def _commit(
    stored: StoredLoan,
    record: CollateralRecord,
    what: str,
    now: datetime,
    ports: CollateralPorts,
) -> None:
    """Store it, and tell ``what`` is new about it."""
    loan, state, collateral = stored.loan, stored.state, record.collateral
    today = business_date(loan.institution_id, now, ports.institutions)
    kind = collateral.kind.replace("_", " ")
    text = f"{kind} {collateral.collateral_id}, {what}"
    key = f"{collateral.collateral_id}#{what}"
    detail = {
        "loan_id": loan.loan_id,
        "collateral_id": collateral.collateral_id,
        "kind": collateral.kind,
        "until": iso(collateral.until),
        "value": to_decimal_text(collateral.value_minor(today), loan.currency),
        "currency": loan.currency,
    }
    outbox = Outbox(
        outbox_id(state.version + 1),
        today,
        timeline=(TimelineEntry(today, "collateral", text, key=key),),
        events=(DomainEvent("CollateralRecorded", detail),),
    )
    ports.loans.commit(LoanChange(loan, loan, state, outbox, collateral=(record,)))
