"""Whoever keeps an agreement pays what it asks for, and then what the schedule does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from infra.demo.keeping import to_pay
from recovery.domain.accounting.agreed import Agreement, Part
from recovery.domain.accounting.loan import Components
from recovery.ports.accounting import StoredLoan
from tests.builders import a_loan, a_schedule, a_state

LOAN = a_loan(schedule=a_schedule(4, Components(10_000), date(2026, 2, 2)))
STORED = StoredLoan(LOAN, a_state(LOAN))
AFTER = date(2026, 2, 20)


def agreed(option: str, *payments: tuple[date, int]) -> Agreement:
    parts = tuple(Part(*each) for each in payments)
    return Agreement(
        on=AFTER,
        offer_id="OF-1",
        option=option,
        yes="paper",
        proof="DOC-1",
        signed_by=("B-1",),
        approved_by="ana",
        payments=parts,
    )


def test_without_an_agreement_the_schedule_says_what_to_pay() -> None:
    days = [each.due_date for each in LOAN.schedule if each.due_date > AFTER]
    assert to_pay(STORED, None, AFTER) == [(on, 10_000) for on in days]


def test_a_plan_goes_before_the_schedule_until_its_last_part() -> None:
    second, third = LOAN.schedule[1].due_date, LOAN.schedule[2].due_date
    plan = agreed("payment_plan", (second, 15_000), (third, 15_000))
    last = LOAN.schedule[3].due_date
    assert to_pay(STORED, plan, AFTER) == [(second, 15_000), (third, 15_000), (last, 10_000)]
    assert to_pay(STORED, plan, third) == [(last, 10_000)]


def test_after_a_settlement_nothing_else_is_paid_and_nothing_on_a_closed_loan() -> None:
    ends = agreed("settlement", (date(2026, 3, 15), 20_000))
    assert to_pay(STORED, ends, AFTER) == [(date(2026, 3, 15), 20_000)]
    closed = replace(STORED, state=replace(STORED.state, closed="settled"))
    assert to_pay(closed, ends, AFTER) == []
