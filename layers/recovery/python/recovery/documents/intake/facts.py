"""Read a row of the file of facts as the API reads a body: each problem names its column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.documents.accounting.fact_request import fact_of
from recovery.documents.intake.join import amount_minor, not_money
from recovery.documents.intake.rows import FactRow
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.shared.errors import Problem

_ABOUT_THE_LOAN = {"loan_id", "currency"}


def fact_in(row: FactRow, currency: str, today: date) -> FactRequest:
    """Return the fact of this row about a loan in ``currency``; it counts from ``today`` if it
    names no day. Raises InvalidDocumentError with every problem."""
    if row.currency not in (None, currency):
        reason = f"is {row.currency}, but the loan is in {currency}"
        remedy = "State the amount in the loan's currency"
        raise InvalidDocumentError(Problem("currency", reason, remedy))
    if row.amount is not None and amount_minor(row.amount, currency) is None:
        raise InvalidDocumentError(Problem("amount", *not_money(currency)))
    values = row.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=_ABOUT_THE_LOAN)
    if row.parts is not None:
        dated = (each.split() for each in row.parts.split(";"))
        values["parts"] = [{"on": on, "amount": amount} for on, amount in dated]
    try:
        return fact_of(values, row.loan_id, currency, today)
    except InvalidDocumentError as error:
        raise InvalidDocumentError(*(_in_file(each, row) for each in error.problems)) from None


def _in_file(problem: Problem, row: FactRow) -> Problem:
    """Return the problem in the words of a file, in which each kind has all columns."""
    problem = replace(problem, field=problem.field.partition(".")[0])
    if problem.code == "missing":
        return replace(problem, remedy=f"Fill in this column for a {row.kind}")
    if problem.code == "unknown_field":
        reason = f"is filled in, but a {row.kind} has none"
        return replace(problem, reason=reason, remedy="Leave the cell empty, or correct the kind")
    return problem
