"""Who asked for a collective relief, as CSV:
``loan_id,applied_on,applicant,proof,turnover,objected_by``.

The first two columns are needed; the others may be left out, and so may their cells.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from recovery.documents.shared.csv_rows import Rows
from recovery.documents.shared.fields import AmountText, Day, Identifier
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.agreements.relief_cases import Application
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import MoneyError, to_minor

_REMEDIES = {
    "loan_id": "Write the loan's id as it was imported",
    "applied_on": "Write the day on which the borrower asked, such as 2024-11-20",
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loan_id: Identifier
    applied_on: Day
    applicant: Identifier | None = None
    proof: Identifier | None = None
    turnover: AmountText | None = None
    objected_by: Identifier | None = None


def read_applications(
    text: str, currency: str | None
) -> tuple[list[Application], list[RowProblem]]:
    """Read every row; return those that can be used, and what is wrong with the others.

    ``currency`` is that of the turnovers, None if the relief asks for none. Who is listed twice is
    refused the second time.
    """
    read, refused = Rows(
        ("loan_id", "applied_on"),
        ("applicant", "proof", "turnover", "objected_by"),
        _Row,
        lambda number, row: (number, row),
        _REMEDIES,
    ).read(text)
    found: dict[str, Application] = {}
    for number, row in read:
        if row.loan_id in found:
            first = found[row.loan_id].number
            problem = Problem("loan_id", f"is in row {first} already", "List it once", "duplicate")
            refused.append(RowProblem(number, row.loan_id, problem))
            continue
        try:
            found[row.loan_id] = _application(number, row, currency)
        except MoneyError as error:
            remedy = 'Write a decimal number such as "125000.00"'
            refused.append(RowProblem(number, row.loan_id, Problem("turnover", str(error), remedy)))
    return list(found.values()), refused


def _application(number: int, row: _Row, currency: str | None) -> Application:
    known = row.turnover and currency
    return Application(
        number=number,
        loan_id=row.loan_id,
        applied_on=row.applied_on,
        applicant=row.applicant,
        proof=row.proof or "",
        turnover_minor=to_minor(row.turnover, currency) if known else None,  # type: ignore[arg-type]
        objected_by=row.objected_by,
    )
