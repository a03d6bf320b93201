"""Check a delivery of portfolio files row by row and across files, then yield it by loan.

The rows wait in a SQLite file, so memory stays bounded and their order doesn't matter.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO, get_args

from recovery.documents.intake.dialect import PLAIN, Dialect
from recovery.documents.intake.join import StagedLoan, join_loan
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import (
    MODELS,
    BorrowerRow,
    CollateralRow,
    FactRow,
    Kind,
    LoanRow,
    PartyRow,
    PaymentRow,
    Rejection,
)
from recovery.documents.intake.staging import (
    SCHEMA,
    check,
    instalments_of,
    payments_of,
    refused_files,
    spool,
)
from recovery.domain.shared.errors import Problem

_OTHER = "kind = 'payments' AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans')"
_BY_LOAN = "SELECT row, line, body FROM rows WHERE kind = ? ORDER BY loan_id, position, key"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each were accepted, and how many rejections there are (a row may have
    several)."""

    borrowers: int
    loans: int
    instalments: int
    payments: int
    payments_for_other_loans: int
    parties: int
    collateral: int
    facts: int
    rejections: int


class StagedPortfolio:
    """A checked delivery, read again at each call; a context manager that removes its file."""

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
        """Delete the staged rows from disk; they hold personal data."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def borrowers(self) -> Iterator[Row[BorrowerRow]]:
        """Yield every accepted borrower by id, with or without a loan in this delivery."""
        query = "SELECT row, line, body FROM rows WHERE kind = 'borrowers' ORDER BY key"
        for number, line, body in self._db.execute(query):
            yield Row(number, line, BorrowerRow.model_validate_json(body))

    def loans(self) -> Iterator[StagedLoan]:
        """Yield every accepted loan by id."""
        query = """SELECT loan.row, loan.line, loan.body, borrower.body
            FROM rows loan JOIN rows borrower
            ON borrower.kind = 'borrowers' AND borrower.key = loan.position
            WHERE loan.kind = 'loans' ORDER BY loan.key"""
        for number, line, loan_body, borrower_body in self._db.execute(query):
            loan = Row(number, line, LoanRow.model_validate_json(loan_body))
            yield join_loan(
                BorrowerRow.model_validate_json(borrower_body),
                loan,
                instalments_of(self._db, loan.values.loan_id),
                payments_of(self._db, loan.values.loan_id),
            )

    def payments_for_other_loans(self) -> Iterator[Row[PaymentRow]]:
        """Yield payments for loans not in this delivery, by loan, value date and id."""
        query = f"SELECT row, line, body FROM rows WHERE {_OTHER} ORDER BY loan_id, position, key"
        for number, line, body in self._db.execute(query):
            yield Row(number, line, PaymentRow.model_validate_json(body))

    def parties(self) -> Iterator[Row[PartyRow]]:
        """Yield every accepted party by loan and person, also of loans not in this delivery."""
        for number, line, body in self._db.execute(_BY_LOAN, ("parties",)):
            yield Row(number, line, PartyRow.model_validate_json(body))

    def collateral(self) -> Iterator[Row[CollateralRow]]:
        """Yield all accepted collateral by loan and id, also of loans not in this delivery."""
        for number, line, body in self._db.execute(_BY_LOAN, ("collateral",)):
            yield Row(number, line, CollateralRow.model_validate_json(body))

    def facts(self) -> Iterator[Row[FactRow]]:
        """Yield every accepted fact by loan and place in the file, also of loans not in this
        delivery."""
        query = "SELECT row, line, body FROM rows WHERE kind = 'facts' ORDER BY loan_id, row"
        for number, line, body in self._db.execute(query):
            yield Row(number, line, FactRow.model_validate_json(body))

    def names_loan(self, loan_id: str) -> bool:
        """Whether a row of the delivery's loans, accepted or not, is about this loan."""
        query = """SELECT EXISTS (SELECT 1 FROM rows WHERE kind = 'loans' AND key = ?)
            OR EXISTS (SELECT 1 FROM refused_loans WHERE loan_id = ?)"""
        (found,) = self._db.execute(query, (loan_id, loan_id)).fetchone()
        return bool(found)

    def refused_files(self) -> frozenset[Kind]:
        """Return the kinds of which no row was taken, for a reason that concerns the whole file."""
        return refused_files(self._db)

    def rejections(self) -> Iterator[Rejection]:
        """Yield every problem in the order of files and rows."""
        order = f"instr('{' '.join(MODELS)}', file), row, rowid"
        found = self._db.execute(f"SELECT * FROM rejections ORDER BY {order}")
        for file, row, field, reason, remedy, code, line, loan_id in found:
            yield Rejection(file, row, Problem(field, reason, remedy, code), line, loan_id)

    def counts(self) -> Counts:
        """Count what was accepted and what was not."""
        of_kind = dict(self._db.execute("SELECT kind, count(*) FROM rows GROUP BY kind"))
        (others,) = self._db.execute(f"SELECT count(*) FROM rows WHERE {_OTHER}").fetchone()
        (rejections,) = self._db.execute("SELECT count(*) FROM rejections").fetchone()
        return Counts(
            borrowers=of_kind.get("borrowers", 0),
            loans=of_kind.get("loans", 0),
            instalments=of_kind.get("instalments", 0),
            payments=of_kind.get("payments", 0) - others,
            payments_for_other_loans=others,
            parties=of_kind.get("parties", 0),
            collateral=of_kind.get("collateral", 0),
            facts=of_kind.get("facts", 0),
            rejections=rejections,
        )


def stage_portfolio(
    files: Mapping[Kind, BinaryIO], *, workspace: Path, dialect: Dialect = PLAIN
) -> StagedPortfolio:
    """Check the files of one delivery and keep what is valid in a file in ``workspace``.

    A loan is accepted with its full schedule or not at all; a wrong payment is rejected alone.
    Close the result. Raises ValueError if there is no file, or one of an unknown kind.
    """
    if not files or not files.keys() <= set(get_args(Kind)):
        raise ValueError(f"deliver one or more of {', '.join(get_args(Kind))}")
    handle, name = tempfile.mkstemp(prefix="portfolio-", suffix=".sqlite", dir=workspace)
    os.close(handle)
    db = sqlite3.connect(name, isolation_level=None)
    staged = StagedPortfolio(db, Path(name))
    try:
        db.executescript(SCHEMA)
        db.execute("BEGIN")
        for kind, stream in files.items():
            spool(db, kind, stream, dialect)
        check(db)
    except BaseException:
        staged.close()
        raise
    return staged


def write_rejections(rejections: Iterable[Rejection], stream: TextIO) -> None:
    """Write ``file,row,column,reason,remedy`` as CSV in which no cell can run as a formula."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("file", "row", "column", "reason", "remedy"))
    for rejection in rejections:
        problem = rejection.problem
        texts = (problem.field, problem.reason, problem.remedy)
        writer.writerow((rejection.file, rejection.row, *map(_inert, texts)))


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
