"""Record one promise over several loans of a person: on all of them, or on none."""

from __future__ import annotations

from datetime import date, datetime

from recovery.documents.people.promise_request import PromisesRequest
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.fact_request import FactRequest, PromiseMade
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.use_cases.accounting.fact_news import fact_document
from recovery.use_cases.accounting.record_fact import FactTaken, RecordingPorts, prepared
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale


@retry_when_stale
def promise_over_loans(
    institution_id: str, request: PromisesRequest, by: Actor, now: datetime, ports: RecordingPorts
) -> tuple[dict[str, object], int]:
    """Record the parts in one transaction; return them with what speaks against the promise, and
    201, or 200 for a repeat.

    Raises LoanNotFoundError; RefusedError with everything that is wrong, named by part;
    FactConflictError when a loan has another fact with this id.
    """
    today = business_date(institution_id, now, ports.institutions)
    theirs = set(ports.borrowers.loans_of(request.person_id))
    taken, changes, problems = list[FactTaken](), [], list[Problem]()
    for index, (loan_id, amount) in enumerate(request.parts):
        part = f"parts.{index}"
        if loan_id not in theirs or loan_id in {each.record.loan_id for each in taken}:
            reason = f"{loan_id} is no loan of this person, or named twice"
            problems.append(Problem(f"{part}.loan_id", reason, "Name each of theirs once"))
            continue
        try:
            each, change = prepared(_part(request, loan_id, amount, today, ports), by, now, ports)
        except RefusedError as error:
            problems += (problem.within(part) for problem in error.problems)
            continue
        taken.append(each)
        changes += [change] if change else []
    if problems:
        raise RefusedError(*problems)
    if changes:
        ports.loans.commit(*changes)
    return _document(request, taken, ports), 201 if changes else 200


def _part(
    request: PromisesRequest, loan_id: str, amount: str, today: date, ports: RecordingPorts
) -> FactRequest:
    currency = ports.loans.load(loan_id).loan.currency
    problems = ProblemList(currency)
    amount_minor = problems.positive_minor(amount, "amount")
    problems.raise_if_any()
    made = PromiseMade(
        on=request.on or today,
        amount_minor=amount_minor,
        pay_on=request.pay_on,
        channel=request.channel,
        pay_by=request.pay_by,
        reminder=request.reminder,
    )
    said = f"{request.promise_id} {amount} {request.on} {request.pay_on} {request.channel}"
    said += f" {request.pay_by} {request.reminder}"
    return FactRequest(
        fact_id=request.promise_id,
        loan_id=loan_id,
        fact=made,
        reason=request.reason,
        said=said,
    )


def _document(
    request: PromisesRequest, taken: list[FactTaken], ports: RecordingPorts
) -> dict[str, object]:
    parts = []
    for each in taken:
        currency = ports.loans.load(each.record.loan_id).loan.currency
        document = fact_document(each.record, currency)
        parts.append({**document, "notes": list(each.notes)})
    return {"person_id": request.person_id, "promise_id": request.promise_id, "parts": parts}
