"""Record that a person is a party of a loan, or no longer is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.party import Party, PartyRecord, parties_problems, party_problems
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import NotOnRecordError, Problem, RefusedError
from recovery.domain.shared.money import Money
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasBorrowers, LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


@dataclass(frozen=True, slots=True)
class PartyTaken:
    """The row on record, and whether this call changed it (a repeat does not)."""

    record: PartyRecord
    recorded: bool


class PartyPorts(LoansAndInstitutions, HasBorrowers, Protocol):
    """What recording a party needs: she is a person on record."""


@retry_when_stale
def record_party(
    loan_id: str, party: Party, by: Actor, now: datetime, ports: PartyPorts
) -> PartyTaken:
    """Record one row; repeating the same changes nothing.

    Raises LoanNotFoundError; RefusedError with everything that is wrong with it.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    for each in recorded.parties:
        if replace(each.party, until=party.until) == party:
            return PartyTaken(each, recorded=False)
    problems = [
        *party_problems(party),
        *parties_problems((*recorded.parties_said(), party), stored.loan.borrower_id),
    ]
    if not ports.borrowers.knows(party.person_id):
        reason = f"{party.person_id} is not on record"
        remedy = "Send the person's contact data in a portfolio file first"
        problems.append(Problem("person_id", reason, remedy, "not_found"))
    if problems:
        raise RefusedError(*problems)
    record = PartyRecord(party=party, recorded_by=by.id, recorded_at=now)
    rows = (*_rows_of(party.person_id, recorded), record)
    text = f"{_in_words(party, stored.loan.currency)}, from {party.from_on}"
    _commit(stored, rows, party, text, now, ports)
    return PartyTaken(record, recorded=True)


@retry_when_stale
def end_party(
    loan_id: str,
    person_id: str,
    until: date,
    reason: str,
    by: Actor,
    now: datetime,
    ports: LoansAndInstitutions,
) -> PartyTaken:
    """End a person's last row with this last day; the row stays on record.

    The day before ``from_on`` calls it off. Raises LoanNotFoundError; NotOnRecordError for somebody
    who is no party; RefusedError if it ended before, or would end before it was.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    rows = _rows_of(person_id, recorded)
    if not rows:
        raise NotOnRecordError("person_id", f"party {person_id} of loan {loan_id}")
    last = max(rows, key=lambda each: each.party.from_on)
    party = last.party
    if party.until == until:
        return PartyTaken(last, recorded=False)
    _check_end(party, until)
    ended = replace(
        last,
        party=replace(party, until=until),
        ended_by=by.id,
        ended_at=now,
        ended_because=reason,
    )
    changed = tuple(ended if each is last else each for each in rows)
    text = f"{_in_words(party, stored.loan.currency)}, until {until}: {reason}"
    _commit(stored, changed, ended.party, text, now, ports)
    return PartyTaken(ended, recorded=True)


def _check_end(party: Party, until: date) -> None:
    if party.until is not None and party.until < until:
        reason = f"{until} is after {party.until}, when it ended"
        remedy = "Record a new row from the day on which the person is a party again"
        raise RefusedError(Problem("until", reason, remedy, "conflict"))
    if until < party.from_on - timedelta(days=1):
        reason = f"{until} is before {party.from_on}, when it began"
        remedy = "Give the last day, or the day before the first to call it off"
        raise RefusedError(Problem("until", reason, remedy, "out_of_range"))


def _rows_of(person_id: str, recorded: Recorded) -> tuple[PartyRecord, ...]:
    return tuple(each for each in recorded.parties if each.party.person_id == person_id)


def _commit(
    stored: StoredLoan,
    rows: Sequence[PartyRecord],
    party: Party,
    text: str,
    now: datetime,
    ports: LoansAndInstitutions,
) -> None:
    """Store the person's rows, and tell of the one that is new or has ended."""
    loan, state = stored.loan, stored.state
    today = business_date(loan.institution_id, now, ports.institutions)
    key = f"{party.person_id}#{party.from_on}#{party.until}"
    detail = {
        "loan_id": loan.loan_id,
        "role": party.role,
        "from_on": party.from_on.isoformat(),
        "until": party.until.isoformat() if party.until else None,
    }
    outbox = Outbox(
        outbox_id(state.version + 1),
        today,
        timeline=(TimelineEntry(today, "party", text, key=key),),
        events=(DomainEvent("PartyRecorded", detail),),
    )
    ports.loans.commit(LoanChange(loan, loan, state, outbox, parties=tuple(rows)))


def _in_words(party: Party, currency: str) -> str:
    """Describe the party by role and id, such as "guarantor G-1, limit 500.00 EUR"."""
    said = f"{party.role.replace('_', ' ')} {party.person_id}"
    if party.liability == "joint_and_several":
        said += ", jointly and severally"
    if party.share_pct is not None:
        said += f", share {party.share_pct} %"
    if party.limit_minor is not None:
        said += f", limit {Money(party.limit_minor, currency)}"
    return said
