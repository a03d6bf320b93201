"""Convert a question about a loan to domain values; problems name field, reason and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from recovery.documents.questions.loan_question import (
    ComponentsBody,
    InstalmentBody,
    LoanBody,
    LoanQuestion,
)
from recovery.documents.questions.terms_reading import built_schedule, read_terms
from recovery.documents.shared.problems import ProblemList
from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    History,
    Reversal,
    ScheduleVersion,
    Waiver,
)
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.pauses import Pause
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.schedules.terms import Terms


def read_loan(question: LoanQuestion, path: str = "") -> LoanAccount:
    """Read a question's loan; ``path`` prefixes field names. Raises InvalidDocumentError."""
    body = question.loan
    problems = ProblemList(body.currency)
    schedule, terms = read_loan_body(body, problems, path)
    problems.raise_if_any()
    rate_pct = body.annual_rate_pct or Decimal(0)
    history = _history(question, schedule, problems, path)
    problems.raise_if_any()
    contract = contract_of(schedule, rate_pct, body.disbursed_on, terms)
    return LoanAccount(body.currency, schedule, history, contract)


def read_loan_body(
    body: LoanBody, problems: ProblemList, path: str = ""
) -> tuple[tuple[Instalment, ...], Terms | None]:
    """Read the first schedule, and the terms where they are given. Raises InvalidDocumentError."""
    principal_minor = problems.amount_minor(body.principal, f"{path}loan.principal")
    rate_pct = body.annual_rate_pct or Decimal(0)
    terms = read_terms(body, principal_minor, rate_pct, problems, f"{path}loan")
    if body.instalments is not None:
        return _instalments(body.instalments, problems, f"{path}loan.instalments"), terms
    if terms and body.terms:
        return built_schedule(terms, body.terms, problems, f"{path}loan"), terms
    problems.add(f"{path}loan", "needs instalments or terms", "Give one of the two")
    return (), terms


def _instalments(
    rows: Sequence[InstalmentBody], problems: ProblemList, path: str
) -> tuple[Instalment, ...]:
    schedule = []
    seen: set[int] = set()
    for index, row in enumerate(rows):
        if row.number in seen:
            problems.add(
                f"{path}.{index}.number",
                "is used twice",
                "Number each instalment once",
                "duplicate",
            )
        seen.add(row.number)
        due = _components(row, problems, f"{path}.{index}")
        schedule.append(Instalment(row.number, row.due_date, due))
    return tuple(sorted(schedule, key=lambda each: (each.due_date, each.number)))


def _components(
    row: InstalmentBody | ComponentsBody, problems: ProblemList, path: str
) -> Components:
    names = Components._fields
    return Components(
        *(problems.amount_minor(getattr(row, name), f"{path}.{name}") for name in names)
    )


def _history(
    question: LoanQuestion, schedule: tuple[Instalment, ...], problems: ProblemList, path: str
) -> History:
    versions = _versions(question.loan, problems, path)
    numbers = {each.number for each in schedule}
    numbers |= {each.number for version in versions for each in version.instalments}
    payments, reversals = _payments(question, numbers, problems, path)
    return History(
        payments=payments,
        reversals=reversals,
        chargebacks=_chargebacks(question, payments, problems, path),
        charges=tuple(
            Charge(
                row.on,
                row.component,
                problems.positive_minor(row.amount, f"{path}charges.{index}.amount"),
                row.instalment,
            )
            for index, row in _known(question.charges, numbers, problems, f"{path}charges")
        ),
        waivers=tuple(
            Waiver(
                row.on,
                row.component,
                problems.positive_minor(row.amount, f"{path}waivers.{index}.amount")
                if row.amount is not None
                else None,
                row.instalment,
            )
            for index, row in _known(question.waivers, numbers, problems, f"{path}waivers")
        ),
        pauses=_pauses(question, problems, path),
        versions=versions,
    )


def _known(
    rows: Iterable[Any], numbers: set[int], problems: ProblemList, path: str
) -> Iterable[tuple[int, Any]]:
    for index, row in enumerate(rows):
        problems.check_instalment(row.instalment, numbers, f"{path}.{index}.instalment")
        yield index, row


def _payments(
    question: LoanQuestion, numbers: set[int], problems: ProblemList, path: str
) -> tuple[tuple[Payment, ...], tuple[Reversal, ...]]:
    payments, reversals = [], []
    seen: set[str] = set()
    for index, row in _known(question.payments, numbers, problems, f"{path}payments"):
        payment_id = row.id if row.id is not None else f"#{index:06}"
        if payment_id in seen:
            problems.add(
                f"{path}payments.{index}.id",
                "is used twice",
                "Give each payment its own id, and list it once",
                "duplicate",
            )
        seen.add(payment_id)
        amount_minor = problems.positive_minor(row.amount, f"{path}payments.{index}.amount")
        payments.append(Payment(payment_id, row.value_date, amount_minor, row.instalment))
        if row.reversed_on:
            reversals.append(Reversal(payment_id, row.reversed_on))
    return tuple(payments), tuple(reversals)


def _chargebacks(
    question: LoanQuestion, payments: tuple[Payment, ...], problems: ProblemList, path: str
) -> tuple[Chargeback, ...]:
    left = {payment.payment_id: payment.amount_minor for payment in payments}
    came_on = {payment.payment_id: payment.value_date for payment in payments}
    chargebacks = []
    for index, row in enumerate(question.chargebacks):
        field = f"{path}chargebacks.{index}"
        amount_minor = problems.positive_minor(row.amount, f"{field}.amount")
        if row.payment not in left:
            problems.add(f"{field}.payment", "is not a payment's id", "Use the id of a payment")
            continue
        left[row.payment] -= amount_minor
        if left[row.payment] < 0:
            problems.add(
                f"{field}.amount",
                "is more than the payment had left",
                "Take back at most the payment's amount",
            )
        if row.on < came_on[row.payment]:
            problems.add(f"{field}.on", "is before the payment", "Use the payment's date or later")
        chargebacks.append(Chargeback(row.payment, row.on, amount_minor))
    return tuple(chargebacks)


def _pauses(question: LoanQuestion, problems: ProblemList, path: str) -> tuple[Pause, ...]:
    pauses = []
    for index, row in enumerate(question.pauses):
        for name in ("to", "resumed_on"):
            end = getattr(row, name)
            if end is not None and end < row.from_:
                problems.add(
                    f"{path}pauses.{index}.{name}", "is before from", "End the pause after it began"
                )
        pauses.append(Pause(row.from_, row.to, row.resumed_on))
    return tuple(pauses)


def _versions(body: LoanBody, problems: ProblemList, path: str) -> tuple[ScheduleVersion, ...]:
    versions: list[ScheduleVersion] = []
    for index, row in enumerate(body.versions):
        field = f"{path}loan.versions.{index}"
        if versions and row.version <= versions[-1].version:
            problems.add(f"{field}.version", "does not increase", "List versions oldest first")
        if versions and row.on < versions[-1].on:
            problems.add(f"{field}.on", "is before the previous version", "Correct the date")
        instalments = _instalments(row.instalments, problems, f"{field}.instalments")
        due_before = None
        if row.due_before is not None:
            due_before = _components(row.due_before, problems, f"{field}.due_before")
        versions.append(
            ScheduleVersion(
                version=row.version,
                on=row.on,
                kind=row.kind,
                instalments=instalments,
                days_past_due=row.days_past_due,
                due_before=due_before,
                waived=_components(row.waived, problems, f"{field}.waived"),
                annual_rate_pct=row.annual_rate_pct,
            )
        )
    return tuple(versions)
