"""A list of loans that change hands, as CSV: ``loan_id,exception_by,exception_why,proof``.

All columns but the first may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from recovery.documents.shared.csv_rows import Rows
from recovery.documents.shared.fields import Identifier
from recovery.domain.accounting.sale_list import RowProblem

_REMEDIES = {"loan_id": "Write the loan's id as it was imported"}


@dataclass(frozen=True, slots=True)
class NamedLoan:
    """One row: its number from 1, the loan, and who excepts it from the checks and why.

    ``proof`` refers to what proves that the debtor was told of the new owner.
    """

    number: int
    loan_id: str
    excepted_by: str | None = None
    excepted_because: str | None = None
    proof: str | None = None


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loan_id: Identifier
    exception_by: str | None = None
    exception_why: str | None = None
    proof: str | None = None


def read_loan_list(text: str) -> tuple[list[NamedLoan], list[RowProblem]]:
    """Read every row; return those that can be used, and what is wrong with the others.

    Row 0 is the header. Empty lines are skipped and not counted.
    """
    return _ROWS.read(text)


def _named(number: int, row: _Row) -> NamedLoan:
    return NamedLoan(number, row.loan_id, row.exception_by, row.exception_why, row.proof)


_ROWS = Rows(("loan_id",), ("exception_by", "exception_why", "proof"), _Row, _named, _REMEDIES)
