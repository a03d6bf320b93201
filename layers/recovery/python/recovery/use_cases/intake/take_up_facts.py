"""Record the facts of a delivery: what happened to loans' money beside payments."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from recovery.documents.intake.facts import fact_in
from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import FactRow, Rejection
from recovery.domain.accounting.fact import Recorded
from recovery.domain.shared.errors import FactConflictError, Problem, RefusedError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.accounting.record_fact import record_fact, repeated
from recovery.use_cases.intake.arrival import IMPORT, Arrival, Delivery, ImportPorts
from recovery.use_cases.intake.unknown_loans import unknown_loans


def take_up_facts(
    delivery: Delivery, arrival: Arrival, ports: ImportPorts, imported: ImportResult
) -> None:
    """Record the facts that are not on record, once the payments are.

    A row about another one (a resume, an undo) may come before it.
    """
    unknown: list[Row[FactRow]] = []
    for loan_id, rows in groupby(delivery.facts(), key=lambda row: row.values.loan_id):
        try:
            currency = ports.loans.load(loan_id).loan.currency
        except LoanNotFoundError:
            unknown += rows
            continue
        imported.rejections += _of_loan(loan_id, rows, currency, arrival, ports, imported)
    imported.rejections += unknown_loans("facts", unknown, delivery)


def _of_loan(
    loan_id: str,
    rows: Iterable[Row[FactRow]],
    currency: str,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> list[Rejection]:
    """Return why rows are refused, when all that could be recorded is."""
    recorded = ports.loans.recorded(loan_id)
    waiting = list(rows)
    while True:
        refused: list[Row[FactRow]] = []
        rejections: list[Rejection] = []
        for row in waiting:
            if problems := _take_up(row, currency, recorded, arrival, ports, imported):
                refused.append(row)
                rejections += (_rejection(row, each) for each in problems)
        if not refused or len(refused) == len(waiting):
            return rejections
        waiting = refused  # what they refer to may be on record now


def _take_up(
    row: Row[FactRow],
    currency: str,
    recorded: Recorded,
    arrival: Arrival,
    ports: ImportPorts,
    imported: ImportResult,
) -> tuple[Problem, ...]:
    """Record one fact; ``recorded`` is what was on record before: one read tells what is new."""
    # A pause ends on the day on which that becomes known, all else on the day that the files show.
    shown = arrival.today if row.values.kind == "resume" else min(arrival.as_of, arrival.today)
    try:
        request = fact_in(row.values, currency, shown)
        is_new = not repeated(request, recorded) and (
            record_fact(request, IMPORT, arrival.now, ports).recorded
        )
    except RefusedError as error:
        return error.problems
    except FactConflictError:
        reason = f"{row.values.fact_id} is on record with a different body"
        remedy = "Use a new id for a new fact, and undo the other if it is wrong"
        return (Problem("fact_id", reason, remedy, "conflict"),)
    imported.facts_recorded += is_new
    imported.facts_unchanged += not is_new
    return ()


def _rejection(row: Row[FactRow], problem: Problem) -> Rejection:
    return Rejection("facts", row.number, problem, row.line, row.values.loan_id)
