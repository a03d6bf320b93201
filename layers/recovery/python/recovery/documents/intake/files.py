"""Check a delivery of portfolio files row by row and across files, then yield it by loan.

The rows wait in a SQLite file, so memory stays bounded and their order doesn't matter.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO, get_args

from recovery.documents.intake.join import (
    StagedLoan,
    join_loan,
    payment_problems,
    schedule_problems,
)
from recovery.documents.intake.reading import Row, read_rows
from recovery.documents.intake.rows import (
    BorrowerRow,
    InstalmentRow,
    Kind,
    LoanRow,
    PaymentRow,
    Rejection,
    Values,
)
from recovery.domain.shared.errors import Problem

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;
PRAGMA temp_store = FILE;
CREATE TABLE rows (kind, key, loan_id, position, row, line, body, PRIMARY KEY (kind, key))
    WITHOUT ROWID;
CREATE INDEX rows_of_loan ON rows (kind, loan_id, position);
CREATE TABLE rejections (file, row, field, reason, remedy, code, line, loan_id);
CREATE TABLE refused_loans (loan_id PRIMARY KEY) WITHOUT ROWID;
"""
_REJECT_ORPHANS = """
INSERT INTO rejections
SELECT kind, row, 'loan_id', 'belongs to a rejected loan',
    'Correct the loan and deliver it again with its instalments and payments', 'invalid', line,
    loan_id
FROM rows WHERE kind IN ('instalments', 'payments')
    AND loan_id IN (SELECT loan_id FROM refused_loans)
    AND (kind, row) NOT IN (SELECT file, row FROM rejections);
INSERT INTO rejections
SELECT kind, row, 'loan_id', 'is not a loan in this delivery',
    'Deliver the loan with its instalments, or correct the loan_id', 'not_found', line, loan_id
FROM rows WHERE kind = 'instalments'
    AND loan_id NOT IN (SELECT loan_id FROM refused_loans)
    AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans');
DELETE FROM rows WHERE (kind, row) IN (SELECT file, row FROM rejections);
"""
_OTHER = "kind = 'payments' AND loan_id NOT IN (SELECT key FROM rows WHERE kind = 'loans')"
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

    def borrowers(self) -> Iterator[BorrowerRow]:
        """Yield every accepted borrower by id, with or without a loan in this delivery."""
        for (body,) in self._db.execute(
            "SELECT body FROM rows WHERE kind = 'borrowers' ORDER BY key"
        ):
            yield BorrowerRow.model_validate_json(body)

    def loans(self) -> Iterator[StagedLoan]:
        """Yield every accepted loan by id."""
        query = """SELECT loan.body, borrower.body FROM rows loan JOIN rows borrower
            ON borrower.kind = 'borrowers' AND borrower.key = loan.position
            WHERE loan.kind = 'loans' ORDER BY loan.key"""
        for loan_body, borrower_body in self._db.execute(query):
            loan = LoanRow.model_validate_json(loan_body)
            yield join_loan(
                BorrowerRow.model_validate_json(borrower_body),
                loan,
                (row.values for row in _instalments(self._db, loan.loan_id)),
                (row.values for row in _payments(self._db, loan.loan_id)),
            )

    def payments_for_other_loans(self) -> Iterator[PaymentRow]:
        """Yield payments for loans not in this delivery, by loan, value date and id."""
        query = f"SELECT body FROM rows WHERE {_OTHER} ORDER BY loan_id, position, key"
        for (body,) in self._db.execute(query):
            yield PaymentRow.model_validate_json(body)

    def rejections(self) -> Iterator[Rejection]:
        """Yield every problem in the order of files and rows."""
        order = "instr('borrowers loans instalments payments', file), row, rowid"
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
            rejections=rejections,
        )


def stage_portfolio(files: Mapping[Kind, BinaryIO], *, workspace: Path) -> StagedPortfolio:
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
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        for kind, stream in files.items():
            _spool(db, kind, stream)
        _check_loans(db)
        db.executescript(_REJECT_ORPHANS)
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


def _spool(db: sqlite3.Connection, kind: Kind, stream: BinaryIO) -> None:
    for item in read_rows(kind, stream):
        if isinstance(item, Rejection):
            _reject(db, item)
            if kind in ("loans", "instalments") and item.loan_id:
                _refuse_loan(db, item.loan_id)
            continue
        key, loan_id, position = _place(item.values)
        body = item.values.model_dump_json()
        columns = (kind, key, loan_id, position, item.number, item.line, body)
        if not db.execute("INSERT OR IGNORE INTO rows VALUES (?,?,?,?,?,?,?)", columns).rowcount:
            _spool_repeated(db, kind, item, body)


