"""Join the rows of one loan: convert amounts to minor units, check the complete schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import (
    BorrowerRow,
    InstalmentRow,
    LoanRow,
    PaymentRow,
    Rejection,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import MoneyError, minor_digits, to_decimal_text, to_minor

# Even with the largest amounts, schedule and position fit in an item's 400 KB.
MOST_INSTALMENTS = 4000


@dataclass(frozen=True, slots=True)
class StagedInstalment:
    """One instalment; amounts in minor units of the loan's currency."""

    number: int
    due_date: date
    principal_minor: int
    interest_minor: int
    fee_minor: int
    penalty_minor: int


@dataclass(frozen=True, slots=True)
class StagedPayment:
    """One payment; its amount in minor units of the loan's currency, and its place in the file."""

    payment_id: str
    value_date: date
    amount_minor: int
    reference: str | None
    row: int = field(compare=False)
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class StagedLoan:
    """A loan with its full schedule (by number) and its payments (by value date and id).

    ``row`` and ``line`` are the loan's place in its file.
    """

    borrower: BorrowerRow
    loan: LoanRow
    principal_minor: int
    instalments: tuple[StagedInstalment, ...]
    payments: tuple[StagedPayment, ...]
    row: int = field(compare=False)
    line: int = field(compare=False)


def join_loan(
    borrower: BorrowerRow,
    loan: Row[LoanRow],
    instalments: Iterable[Row[InstalmentRow]],
    payments: Iterable[Row[PaymentRow]],
) -> StagedLoan:
    """Build the loan from ordered rows without problems (else raises MoneyError)."""
    currency = loan.values.currency
    return StagedLoan(
        borrower=borrower,
        loan=loan.values,
        principal_minor=to_minor(loan.values.principal, currency),
        instalments=tuple(_staged_instalment(row.values, currency) for row in instalments),
        payments=tuple(_staged_payment(row, currency) for row in payments),
        row=loan.number,
        line=loan.line,
    )


def schedule_problems(
    loan: Row[LoanRow], instalments: Sequence[Row[InstalmentRow]]
) -> Iterator[Rejection]:
    """Yield why these instalments, sorted by number, are not the loan's full schedule."""
    values = loan.values
    if not instalments:
        reason, remedy = "has no instalments", "Deliver all instalments together with the loan"
        yield _of_loan(loan, "loan_id", reason, remedy)
        return
    if len(instalments) > MOST_INSTALMENTS:
        reason = f"has {len(instalments)} instalments, more than {MOST_INSTALMENTS}"
        yield _of_loan(loan, "loan_id", reason, "Deliver it as loans with fewer instalments each")
        return
    yield from _order_problems(loan, instalments)
    wrong = [problem for row in instalments for problem in _amount_problems(row, values.currency)]
    yield from wrong
    principal = amount_minor(values.principal, values.currency)
    if principal is None:
        yield _of_loan(loan, "principal", *not_money(values.currency))
    elif not wrong:
        total = sum(to_minor(row.values.principal, values.currency) for row in instalments)
        if total != principal:
            text = to_decimal_text(total, values.currency)
            reason = f"is {values.principal}, but the instalments' principal adds up to {text}"
            remedy = "Correct the loan's principal, or deliver all its instalments"
            yield _of_loan(loan, "principal", reason, remedy)


def payment_problems(payment: Row[PaymentRow], currency: str) -> Iterator[Rejection]:
    """Yield why this payment for a loan in ``currency`` can't be accepted."""
    values = payment.values

    def rejection(column: str, reason: str, remedy: str) -> Rejection:
        problem = Problem(column, reason, remedy)
        return Rejection("payments", payment.number, problem, payment.line, values.loan_id)

    if values.currency not in (None, currency):
        reason = f"is {values.currency}, but the loan is in {currency}"
        yield rejection("currency", reason, "State the amount in the loan's currency")
    elif amount_minor(values.amount, currency) is None:
        yield rejection("amount", *not_money(currency))


def _order_problems(
    loan: Row[LoanRow], instalments: Sequence[Row[InstalmentRow]]
) -> Iterator[Rejection]:
    previous = loan.values.disbursed_on
    for expected, row in enumerate(instalments, start=1):
        if row.values.number != expected:
            reason = f"is {row.values.number} where {expected} was expected"
            yield _of_instalment(row, "number", reason, "Number the instalments 1, 2, 3 ...")
            return
        due = row.values.due_date
        if expected == 1 and due < previous:
            remedy = "Correct this date or the loan's disbursed_on"
            yield _of_instalment(row, "due_date", "is before the loan was disbursed", remedy)
        elif expected > 1 and due <= previous:
            reason = "is not after the previous instalment's due date"
            yield _of_instalment(row, "due_date", reason, "Put due dates in ascending order")
        previous = due


def _amount_problems(row: Row[InstalmentRow], currency: str) -> Iterator[Rejection]:
    values = row.values
    amounts = {
        "principal": values.principal,
        "interest": values.interest,
        "fee": values.fee,
        "penalty": values.penalty,
    }
    minors = {column: amount_minor(text, currency) for column, text in amounts.items()}
    for column, minor in minors.items():
        if minor is None:
            yield _of_instalment(row, column, *not_money(currency))
    if not any(minor is None or minor for minor in minors.values()):
        reason = "is zero, as are the instalment's other amounts"
        yield _of_instalment(row, "principal", reason, "Give it an amount, or leave it out")


def amount_minor(text: str, currency: str) -> int | None:
    """Return minor units; None if the text is no amount of the currency.

    1.250 is none of a currency with cents: where a point separates thousands, it is 1250.
    """
    _, _, fraction = text.partition(".")
    if len(fraction) == 3 and minor_digits(currency) < 3:
        return None
    try:
        return to_minor(text, currency)
    except MoneyError:
        return None


def not_money(currency: str) -> tuple[str, str]:
    """Return reason and remedy for a text that is no amount of the currency."""
    digits = minor_digits(currency)
    reason = f"has more than {digits} digits after the point, or is too large for {currency}"
    return reason, f"Write an amount of {currency} with at most {digits} digits after the point"


def _staged_instalment(row: InstalmentRow, currency: str) -> StagedInstalment:
    return StagedInstalment(
        number=row.number,
        due_date=row.due_date,
        principal_minor=to_minor(row.principal, currency),
        interest_minor=to_minor(row.interest, currency),
        fee_minor=to_minor(row.fee, currency),
        penalty_minor=to_minor(row.penalty, currency),
    )


def _staged_payment(row: Row[PaymentRow], currency: str) -> StagedPayment:
    return StagedPayment(
        payment_id=row.values.payment_id,
        value_date=row.values.value_date,
        amount_minor=to_minor(row.values.amount, currency),
        reference=row.values.reference,
        row=row.number,
        line=row.line,
    )


def _of_loan(loan: Row[LoanRow], column: str, reason: str, remedy: str) -> Rejection:
    problem = Problem(column, reason, remedy)
    return Rejection("loans", loan.number, problem, loan.line, loan.values.loan_id)


def _of_instalment(row: Row[InstalmentRow], column: str, reason: str, remedy: str) -> Rejection:
    problem = Problem(column, reason, remedy)
    return Rejection("instalments", row.number, problem, row.line, row.values.loan_id)
