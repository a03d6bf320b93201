"""Reject rows about loans that are not on record."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import (
    CollateralRow,
    FactRow,
    Kind,
    PartyRow,
    PaymentRow,
    Rejection,
)
from recovery.domain.shared.errors import Problem
from recovery.use_cases.intake.arrival import Delivery

_About = Row[PaymentRow] | Row[PartyRow] | Row[CollateralRow] | Row[FactRow]


def unknown_loans(kind: Kind, rows: Sequence[_About], delivery: Delivery) -> list[Rejection]:
    """Reject each row, or all together if that is because a file of loans was refused."""
    if rows and delivery.refused_files() & {"loans", "instalments"}:
        reason = f"belongs to no loan on record in {len(rows)} rows, as a file of loans was refused"
        remedy = "Correct that file, then deliver both again"
        return [Rejection(kind, 0, Problem("loan_id", reason, remedy, "not_found"))]
    return [_unknown_loan(kind, row) for row in rows]


def _unknown_loan(kind: Kind, row: _About) -> Rejection:
    reason = f"{row.values.loan_id} is not on record"
    if isinstance(row.values, PaymentRow):
        reason = f"{row.values.payment_id}: {reason}"
    remedy = "Deliver the loan with its instalments, or correct the loan_id"
    problem = Problem("loan_id", reason, remedy, "not_found")
    return Rejection(kind, row.number, problem, row.line, row.values.loan_id)
