"""Check a list of loans to be sold, before any of them changes hands.

A disputed loan and one on which nothing is owed come off the list, unless a named person says why
they stay. Nothing changes hands before the whole list passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.owner_changes import change_problems
from recovery.domain.accounting.ownership import (
    CHANGES_CREDITOR,
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
)
from recovery.domain.shared.actor import LONGEST_NAME
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

LONGEST_EXCEPTION = 200
_GIVES_AWAY = CHANGES_CREDITOR - {OwnerChangeKind.BUY_BACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLoan:
    """What the check needs of one loan at the end of the settlement day.

    ``owed_minor`` is all still owed. ``disputed``: any part of it is.
    """

    loan_id: str
    owners: OwnerHistory
    disbursed_on: date
    owed_minor: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: its number from 1, the loan, and the change to make."""

    number: int
    loan_id: str
    change: OwnerChange


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused."""

    number: int
    loan_id: str
    problem: Problem


def list_problems(
    rows: Sequence[ListRow], loans: Mapping[str, ListedLoan], as_of: date
) -> Iterator[RowProblem]:
    """Yield everything wrong with the list at the business date ``as_of``; nothing if it may go.

    A change that is on record already, as a rerun finds it, is not judged again; the same id with
    something else in it is refused.
    """
    times = Counter(row.loan_id for row in rows)
    for row in rows:
        for problem in _row_problems(row, loans.get(row.loan_id), times[row.loan_id], as_of):
            yield RowProblem(row.number, row.loan_id, problem)


def is_on_record(change: OwnerChange, owners: OwnerHistory) -> bool:
    """Whether exactly this change was recorded before."""
    return change in owners.changes


def _row_problems(
    row: ListRow, loan: ListedLoan | None, times: int, as_of: date
) -> Iterator[Problem]:
    if times > 1:
        reason = f"{row.loan_id} is on the list {times} times"
        yield Problem("loan_id", reason, "Keep one row for each loan", "duplicate")
    if loan is None:
        reason = f"there is no loan {row.loan_id}"
        yield Problem("loan_id", reason, "Check the id, or take it off the list", "not_found")
        return
    if is_on_record(row.change, loan.owners):
        return
    if any(each.change_id == row.change.change_id for each in loan.owners.changes):
        reason = f"{row.change.change_id} is on record for {row.loan_id} with something else in it"
        yield Problem("change_id", reason, "Use a new id for a new list", "conflict")
        return
    yield from change_problems(loan.owners, row.change, loan.disbursed_on, as_of)
    yield from _exception_problems(row.change, loan)


def _exception_problems(change: OwnerChange, loan: ListedLoan) -> Iterator[Problem]:
    by, because = change.excepted_by, change.excepted_because
    if by is not None or because is not None:
        yield from free_text_problems("excepted_by", by or "", LONGEST_NAME)
        yield from free_text_problems("excepted_because", because or "", LONGEST_EXCEPTION)
        return
    if change.kind not in _GIVES_AWAY:
        return
    remedy = "Take it off the list, or name who excepts it and why"
    if loan.disputed:
        yield Problem("loan_id", f"{loan.loan_id} is disputed", remedy)
    if loan.owed_minor == 0:
        yield Problem("loan_id", f"nothing is owed on {loan.loan_id}", remedy)
