"""Whether a payment may be posted on a loan, and which earlier one it may repeat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.shared.errors import Problem

_SAME_DAY = timedelta(days=1)


def payment_problems(
    payment: Payment, currency: str, loan: Loan, today: date, latest: date
) -> Iterator[Problem]:
    """Yield every reason why the payment cannot be posted on this loan.

    ``today`` is the calendar date, ``latest`` the last possible value date: a replay runs ahead.
    """
    if currency != loan.currency:
        reason = f"the loan is in {loan.currency}, not {currency}"
        remedy = f"Convert the payment and post the amount in {loan.currency}"
        yield Problem("currency", reason, remedy)
    number = payment.instalment
    if number is not None and all(each.number != number for each in loan.schedule):
        reason = f"the loan has no instalment {number}"
        remedy = "Use one of the loan's instalment numbers, or omit the field"
        yield Problem("instalment", reason, remedy, "not_found")
    yield from future_problems(payment, today, latest)
    if payment.value_date < loan.disbursed_on:
        reason = f"{payment.value_date} is before the loan was disbursed on {loan.disbursed_on}"
        remedy = "Check the date and the loan: the money may be for an earlier one"
        yield Problem("value_date", reason, remedy, "out_of_range")


def future_problems(payment: Payment, today: date, latest: date) -> Iterator[Problem]:
    """Yield a problem if the money has yet to count."""
    if payment.value_date > latest:
        reason = f"{payment.value_date} is in the future; today is {today}"
        remedy = "Post the payment on its value date"
        yield Problem("value_date", reason, remedy, "out_of_range")


def possible_duplicate_of(
    payment: Payment, reference: str | None, posted_at: datetime, recorded: Recorded
) -> str | None:
    """Return the earliest payment of the loan that looks the same and was posted within a day.

    The same amount, value date, reference and payer. One that was reversed, and money that only
    changed its place, is no duplicate.
    """
    looks = (payment.amount_minor, *_looks(payment, reference))
    found = (
        (other.posted_at, other.payment.payment_id)
        for other in recorded.payments
        if other.is_new_money
        and other.reversed_on is None
        and other.posted_at
        and abs(posted_at - other.posted_at) < _SAME_DAY
        and (other.sent_minor, *_looks(other.payment, other.reference)) == looks
    )
    return min(found, default=(None, None))[1]


def parts_that_look_like(
    payment: Payment, reference: str | None, posted_at: datetime, recorded: Recorded
) -> set[str]:
    """Return the payments posted within a day that were split, whose shares look like this one.

    The amounts are for the caller to compare: a share has another one than the payment.
    """
    return {
        other.links.part_of
        for other in recorded.payments
        if other.links.part_of
        and other.reversed_on is None
        and other.posted_at
        and abs(posted_at - other.posted_at) < _SAME_DAY
        and _looks(other.payment, other.reference) == _looks(payment, reference)
    }


def _looks(payment: Payment, reference: str | None) -> tuple[object, ...]:
    return payment.value_date, reference, payment.payer_kind, payment.payer_id
