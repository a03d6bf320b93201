"""Take up what secures a loan: new things, new values, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.join import amount_minor, not_money
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import CollateralRow, Rejection
from recovery.domain.accounting.collateral import Collateral, Valuation
from recovery.domain.accounting.loan import Loan
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.accounting.record_collateral import (
    end_collateral,
    record_collateral,
    value_collateral,
)
from recovery.use_cases.intake.arrival import IMPORT, Arrival, Delivery, ImportPorts
from recovery.use_cases.intake.unknown_loans import unknown_loans


def take_up_collateral(
    delivery: Delivery, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    """Record what is new about the security of loans; what is missing stays on record."""
    unknown: list[Row[CollateralRow]] = []
    for loan_id, rows in groupby(delivery.collateral(), key=lambda row: row.values.loan_id):
        try:
            loan = ports.loans.load(loan_id).loan
        except LoanNotFoundError:
            unknown += rows
            continue
        records = ports.collateral.of_loan(loan_id)
        known = {each.collateral.collateral_id: each.collateral for each in records}
        for row in rows:
            last = known.get(row.values.collateral_id)
            for problem in _take_up(row.values, loan, last, arrival, ports, imported):
                rejection = Rejection("collateral", row.number, problem, row.line, loan_id)
                imported.rejections.append(rejection)
    imported.rejections += unknown_loans("collateral", unknown, delivery)


def _take_up(
    row: CollateralRow,
    loan: Loan,
    last: Collateral | None,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> Iterator[Problem]:
    value_minor = None if row.value is None else amount_minor(row.value, loan.currency)
    if row.value is not None and row.currency != loan.currency:
        reason = f"is {row.currency}, but the loan is in {loan.currency}"
        yield Problem("currency", reason, "State the value in the loan's currency")
        return
    if row.value is not None and value_minor is None:
        yield Problem("value", *not_money(loan.currency))
        return
    if last is not None and arrival.newer_as_of:
        imported.collateral_unchanged += 1
        return
    try:
        if _record(row, loan, last, value_minor, arrival, ports):
            imported.collateral_recorded += 1
        else:
            imported.collateral_unchanged += 1
    except RefusedError as error:
        yield from error.problems


def _record(
    row: CollateralRow,
    loan: Loan,
    last: Collateral | None,
    value_minor: int | None,
    arrival: Arrival,
    ports: ImportPorts,
) -> bool:
    """Return whether anything was recorded."""
    now, loan_id = arrival.now, loan.loan_id
    if last is None:
        worth = [] if value_minor is None else [Valuation(loan.disbursed_on, value_minor)]
        new = Collateral(
            collateral_id=row.collateral_id,
            kind=row.kind,
            person_id=row.person_id or loan.borrower_id,
            from_on=loan.disbursed_on,
            valuations=tuple(worth),
            until=row.valid_until,
            covers=row.covered,
            description=row.description,
            reference=row.reference,
            insurer=row.insurer,
        )
        return record_collateral(loan_id, new, IMPORT, now, ports).recorded
    told = row.model_dump(include=row.model_fields_set & {"description", "reference", "insurer"})
    if row.person_id:
        told["person_id"] = row.person_id
    if row.covered:
        told["covers"] = row.covered
    same = replace(last, kind=row.kind, valuations=last.valuations[:1], **told)
    recorded = record_collateral(loan_id, same, IMPORT, now, ports).recorded
    if value_minor is not None and value_minor != last.value_minor(arrival.as_of):
        valuation = Valuation(arrival.as_of, value_minor)
        recorded |= value_collateral(loan_id, row.collateral_id, valuation, now, ports).recorded
    if row.valid_until and row.valid_until != last.until:
        until = row.valid_until
        recorded |= end_collateral(loan_id, row.collateral_id, until, now, ports).recorded
    return recorded
