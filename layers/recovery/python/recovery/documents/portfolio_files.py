"""A delivery of portfolio files, checked row by row and across files, then handed on loan by loan.

The rows wait in a SQLite file, so that memory stays bounded and their order doesn't matter.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO, get_args

from recovery.documents.portfolio_reading import Row, read_rows
from recovery.documents.portfolio_rows import (
    BorrowerRow,
    InstalmentRow,
    Kind,
    LoanRow,
    PaymentRow,
    Rejection,
    Values,
)
from recovery.domain.money import MoneyError, minor_digits, to_decimal_text, to_minor

__all__ = [
    "Counts",
    "StagedInstalment",
    "StagedLoan",
    "StagedPayment",
    "StagedPortfolio",
    "read_rows",
    "stage_portfolio",
    "write_rejections",
]

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;
PRAGMA temp_store = FILE;
CREATE TABLE rows (kind, key, loan_id, position, row, line, body, PRIMARY KEY (kind, key))
    WITHOUT ROWID;
CREATE INDEX rows_of_loan ON rows (kind, loan_id, position);
CREATE TABLE rejections (file, row, "column", reason, remedy, line, loan_id);
CREATE TABLE refused_rows (kind, key, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE refused_loans (loan_id PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
_REFUSE_ROWS_OF_LOANS = """
INSERT INTO rejections
SELECT kind, row, 'loan_id', 'is of a loan that was rejected',
    'Correct the loan and deliver it again with its instalments and payments', line, loan_id
FROM rows WHERE kind IN ('instalments', 'payments')
    AND loan_id IN (SELECT loan_id FROM refused_loans)
    AND (kind, key) NOT IN (SELECT kind, key FROM refused_rows)
ORDER BY kind, row;
INSERT INTO rejections
SELECT kind, row, 'loan_id', 'is not a loan of this delivery',
    'Deliver the loan with its instalments, or correct the loan_id', line, loan_id
FROM rows WHERE kind = 'instalments'
    AND loan_id NOT IN (SELECT loan_id FROM refused_loans)
    AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans')
ORDER BY row;
DELETE FROM rows WHERE (kind, key) IN (SELECT kind, key FROM refused_rows)
    OR (kind != 'borrowers' AND loan_id IN (SELECT loan_id FROM refused_loans))
    OR (kind = 'instalments' AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans'));
COMMIT;
"""
_OTHER = "kind = 'payments' AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans')"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class StagedInstalment:
    """One instalment; amounts in minor units of the loan's currency."""

    number: int
    due_date: date
    principal_minor: int
    interest_minor: int
    fee_minor: int
    penalty_minor: int


@dataclass(frozen=True, slots=True)
class StagedPayment:
    """One payment; its amount in minor units of the loan's currency."""

    payment_id: str
    value_date: date
    amount_minor: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class StagedLoan:
    """A loan with its whole schedule (by number) and its payments (by value date and id)."""

    borrower: BorrowerRow
    loan: LoanRow
    principal_minor: int
    instalments: tuple[StagedInstalment, ...]
    payments: tuple[StagedPayment, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each were taken, and how many rejections there are (a row may have several)."""

    borrowers: int
    loans: int
    instalments: int
    payments: int
    payments_for_other_loans: int
    rejections: int


class StagedPortfolio:
    """What a delivery holds, read again at each call; a context manager that removes its file."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def __enter__(self) -> StagedPortfolio:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the staged rows from the disk; they hold personal data."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def borrowers(self) -> Iterator[BorrowerRow]:
        """Every accepted borrower, by id, with or without a loan in this delivery."""
        for (body,) in self._db.execute(
            "SELECT body FROM rows WHERE kind = 'borrowers' ORDER BY key"
        ):
            yield BorrowerRow.model_validate_json(body)

    def loans(self) -> Iterator[StagedLoan]:
        """Every accepted loan, by id."""
        query = """SELECT loan.body, borrower.body FROM rows loan JOIN rows borrower
            ON borrower.kind = 'borrowers' AND borrower.key = loan.position
            WHERE loan.kind = 'loans' ORDER BY loan.key"""
        for loan_body, borrower_body in self._db.execute(query):
            loan = LoanRow.model_validate_json(loan_body)
            schedule = _instalments(self._db, loan.loan_id)
            yield StagedLoan(
                borrower=BorrowerRow.model_validate_json(borrower_body),
                loan=loan,
                principal_minor=to_minor(loan.principal, loan.currency),
                instalments=tuple(_instalment(row.values, loan.currency) for row in schedule),
                payments=tuple(
                    _payment(row.values, loan) for row in _payments(self._db, loan.loan_id)
                ),
            )

    def payments_for_other_loans(self) -> Iterator[PaymentRow]:
        """Payments for loans that are not in this delivery, by loan, value date and id."""
        query = f"SELECT body FROM rows WHERE {_OTHER} ORDER BY loan_id, position, key"
        for (body,) in self._db.execute(query):
            yield PaymentRow.model_validate_json(body)

    def rejections(self) -> Iterator[Rejection]:
        """Every problem, in the order of the files and their rows."""
        order = "instr('borrowers loans instalments payments', file), row, rowid"
        for columns in self._db.execute(f"SELECT * FROM rejections ORDER BY {order}"):
            yield Rejection(*columns)

    def counts(self) -> Counts:
        """How much was taken and how much was not."""
        of_kind = dict(self._db.execute("SELECT kind, count(*) FROM rows GROUP BY kind"))
        (others,) = self._db.execute(f"SELECT count(*) FROM rows WHERE {_OTHER}").fetchone()
        (rejections,) = self._db.execute("SELECT count(*) FROM rejections").fetchone()
        return Counts(
            borrowers=of_kind.get("borrowers", 0),
            loans=of_kind.get("loans", 0),
            instalments=of_kind.get("instalments", 0),
            payments=of_kind.get("payments", 0) - others,
            payments_for_other_loans=others,
            rejections=rejections,
        )
