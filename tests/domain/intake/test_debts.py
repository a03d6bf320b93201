"""What is owed on a loan on a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from recovery.domain.accounting.late_charges import NO_CHARGES, LateCharge, always
from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.loan_facts import NO_FACTS
from recovery.domain.accounting.write_off import Loss
from recovery.domain.intake.debts import debt_of
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state

LOAN = a_loan(instalments=3, annual_rate_pct=Decimal(20))


def debt(on, *payments, facts=NO_FACTS, charges=NO_CHARGES):
    return debt_of(LOAN, a_state(LOAN, payments).position, facts, charges, on)


def test_what_is_due_that_day_is_told_from_what_comes_later() -> None:
    found = debt(FIRST_DUE)
    assert (found.due_minor, found.not_due_minor) == (11_500, 23_000)
    assert (found.oldest_due_on, found.disbursed_on) == (FIRST_DUE, LOAN.disbursed_on)
    assert (found.loan_id, found.annual_rate_pct) == ("L-1", Decimal(20))
    assert debt(date(2026, 1, 31)).due_minor == 0


def test_what_is_paid_is_not_owed() -> None:
    found = debt(date(2026, 3, 1), a_payment(amount_minor=13_000))
    assert (found.due_minor, found.not_due_minor) == (10_000, 11_500)
    assert found.oldest_due_on == date(2026, 3, 1)
    assert debt(FIRST_DUE, a_payment(amount_minor=99_000)).due_minor == 0


def test_late_charges_until_that_day_are_owed_too() -> None:
    charges = always((LateCharge(amount_minor=500),))
    charged = debt(date(2026, 2, 10), charges=charges)
    assert charged.due_minor == 12_000


def test_what_is_not_recovered_of_a_loss_is_due() -> None:
    loss = Loss(date(2026, 6, 1), Components(9_000), Components(2_000))
    paid = a_payment(amount_minor=34_500)
    found = debt(date(2026, 7, 1), paid, facts=replace(NO_FACTS, loss=loss))
    assert (found.due_minor, found.not_due_minor) == (7_000, 0)
    assert found.oldest_due_on <= FIRST_DUE
