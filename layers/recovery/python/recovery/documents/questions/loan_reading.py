"""A question about a loan in the domain's values: each mistake names field, reason and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recovery.documents.questions.loan_question import (
    ComponentsBody,
    InstalmentBody,
    LoanBody,
    LoanQuestion,
)
from recovery.documents.questions.terms_reading import built_schedule, read_terms
from recovery.documents.shared.mistakes import Mistakes
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
from recovery.domain.schedules.contract import Contract, contract_of


@dataclass(frozen=True, slots=True)
class LoanCase:
    """A loan and what happened to it. ``schedule`` is the first version."""

    currency: str
    schedule: tuple[Instalment, ...]
    history: History
    contract: Contract

    @property
    def first_year(self) -> int:
        """The year of the first due date."""
        return min(each.due_date for each in self.schedule).year


def read_loan(question: LoanQuestion, at: str = "") -> LoanCase:
    """The loan of a question; ``at`` leads the fields' names. Raises InvalidDocumentError."""
    body = question.loan
    mistakes = Mistakes(body.currency)
    principal_minor = mistakes.amount(body.principal, f"{at}loan.principal")
    rate_pct = body.annual_rate_pct or Decimal(0)
    terms = read_terms(body, principal_minor, rate_pct, mistakes, f"{at}loan")
    schedule: tuple[Instalment, ...] = ()
    if body.instalments is not None:
        schedule = _instalments(body.instalments, mistakes, f"{at}loan.instalments")
    elif terms and body.terms:
        schedule = built_schedule(terms, body.terms, mistakes, f"{at}loan")
    else:
        mistakes.wrong(f"{at}loan", "needs instalments or terms", "Give one of the two")
    mistakes.finish()
    history = _history(question, schedule, mistakes, at)
    mistakes.finish()
    contract = contract_of(schedule, rate_pct, body.disbursed_on, terms)
    return LoanCase(body.currency, schedule, history, contract)


def _instalments(
    rows: Sequence[InstalmentBody], mistakes: Mistakes, at: str
) -> tuple[Instalment, ...]:
    schedule = []
    seen: set[int] = set()
    for index, row in enumerate(rows):
        if row.number in seen:
            mistakes.wrong(f"{at}.{index}.number", "is there twice", "Number each instalment once")
        seen.add(row.number)
        due = _components(row, mistakes, f"{at}.{index}")
        schedule.append(Instalment(row.number, row.due_date, due))
    return tuple(sorted(schedule, key=lambda each: (each.due_date, each.number)))


def _components(row: InstalmentBody | ComponentsBody, mistakes: Mistakes, at: str) -> Components:
    names = Components._fields
    return Components(*(mistakes.amount(getattr(row, name), f"{at}.{name}") for name in names))


def _history(
    question: LoanQuestion, schedule: tuple[Instalment, ...], mistakes: Mistakes, at: str
) -> History:
    versions = _versions(question.loan, mistakes, at)
    numbers = {each.number for each in schedule}
    numbers |= {each.number for version in versions for each in version.instalments}
    payments, reversals = _payments(question, numbers, mistakes, at)
    return History(
        payments=payments,
        reversals=reversals,
        chargebacks=_chargebacks(question, payments, mistakes, at),
        charges=tuple(
            Charge(
                row.on,
                row.component,
                mistakes.above_zero(row.amount, f"{at}charges.{index}.amount"),
                row.instalment,
            )
            for index, row in _known(question.charges, numbers, mistakes, f"{at}charges")
        ),
        waivers=tuple(
            Waiver(
                row.on,
                row.component,
                mistakes.above_zero(row.amount, f"{at}waivers.{index}.amount")
                if row.amount is not None
                else None,
                row.instalment,
            )
            for index, row in _known(question.waivers, numbers, mistakes, f"{at}waivers")
        ),
        pauses=_pauses(question, mistakes, at),
        versions=versions,
    )


