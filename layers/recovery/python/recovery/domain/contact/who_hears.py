"""Who hears what: a reminder for whom it helps, quiet after a payment, and what answers a notice.

Reminders do nothing for people who pay on time, and a demand on the day of a payment undoes the
good of it.
"""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.accounting.loan import Instalment, Loan
from recovery.domain.accounting.position import Position
from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements.promise import MISSED
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.monitoring.delinquency import Standing

_FIRST_INSTALMENTS = 3
_LAST_INSTALMENTS = 3
_LONG_GAP_DAYS = 45
_CHANGED_PERCENT = 5


def needs_reminder(
    loan: Loan, position: Position, as_of: date, account_changed_on: date | None = None
) -> bool:
    """Whether the next instalment is one to remind of.

    The first three of a loan, one after a long gap, one of another amount or day than agreed
    before, and the first to be paid to another account: everybody. Beyond that only who paid late
    or in part lately.
    """
    coming = [
        index
        for index, each in enumerate(loan.schedule)
        if each.due_date >= as_of and position.paid[index] != each.due
    ]
    if not coming:
        return False
    index = coming[0]
    if index < _FIRST_INSTALMENTS or _is_unusual(loan, index):
        return True
    if account_changed_on and (
        loan.schedule[index - 1].due_date < account_changed_on <= loan.schedule[index].due_date
    ):
        return True
    lately = range(max(0, index - _LAST_INSTALMENTS), index)
    return any(_was_late(loan.schedule[each], position, each) for each in lately)


def _is_unusual(loan: Loan, index: int) -> bool:
    """Whether the instalment comes after a long gap, or differs from what was usual so far."""
    each, before = loan.schedule[index], loan.schedule[index - 1]
    if (each.due_date - before.due_date).days > _LONG_GAP_DAYS:
        return True
    difference = abs(each.due.total - before.due.total)
    if difference * 100 > before.due.total * _CHANGED_PERCENT:
        return True
    if loan.schedule_agreed is loan.schedule:
        return False  # nothing of it was changed
    agreed = {(e.due_date, e.due.total) for e in loan.schedule_agreed}
    is_new, was_new = (
        (e.due_date, e.due.total) not in agreed for e in (each, before)
    )  # the first one after a change
    return is_new and not was_new


def _was_late(instalment: Instalment, position: Position, index: int) -> bool:
    paid_off_on = position.paid_off_on[index]
    return paid_off_on is None or paid_off_on > instalment.due_date


def behind_since(loan: Loan, position: Position, as_of: date) -> date | None:
    """Return the due date with which the present arrears began; None if nothing is overdue.

    They roll: an instalment that was paid only when the next was due already did not end them.
    """
    schedule, paid_off_on = loan.schedule, position.paid_off_on
    unpaid = (index for index, each in enumerate(schedule) if position.paid[index] != each.due)
    first = next(unpaid, len(schedule))
    if first == len(schedule) or schedule[first].due_date >= as_of:
        return None
    while first > 0:
        paid_on = paid_off_on[first - 1]
        if paid_on is None or paid_on < schedule[first].due_date:
            break
        first -= 1
    return schedule[first].due_date


def quiet_until(loan: Loan, position: Position, quiet_days: int) -> date | None:
    """Return the first day after the last payment on which arrears may be spoken of again.

    The days grow with the share that is paid of the oldest unpaid instalment; a whole instalment
    brings all of them, and any payment its own day. None without a payment.
    """
    paid_on = position.last_value_date
    if paid_on is None:
        return None
    days = 0
    if paid_on in position.paid_off_on:
        days = quiet_days
    else:
        for instalment, paid in zip(loan.schedule, position.paid, strict=True):
            if paid != instalment.due:
                days = quiet_days * paid.total // max(1, instalment.due.total)
                break
    return paid_on + timedelta(days=max(1, days))


def notice_answered(
    policy: CasePolicy,
    case: CaseState | None,
    position: Position,
    promises: tuple[PromiseState, ...],
) -> str | None:
    """Return how a notice that was given is answered since; None while it is not."""
    if case is None or case.notice_on is None:
        return None
    paid_minor = paid_in_all(position) - case.notice_paid_minor
    asked_minor = case.notice_overdue_minor
    if asked_minor and paid_minor * 100 >= asked_minor * policy.notice_answered_percent:
        return "a payment came since"
    if any(each.promise.on >= case.notice_on and each.told not in MISSED for each in promises):
        return "a payment was promised since"
    if case.answered_on and case.answered_on >= case.notice_on:
        return "the person answered since"
    return None


def is_worth_a_claim(policy: CasePolicy, loan: Loan, standing: Standing) -> bool:
    """Whether so much is overdue that a notice before judicial recovery may go out."""
    since = standing.oldest_due_date
    if since is None and standing.overdue.total == 0:
        return False
    due_minor = next((e.due.total for e in loan.schedule if e.due_date == since), 0)
    principal_minor = sum(each.due.principal for each in loan.schedule)
    return standing.overdue.total >= policy.minimum_claim.allows_minor(due_minor, principal_minor)


def paid_in_all(position: Position) -> int:
    """Return all that was ever paid on the loan's instalments, in minor units."""
    return sum(each.total for each in position.paid)


def received_minor(position: Position) -> int:
    """Return all that was ever received and not given back: paid, or in credit."""
    return paid_in_all(position) + position.credit_minor
