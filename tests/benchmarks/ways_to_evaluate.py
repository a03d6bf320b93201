"""The same evaluation by the engine, plain floats, SQLite and DuckDB.

Each returns days past due, overdue, outstanding and credit at ``AS_OF`` for every loan. The engine
also computes components, bucket, next instalment, and what was paid on each and when; the float
and SQL versions compute nothing else.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from recovery.domain.accounting.allocation import allocate
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.policy import DEFAULT_POLICY
from tests.benchmarks.made_loans import AS_OF, MadeLoan

Answer = tuple[float, ...]  # days past due, overdue, outstanding, credit
Rows = Mapping[str, Sequence[tuple[int, ...]]]
FloatLoan = tuple[list[tuple[date, tuple[float, ...]]], list[tuple[date, float]]]


def by_engine(loans: Sequence[MadeLoan]) -> list[Answer]:
    return [_answer(loan) for loan in loans]


def _answer(loan: MadeLoan) -> Answer:
    position = allocate(loan.schedule, loan.payments, DEFAULT_POLICY.accounting.allocation)
    standing = standing_at(loan.schedule, position, DEFAULT_POLICY.monitoring, AS_OF)
    overdue, outstanding = standing.overdue.total, standing.outstanding.total
    return standing.days_past_due, overdue, outstanding, standing.credit_minor


def in_floats(loan: MadeLoan) -> FloatLoan:
    schedule = [(due_date, tuple(map(float, due))) for _, due_date, due in loan.schedule]
    return schedule, [(each.value_date, float(each.amount_minor)) for each in loan.payments]


def by_payment(loans: Sequence[FloatLoan]) -> list[Answer]:
    """The obvious way: apply each payment to the components of the oldest open instalment."""
    return [_answer_by_payment(*loan) for loan in loans]


def _answer_by_payment(
    schedule: list[tuple[date, tuple[float, ...]]], payments: list[tuple[date, float]]
) -> Answer:
    owed = [(due_date, list(parts)) for due_date, parts in schedule]
    first_open, credit = 0, 0.0
    for _, left in sorted(payments):
        while left and first_open < len(owed):
            _, parts = owed[first_open]
            for part in (3, 2, 1, 0):
                taken = min(left, parts[part])
                parts[part] -= taken
                left -= taken
            if not any(parts):
                first_open += 1
        credit += left
    overdue, outstanding, oldest = [0.0] * 4, [0.0] * 4, None
    for due_date, parts in owed[first_open:]:
        for part in range(4):
            outstanding[part] += parts[part]
            if due_date < AS_OF:
                overdue[part] += parts[part]
        if due_date < AS_OF:
            oldest = oldest or due_date
    days = (AS_OF - oldest).days if oldest else 0
    return days, sum(overdue), sum(outstanding), credit


def by_sums(loans: Sequence[FloatLoan]) -> list[Answer]:
    """The minimum that answers the question: compare total due with total paid."""
    return [_answer_by_sums(*loan) for loan in loans]


def _answer_by_sums(
    schedule: list[tuple[date, tuple[float, ...]]], payments: list[tuple[date, float]]
) -> Answer:
    paid = sum(amount for _, amount in payments)
    due = overdue = 0.0
    oldest = None
    for due_date, (principal, interest, fee, penalty) in schedule:
        due += principal + interest + fee + penalty
        if due_date < AS_OF:
            overdue = due
            if oldest is None and due > paid:
                oldest = due_date
    days = (AS_OF - oldest).days if oldest else 0
    return days, max(0.0, overdue - paid), max(0.0, due - paid), max(0.0, paid - due)


# Dates are ordinals. SQLite stores rows in key order, so it need not sort.
TABLES = {
    "instalments": "loan INTEGER, number INTEGER, due_on INTEGER, principal INTEGER,"
    " interest INTEGER, fee INTEGER, penalty INTEGER",
    "payments": "loan INTEGER, number INTEGER, value_on INTEGER, amount INTEGER",
}
QUERY = """
WITH due AS (
    SELECT loan, due_on,
           sum(principal + interest + fee + penalty)
               OVER (PARTITION BY loan ORDER BY number ROWS UNBOUNDED PRECEDING) AS up_to_here
    FROM instalments
), paid AS (
    SELECT loan, sum(amount) AS in_all FROM payments GROUP BY loan
), owed AS (
    SELECT loan, due_on, up_to_here, coalesce(in_all, 0) AS paid
    FROM due LEFT JOIN paid USING (loan)
)
SELECT coalesce({as_of} - min(due_on) FILTER (WHERE due_on < {as_of} AND up_to_here > paid), 0),
       {larger}(0, coalesce(max(up_to_here) FILTER (WHERE due_on < {as_of}), 0) - max(paid)),
       {larger}(0, max(up_to_here) - max(paid)),
       {larger}(0, max(paid) - max(up_to_here))
FROM owed GROUP BY loan ORDER BY loan
"""


def rows_of(loans: Sequence[MadeLoan]) -> Rows:
    """Return the rows of each table."""
    return {
        "instalments": [
            (loan, number, due_date.toordinal(), *due)
            for loan, (schedule, _) in enumerate(loans)
            for number, due_date, due in schedule
        ],
        "payments": [
            (loan, number, each.value_date.toordinal(), each.amount_minor)
            for loan, (_, payments) in enumerate(loans)
            for number, each in enumerate(payments)
        ],
    }


def sqlite_with(tables: Rows) -> Callable[[], list[Answer]]:
    """Load the rows into SQLite and return a call that runs the query."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA journal_mode = OFF")  # speeds up loading
    for table, rows in tables.items():
        columns = TABLES[table]
        connection.execute(
            f"CREATE TABLE {table} ({columns}, PRIMARY KEY (loan, number)) WITHOUT ROWID"
        )
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    query = QUERY.format(as_of=AS_OF.toordinal(), larger="max")
    return lambda: connection.execute(query).fetchall()


def duckdb_with(tables: Rows, folder: Path) -> Callable[[], list[Answer]]:
    """Load the rows into DuckDB from files (the fast way) and return a one-core query call."""
    connection = duckdb.connect(":memory:")
    for table, rows in tables.items():
        file = folder / f"{table}.csv"
        with file.open("w", newline="") as out:
            csv.writer(out).writerows(rows)
        connection.execute(f"CREATE TABLE {table} ({TABLES[table]})")
        connection.execute(f"COPY {table} FROM '{file}' (HEADER false)")
    connection.execute("SET threads = 1")
    query = QUERY.format(as_of=AS_OF.toordinal(), larger="greatest")
    return lambda: connection.execute(query).fetchall()