def _known(
    rows: Iterable[Any], numbers: set[int], mistakes: Mistakes, at: str
) -> Iterable[tuple[int, Any]]:
    for index, row in enumerate(rows):
        mistakes.known(row.instalment, numbers, f"{at}.{index}.instalment")
        yield index, row


def _payments(
    question: LoanQuestion, numbers: set[int], mistakes: Mistakes, at: str
) -> tuple[tuple[Payment, ...], tuple[Reversal, ...]]:
    payments, reversals = [], []
    seen: set[str] = set()
    for index, row in _known(question.payments, numbers, mistakes, f"{at}payments"):
        payment_id = row.id if row.id is not None else f"#{index:06}"
        if payment_id in seen:
            mistakes.wrong(
                f"{at}payments.{index}.id",
                "is there twice",
                "Give each payment its own id, and each payment once",
            )
        seen.add(payment_id)
        amount_minor = mistakes.above_zero(row.amount, f"{at}payments.{index}.amount")
        payments.append(Payment(payment_id, row.value_date, amount_minor, row.instalment))
        if row.reversed_on:
            reversals.append(Reversal(payment_id, row.reversed_on))
    return tuple(payments), tuple(reversals)


def _chargebacks(
    question: LoanQuestion, payments: tuple[Payment, ...], mistakes: Mistakes, at: str
) -> tuple[Chargeback, ...]:
    left = {payment.payment_id: payment.amount_minor for payment in payments}
    came_on = {payment.payment_id: payment.value_date for payment in payments}
    chargebacks = []
    for index, row in enumerate(question.chargebacks):
        field = f"{at}chargebacks.{index}"
        amount_minor = mistakes.above_zero(row.amount, f"{field}.amount")
        if row.payment not in left:
            mistakes.wrong(f"{field}.payment", "is no payment's id", "Use the id of a payment")
            continue
        left[row.payment] -= amount_minor
        if left[row.payment] < 0:
            mistakes.wrong(
                f"{field}.amount",
                "is more than the payment had left",
                "Take back at most what the payment brought in",
            )
        if row.on < came_on[row.payment]:
            mistakes.wrong(
                f"{field}.on", "is before the payment came in", "Use the payment's date or later"
            )
        chargebacks.append(Chargeback(row.payment, row.on, amount_minor))
    return tuple(chargebacks)


def _pauses(question: LoanQuestion, mistakes: Mistakes, at: str) -> tuple[Pause, ...]:
    pauses = []
    for index, row in enumerate(question.pauses):
        for name in ("to", "resumed_on"):
            end = getattr(row, name)
            if end is not None and end < row.from_:
                mistakes.wrong(
                    f"{at}pauses.{index}.{name}", "is before from", "A pause ends after it began"
                )
        pauses.append(Pause(row.from_, row.to, row.resumed_on))
    return tuple(pauses)


def _versions(body: LoanBody, mistakes: Mistakes, at: str) -> tuple[ScheduleVersion, ...]:
    versions: list[ScheduleVersion] = []
    for index, row in enumerate(body.versions):
        field = f"{at}loan.versions.{index}"
        if versions and row.version <= versions[-1].version:
            mistakes.wrong(f"{field}.version", "does not rise", "List versions from old to new")
        if versions and row.on < versions[-1].on:
            mistakes.wrong(f"{field}.on", "is before the version before it", "Correct the date")
        instalments = _instalments(row.instalments, mistakes, f"{field}.instalments")
        due_before = None
        if row.due_before is not None:
            due_before = _components(row.due_before, mistakes, f"{field}.due_before")
        versions.append(
            ScheduleVersion(
                version=row.version,
                on=row.on,
                kind=row.kind,
                instalments=instalments,
                days_past_due=row.days_past_due,
                due_before=due_before,
                waived=_components(row.waived, mistakes, f"{field}.waived"),
                annual_rate_pct=row.annual_rate_pct,
            )
        )
    return tuple(versions)
