"""Spool the rows of a delivery into SQLite and reject what does not belong together.

Memory stays bounded and the order of rows doesn't matter. ``files`` is the door to this.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from typing import BinaryIO

from recovery.documents.intake.dialect import Dialect
from recovery.documents.intake.join import payment_problems, schedule_problems
from recovery.documents.intake.parties import collateral_problems, party_problems
from recovery.documents.intake.reading import Row, read_rows
from recovery.documents.intake.rows import (
    BorrowerRow,
    Cause,
    CollateralRow,
    FactRow,
    InstalmentRow,
    Kind,
    LoanRow,
    PartyRow,
    PaymentRow,
    Rejection,
    Values,
)
from recovery.domain.shared.errors import Problem

SCHEMA = """
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
    'Correct the loan and deliver it again with all that belongs to it', 'invalid', line, loan_id
FROM rows WHERE kind IN ('instalments', 'payments', 'parties', 'collateral', 'facts')
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
# A file that cannot be read as a whole takes these with it, in this order.
_NEEDS: tuple[tuple[Kind, Kind], ...] = (
    ("loans", "borrowers"),
    ("loans", "instalments"),
    ("instalments", "loans"),
)
_MANY_ROWS = 20  # with the same cause: then it is the file, even if most rows look right
_ID_COLUMNS: dict[Kind, str] = {
    "borrowers": "borrower_id",
    "loans": "loan_id",
    "instalments": "number",
    "payments": "payment_id",
    "parties": "person_id",
    "collateral": "collateral_id",
    "facts": "fact_id",
}


def spool(db: sqlite3.Connection, kind: Kind, stream: BinaryIO, dialect: Dialect) -> None:
    """Keep the file's valid rows and reject the others.

    If many rows, or half of them, show that the file is written otherwise than declared, no row of
    it can be trusted: one rejection says so, and no row is kept.
    """
    causes = _Causes()
    rows = 0
    for item in read_rows(kind, stream, dialect):
        if isinstance(item, Rejection):
            rows = item.row
            causes.count(item)
            reject(db, item)
        else:
            rows = item.number
            _keep(db, kind, item)
    if of_the_file := causes.of_the_file(rows):
        db.execute("DELETE FROM rows WHERE kind = ?", (kind,))
        db.execute("DELETE FROM rejections WHERE file = ?", (kind,))
        reject(db, of_the_file)


class _Causes:
    """Counts the rows of a file that seem to be written otherwise than declared."""

    def __init__(self) -> None:
        self._rows: Counter[Cause] = Counter()
        self._first: dict[Cause, Rejection] = {}
        self._last: dict[Cause, int] = {}

    def count(self, rejection: Rejection) -> None:
        cause = rejection.cause
        if cause and self._last.get(cause) != rejection.row:
            self._last[cause] = rejection.row
            self._rows[cause] += 1
            self._first.setdefault(cause, rejection)

    def of_the_file(self, rows: int) -> Rejection | None:
        """Return the rejection of the file with so many rows; None if its rows are judged alone."""
        for cause, wrong in self._rows.most_common(1):
            first = self._first[cause]
            if first.row and (wrong >= _MANY_ROWS or 2 * wrong >= rows):
                where = f"in {wrong} of {rows} rows, first in row {first.row}"
                problem = replace(first.problem, reason=f"{first.problem.reason} ({where})")
                return replace(first, row=0, problem=problem, loan_id="")
        return None


def check(db: sqlite3.Connection) -> None:
    """Reject what does not fit together, once every file is spooled."""
    _drop_what_refused_files_leave(db)
    _check_loans(db)
    _check_parties(db)
    _check_collateral(db)
    db.executescript(_REJECT_ORPHANS)


def refused_files(db: sqlite3.Connection) -> frozenset[Kind]:
    """Return the kinds of which no row was taken, for a reason that concerns the whole file."""
    return frozenset(kind for (kind,) in db.execute("SELECT file FROM rejections WHERE row = 0"))


def instalments_of(db: sqlite3.Connection, loan_id: str) -> Iterator[Row[InstalmentRow]]:
    """Yield the loan's instalments by number."""
    for number, line, body in db.execute(_ROWS_OF_LOAN, ("instalments", loan_id)):
        yield Row(number, line, InstalmentRow.model_validate_json(body))


def payments_of(db: sqlite3.Connection, loan_id: str) -> Iterator[Row[PaymentRow]]:
    """Yield the loan's payments by value date and id."""
    for number, line, body in db.execute(_ROWS_OF_LOAN, ("payments", loan_id)):
        yield Row(number, line, PaymentRow.model_validate_json(body))


