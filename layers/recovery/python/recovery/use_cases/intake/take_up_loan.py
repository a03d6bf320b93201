"""Take up what the core banking system changed about a loan on record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from recovery.documents.intake.join import StagedLoan
from recovery.documents.intake.rows import LoanRow, Rejection
from recovery.domain.accounting.agreed import Booked
from recovery.domain.accounting.details import (
    OF_LOAN,
    OF_PROFILE,
    DetailsChange,
    core_terms,
    details_of,
    has_new_terms,
    with_details,
)
from recovery.domain.accounting.loan import Components, Instalment, Loan, LoanProfile
from recovery.domain.agreements.core_booking import unbooked_schedule
from recovery.domain.agreements.fact_request import CoreSchedule, FactRequest
from recovery.domain.outbox import Outbox, outbox_id
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.intake.arrival import IMPORT, Arrival, ImportPorts
from recovery.use_cases.shared.retrying import retry_until_fresh

_REASON = "changed in the core banking system"


def loan_of(staged: StagedLoan, institution_id: str) -> Loan:
    """Return the loan as delivered."""
    row = staged.loan
    return Loan(
        loan_id=row.loan_id,
        institution_id=institution_id,
        portfolio=row.portfolio,
        borrower_id=row.borrower_id,
        currency=row.currency,
        disbursed_on=row.disbursed_on,
        schedule=tuple(
            Instalment(
                each.number,
                each.due_date,
                Components(
                    each.principal_minor, each.interest_minor, each.fee_minor, each.penalty_minor
                ),
            )
            for each in staged.instalments
        ),
        advisor_name=row.advisor_name,
        advisor_phone=row.advisor_phone,
        annual_rate_pct=row.annual_rate_pct,
        profile=LoanProfile(**{name: getattr(row, name) for name in OF_PROFILE}),
    )


def contract_problems(staged: StagedLoan, known: Loan) -> Iterator[Rejection]:
    """Yield what a delivery cannot change about a loan."""
    row, currency = staged.loan, known.currency
    principal = sum(each.due.principal for each in known.schedule_agreed)
    for field, delivered, on_record in (
        ("borrower_id", row.borrower_id, known.borrower_id),
        ("currency", row.currency, currency),
        ("disbursed_on", str(row.disbursed_on), str(known.disbursed_on)),
        ("principal", row.principal, to_decimal_text(principal, currency)),
    ):
        is_same = delivered == on_record
        if field == "principal":
            is_same = staged.principal_minor == principal or row.currency != currency
        if not is_same:
            reason = f"is {delivered}, but {row.loan_id} is on record with {on_record}"
            remedy = "A loan keeps it: correct the core, or deliver it as a loan of its own"
            problem = Problem(field, reason, remedy, "conflict")
            yield Rejection("loans", staged.row, problem, staged.line, row.loan_id)


def differs(staged: StagedLoan, delivered: Loan, known: Loan) -> bool:
    """Whether there is anything to take up."""
    is_new = has_new_terms(known, delivered.schedule, delivered.annual_rate_pct)
    return is_new or bool(_new_details(staged.loan, delivered, known))


def take_up_loan(
    staged: StagedLoan, delivered: Loan, known: Loan, arrival: Arrival, ports: ImportPorts
) -> None:
    """Record what changed as facts of the loan, dated by the delivery.

    Raises RefusedError if a new schedule cannot be taken up.
    """
    details = _new_details(staged.loan, delivered, known)
    if details:
        former = {name: details_of(known)[name] for name in details}
        fact = DetailsChange(max(arrival.as_of, known.disbursed_on), details, former)
        told = sorted(details.items())
        fact_id = _fact_id("details", arrival, known.loan_id, told, sorted(former.items()))
        names = ", ".join(name.replace("_", " ") for name in sorted(details))
        request = FactRequest(
            fact_id=fact_id,
            loan_id=known.loan_id,
            fact=replace(fact, on=min(fact.on, arrival.today)),
            reason=f"{names} {_REASON}",
        )
        record_fact(request, IMPORT, arrival.now, ports)
        known = with_details(known, details)
    if has_new_terms(known, delivered.schedule, delivered.annual_rate_pct):
        _take_up_schedule(delivered, arrival, ports)


def rejections_of(staged: StagedLoan, error: RefusedError) -> Iterator[Rejection]:
    """Yield why what changed about the loan was not taken up."""
    for found in error.problems:
        reason = f"{staged.loan.loan_id}: {found.field} {found.reason}"
        problem = replace(found, field="loan_id", reason=reason)
        yield Rejection("loans", staged.row, problem, staged.line, staged.loan.loan_id)


def _new_details(row: LoanRow, delivered: Loan, known: Loan) -> dict[str, str | None]:
    """Return what the row tells anew; a column that is not there tells nothing."""
    before, after = details_of(known), details_of(delivered)
    told = {name for name in (*OF_LOAN, *OF_PROFILE) if name in row.model_fields_set}
    if known.annual_rate_pct is None and delivered.annual_rate_pct is not None:
        told.add("annual_rate_pct")
    return {name: after[name] for name in sorted(told) if after[name] != before[name]}


def _take_up_schedule(delivered: Loan, arrival: Arrival, ports: ImportPorts) -> None:
    """Record a version from the core, unless the same schedule is in force already.

    That is so when the core follows what was agreed here, and thereby confirms it.
    """
    loan_id, rate_pct = delivered.loan_id, delivered.annual_rate_pct
    recorded = ports.loans.recorded(loan_id)
    versions = recorded.history().versions
    last = max(versions, key=lambda each: (each.on, each.version), default=None)
    if last and _owed_when(last.instalments) == _owed_when(delivered.schedule):
        retry_until_fresh(lambda: _note_terms(delivered, arrival, ports))
        if schedule_id := unbooked_schedule(recorded):
            on = min(max(arrival.as_of, last.on), arrival.today)
            request = FactRequest(
                fact_id=_fact_id("booked", arrival, loan_id, schedule_id),
                loan_id=loan_id,
                fact=Booked(schedule_id, on),
                reason="the core banking system delivers the same schedule",
            )
            record_fact(request, IMPORT, arrival.now, ports)
        return
    terms = core_terms(delivered.schedule, rate_pct)
    version = max((each.version for each in versions), default=1) + 1
    request = FactRequest(
        fact_id=_fact_id("schedule", arrival, loan_id, terms, version),
        loan_id=loan_id,
        fact=CoreSchedule(delivered.schedule, arrival.schedule_on, rate_pct),
        reason=_REASON,
    )
    record_fact(request, IMPORT, arrival.now, ports)


def _owed_when(schedule: Iterable[Instalment]) -> list[tuple[date, Components]]:
    """Return what is owed by when; the core numbers instalments in its own way."""
    return [(each.due_date, each.due) for each in schedule if each.due.total]


def _note_terms(delivered: Loan, arrival: Arrival, ports: ImportPorts) -> None:
    stored: StoredLoan = ports.loans.load(delivered.loan_id)
    rate_pct = delivered.annual_rate_pct or stored.loan.annual_rate_pct
    loan = replace(stored.loan, core_terms=core_terms(delivered.schedule, rate_pct))
    nothing = Outbox(outbox_id(stored.state.version + 1), arrival.today)
    ports.loans.commit(LoanChange(stored.loan, loan, stored.state, nothing))


def _fact_id(kind: str, arrival: Arrival, *same: object) -> str:
    """Return an id that is equal for a delivery that comes twice."""
    text = repr((arrival.as_of.isoformat(), *same))
    return f"core-{kind}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"
