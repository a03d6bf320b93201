"""What was on record about a loan, and what it owed, on an earlier day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.accounting.fact import Recorded, date_of
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.loan_state import LoanState
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.shared.rules import Rules


def loan_on(stored: StoredLoan, recorded: Recorded, rules: Rules) -> StoredLoan:
    """Return the loan as it was at the end of ``rules.as_of``, by all that is known now.

    Restraints and owners are those on record, which have dates of their own, and so is what the
    loan carried over when it was granted.
    """
    first = stored.loan.schedule_agreed
    loan = replace(stored.loan, schedule=first, first_schedule=None)
    new = LoanState(
        0,
        unpaid_position(first),
        facts=LoanFacts(carried=stored.state.facts.carried),
        restraints=stored.state.restraints,
        ownership=stored.state.ownership,
    )
    return StoredLoan(*taken_up(loan, new, until(recorded, rules.as_of), rules))


def known_on(recorded: Recorded, on: date, *, is_replayed: bool) -> Recorded:
    """Return what was known at the end of the day.

    Of a payment the moment of posting tells; in a replay, where that says nothing, its value date.
    """
    payments = tuple(
        each
        for each in recorded.payments
        if is_replayed or each.posted_at is None or each.posted_at.date() <= on
    )
    facts = tuple(each for each in recorded.facts if each.known_on <= on)
    return replace(recorded, payments=payments, facts=facts)


def until(recorded: Recorded, day: date) -> Recorded:
    """Return what counted up to and including this day: what was reversed or undone later does."""
    return replace(
        recorded,
        payments=tuple(
            _not_reversed_after(each, day)
            for each in recorded.payments
            if each.payment.value_date <= day
        ),
        facts=tuple(each for each in recorded.facts if date_of(each.fact) <= day),
    )


def _not_reversed_after(record: PaymentRecord, day: date) -> PaymentRecord:
    if record.reversed_on is None or record.reversed_on <= day:
        return record
    return replace(record, reversed_on=None)