def reject(db: sqlite3.Connection, rejection: Rejection, *, refuses: bool = True) -> None:
    """Put it on record; without its own row or one of its instalments, a loan is refused."""
    columns = rejection.file, rejection.row, *astuple(rejection.problem)
    place = rejection.line, rejection.loan_id
    db.execute("INSERT INTO rejections VALUES (?,?,?,?,?,?,?,?)", (*columns, *place))
    if refuses and rejection.file in ("loans", "instalments") and rejection.loan_id:
        db.execute("INSERT OR IGNORE INTO refused_loans VALUES (?)", (rejection.loan_id,))


def _keep(db: sqlite3.Connection, kind: Kind, item: Row[Values]) -> None:
    """Ignore an identical repeat; reject a different one, since either may be the error."""
    key, loan_id, position = _place(item.values)
    body = item.values.model_dump_json(exclude_unset=True, by_alias=True)
    columns = (kind, key, loan_id, position, item.number, item.line, body)
    if db.execute("INSERT OR IGNORE INTO rows VALUES (?,?,?,?,?,?,?)", columns).rowcount:
        return
    query = "SELECT row, body FROM rows WHERE kind = ? AND key = ?"
    first, first_body = db.execute(query, (kind, key)).fetchone()
    if body != first_body:
        reason = f"differs from row {first}, which has the same id"
        problem = Problem(_ID_COLUMNS[kind], reason, "Keep the correct row", "duplicate")
        # Of two loans the first counts; half a schedule would be a guess.
        rejection = Rejection(kind, item.number, problem, item.line, loan_id)
        reject(db, rejection, refuses=kind != "loans")


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
        case PartyRow():
            return f"{values.loan_id} {values.person_id}", values.loan_id, values.person_id
        case CollateralRow():
            return values.collateral_id, values.loan_id, values.collateral_id
        case FactRow():
            return f"{values.loan_id} {values.fact_id}", values.loan_id, ""


def _drop_what_refused_files_leave(db: sqlite3.Connection) -> None:
    """Report once, not row by row, that a file cannot be taken without another one."""
    refused = refused_files(db)
    for kind, needed in _NEEDS:
        (rows,) = db.execute("SELECT count(*) FROM rows WHERE kind = ?", (kind,)).fetchone()
        if needed in refused and kind not in refused and rows:
            db.execute("DELETE FROM rows WHERE kind = ?", (kind,))
            reason = f"was not taken, as the file of {needed} was refused"
            problem = Problem("", reason, f"Correct {needed}, then deliver both files again")
            reject(db, Rejection(kind, 0, problem))
            refused |= {kind}
    if refused & {"loans", "instalments"}:  # then no loan is known to be wrong by itself
        db.execute("DELETE FROM refused_loans")


def _check_loans(db: sqlite3.Connection) -> None:
    query = """SELECT row, line, body,
            position IN (SELECT key FROM rows WHERE kind = 'borrowers'),
            key IN (SELECT loan_id FROM refused_loans)
        FROM rows WHERE kind = 'loans' ORDER BY row"""
    for number, line, body, has_borrower, is_refused in db.execute(query):
        loan = Row(number, line, LoanRow.model_validate_json(body))
        problems = [] if has_borrower else [_unknown_borrower(loan)]
        if not is_refused:  # else the gaps in its schedule are already reported
            problems += schedule_problems(loan, list(instalments_of(db, loan.values.loan_id)))
        if problems or is_refused:
            if all(problem.file != "loans" for problem in problems):
                problems.append(_broken_schedule(loan))
        else:
            for payment in payments_of(db, loan.values.loan_id):
                problems += payment_problems(payment, loan.values.currency)
        for problem in problems:
            reject(db, problem)


def _check_parties(db: sqlite3.Connection) -> None:
    query = """SELECT party.row, party.line, party.body, loan.body
        FROM rows party JOIN rows loan ON loan.kind = 'loans' AND loan.key = party.loan_id
        WHERE party.kind = 'parties' ORDER BY party.row"""
    for number, line, body, loan_body in db.execute(query):
        party = Row(number, line, PartyRow.model_validate_json(body))
        loan = LoanRow.model_validate_json(loan_body)
        for problem in party_problems(party, loan.borrower_id, loan.currency):
            reject(db, problem)


def _check_collateral(db: sqlite3.Connection) -> None:
    query = "SELECT row, line, body FROM rows WHERE kind = 'collateral' ORDER BY row"
    for number, line, body in db.execute(query):
        collateral = Row(number, line, CollateralRow.model_validate_json(body))
        for problem in collateral_problems(collateral):
            reject(db, problem)


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


_ROWS_OF_LOAN = """SELECT row, line, body FROM rows WHERE kind = ? AND loan_id = ?
    ORDER BY position, key"""