def _spool_repeated(db: sqlite3.Connection, kind: Kind, item: Row[Values], body: str) -> None:
    """Ignore an identical repeat; reject a different one, since either may be the error."""
    key, loan_id, _ = _place(item.values)
    query = "SELECT row, body FROM rows WHERE kind = ? AND key = ?"
    first, first_body = db.execute(query, (kind, key)).fetchone()
    if body == first_body:
        return
    column = {"borrowers": "borrower_id", "loans": "loan_id", "payments": "payment_id"}.get(kind)
    reason = f"differs from row {first}, which has the same id"
    problem = Problem(column or "number", reason, "Keep the correct row", "duplicate")
    _reject(db, Rejection(kind, item.number, problem, item.line, loan_id))
    if kind == "instalments":
        _refuse_loan(db, loan_id)


def _place(values: Values) -> tuple[str, str, str | int]:
    """Return the row's key within its kind, its loan, and its order within the loan."""
    match values:
        case BorrowerRow():
            return values.borrower_id, "", ""
        case LoanRow():
            return values.loan_id, values.loan_id, values.borrower_id
        case InstalmentRow():
            return f"{values.loan_id} {values.number}", values.loan_id, values.number
        case PaymentRow():
            return values.payment_id, values.loan_id, values.value_date.isoformat()


def _check_loans(db: sqlite3.Connection) -> None:
    query = """SELECT row, line, body,
            position IN (SELECT key FROM rows WHERE kind = 'borrowers'),
            key IN (SELECT loan_id FROM refused_loans)
        FROM rows WHERE kind = 'loans' ORDER BY row"""
    for number, line, body, has_borrower, is_refused in db.execute(query):
        loan = Row(number, line, LoanRow.model_validate_json(body))
        problems = [] if has_borrower else [_unknown_borrower(loan)]
        if not is_refused:  # else the gaps in its schedule are already reported
            problems += schedule_problems(loan, list(_instalments(db, loan.values.loan_id)))
        if problems or is_refused:
            _refuse_loan(db, loan.values.loan_id)
            if all(problem.file != "loans" for problem in problems):
                problems.append(_broken_schedule(loan))
        else:
            for payment in _payments(db, loan.values.loan_id):
                problems += payment_problems(loan.values, payment)
        for problem in problems:
            _reject(db, problem)


def _unknown_borrower(loan: Row[LoanRow]) -> Rejection:
    reason = "is not an accepted borrower in this delivery"
    remedy = "Deliver the borrower too, or correct the borrower_id"
    problem = Problem("borrower_id", reason, remedy, "not_found")
    return Rejection("loans", loan.number, problem, loan.line, loan.values.loan_id)


def _broken_schedule(loan: Row[LoanRow]) -> Rejection:
    reason = "has rejected rows, so its schedule is incomplete"
    remedy = "Correct those rows and deliver the loan again with all its instalments"
    problem = Problem("loan_id", reason, remedy)
    return Rejection("loans", loan.number, problem, loan.line, loan.values.loan_id)


def _reject(db: sqlite3.Connection, rejection: Rejection) -> None:
    columns = rejection.file, rejection.row, *astuple(rejection.problem)
    place = rejection.line, rejection.loan_id
    db.execute("INSERT INTO rejections VALUES (?,?,?,?,?,?,?,?)", (*columns, *place))


def _refuse_loan(db: sqlite3.Connection, loan_id: str) -> None:
    db.execute("INSERT OR IGNORE INTO refused_loans VALUES (?)", (loan_id,))


_ROWS_OF_LOAN = """SELECT row, line, body FROM rows WHERE kind = ? AND loan_id = ?
    ORDER BY position, key"""


def _instalments(db: sqlite3.Connection, loan_id: str) -> Iterator[Row[InstalmentRow]]:
    for number, line, body in db.execute(_ROWS_OF_LOAN, ("instalments", loan_id)):
        yield Row(number, line, InstalmentRow.model_validate_json(body))


def _payments(db: sqlite3.Connection, loan_id: str) -> Iterator[Row[PaymentRow]]:
    for number, line, body in db.execute(_ROWS_OF_LOAN, ("payments", loan_id)):
        yield Row(number, line, PaymentRow.model_validate_json(body))
