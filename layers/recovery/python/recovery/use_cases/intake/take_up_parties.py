"""Take up who else answers for a loan, each change as a row of its own from its day on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import amount_minor
from recovery.documents.intake.parties import party_problems
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import PartyRow, Rejection
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.party import Party
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.accounting.record_party import end_party, record_party
from recovery.use_cases.intake.arrival import IMPORT, Arrival, Delivery, ImportPorts
from recovery.use_cases.intake.unknown_loans import unknown_loans

_DAY = timedelta(days=1)
_ENDED = "ended in the core banking system"
_CHANGED = "changed in the core banking system"


def take_up_parties(
    delivery: Delivery, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    """Record parties that are new and what changed about the others; one who is missing stays."""
    unknown: list[Row[PartyRow]] = []
    for loan_id, rows in groupby(delivery.parties(), key=lambda row: row.values.loan_id):
        try:
            loan = ports.loans.load(loan_id).loan
        except LoanNotFoundError:
            unknown += rows
            continue
        known = ports.loans.recorded(loan_id).parties_said()
        for row in rows:
            of_person = [each for each in known if each.person_id == row.values.person_id]
            last = max(of_person, key=lambda each: each.from_on, default=None)
            for rejection in _take_up(row, loan, last, arrival, ports, imported):
                imported.rejections.append(rejection)
    imported.rejections += unknown_loans("parties", unknown, delivery)


def _take_up(
    row: Row[PartyRow],
    loan: Loan,
    last: Party | None,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> Iterator[Rejection]:
    problems = list(party_problems(row, loan.borrower_id, loan.currency))
    if problems:
        yield from problems
        return
    party = _party(row.values, loan, last)
    is_same = last is not None and party == replace(last, from_on=party.from_on)
    if is_same or (last is not None and arrival.newer_as_of):
        imported.parties_unchanged += 1
        return
    try:
        _record(party, last, loan.loan_id, arrival, ports)
        imported.parties_recorded += 1
    except RefusedError as error:
        for problem in error.problems:
            yield Rejection("parties", row.number, problem, row.line, loan.loan_id)


def _party(row: PartyRow, loan: Loan, last: Party | None) -> Party:
    """Return the party as delivered; what is not told of a known one stays as it is."""
    told = row.model_dump(include={"liability", "share_pct", "subsidiary", "until"})
    if row.limit is not None:
        told["limit_minor"] = amount_minor(row.limit, loan.currency)
    elif "limit" in row.model_fields_set:
        told["limit_minor"] = None
    if last and last.role == row.role:
        told = {name: value for name, value in told.items() if _is_told(name, row)}
        return replace(last, from_on=row.from_on or last.from_on, **told)
    from_on = row.from_on or loan.disbursed_on
    return Party(person_id=row.person_id, role=row.role, from_on=from_on, **told)


def _is_told(name: str, row: PartyRow) -> bool:
    return ("limit" if name == "limit_minor" else name) in row.model_fields_set


def _record(
    party: Party, last: Party | None, loan_id: str, arrival: Arrival, ports: ImportPorts
) -> None:
    """Record a first row, an end, or another row in the place of the last one from this day on."""
    now = arrival.now
    if last is None:
        record_party(loan_id, party, IMPORT, now, ports)
        return
    only_ends = party == replace(last, from_on=party.from_on, until=party.until)
    if only_ends and party.until is not None:
        end_party(loan_id, party.person_id, party.until, _ENDED, IMPORT, now, ports)
        return
    since = arrival.as_of
    if last.until is None or last.until >= since:
        end_party(loan_id, party.person_id, since - _DAY, _CHANGED, IMPORT, now, ports)
    record_party(loan_id, replace(party, from_on=since), IMPORT, now, ports)
