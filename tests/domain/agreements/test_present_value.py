"""Net present values checked by hand, at rates whose powers are short."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.present_value import (
    PresentValueChange,
    effective_rate_fraction,
    present_value,
    present_value_change,
)
from recovery.domain.schedules.contract import contract_of

ON = date(2025, 1, 1)
IN_ONE_YEAR, IN_TWO_YEARS = date(2026, 1, 1), date(2027, 1, 1)
TENTH = Decimal("0.1")


def test_later_flows_are_worth_less_and_due_flows_count_at_face_value() -> None:
    flows = [(date(2024, 6, 1), 500), (ON, 100), (IN_ONE_YEAR, 1_100), (IN_TWO_YEARS, 1_210)]
    assert present_value(flows, ON, TENTH) == 500 + 100 + 1_000 + 1_000
    assert present_value(flows, ON, Decimal(0)) == 2_910
    assert present_value([], ON, TENTH) == 0


@pytest.mark.parametrize(
    ("dues", "rate"),
    [
        ({IN_ONE_YEAR: Components(100_000, 10_000)}, "0.1"),
        ({IN_ONE_YEAR: Components(100_000, 8_000, 2_000)}, "0.1"),  # fees are part of the rate
        ({IN_ONE_YEAR: Components(100_000, 10_000, 0, 5_000)}, "0.1"),  # penalties are not
        # A tenth each year on 1 000.00, half of it paid back after the first: 600.00 and 550.00.
        ({IN_ONE_YEAR: Components(50_000, 10_000), IN_TWO_YEARS: Components(50_000, 5_000)}, "0.1"),
        ({IN_ONE_YEAR: Components(100_000)}, "0"),
    ],
)
def test_the_effective_rate_makes_the_schedule_worth_its_principal(dues, rate) -> None:
    schedule = [Instalment(n, day, due) for n, (day, due) in enumerate(dues.items())]
    contract = contract_of(schedule, Decimal(99), ON)
    assert effective_rate_fraction(schedule, contract) == pytest.approx(
        Decimal(rate), abs=Decimal("1e-9")
    )


def test_the_nominal_rate_applies_without_disbursement_date_or_principal() -> None:
    schedule = [Instalment(1, IN_ONE_YEAR, Components(100_000, 10_000))]
    assert effective_rate_fraction(schedule, contract_of(schedule, Decimal(12))) == Decimal("0.12")
    no_principal = [Instalment(1, IN_ONE_YEAR, Components(0, 10_000))]
    assert effective_rate_fraction(
        no_principal, contract_of(no_principal, Decimal(12), ON)
    ) == Decimal("0.12")
    at_once = [Instalment(1, ON, Components(100_000, 10_000))]
    assert effective_rate_fraction(at_once, contract_of(at_once, Decimal(12), ON)) == Decimal(
        "0.12"
    )


def test_a_year_later_at_the_same_amount_costs_the_lender_a_year_of_interest() -> None:
    schedule = (Instalment(1, IN_ONE_YEAR, Components(100_000, 10_000)),)
    later = (Instalment(1, IN_TWO_YEARS, Components(100_000, 10_000)),)
    contract = contract_of(schedule, Decimal(10), ON)
    paid = History(payments=(Payment("a", ON, 11_000),))
    before = build_ledger(schedule, paid, AllocationPolicy())
    after = build_ledger(later, paid, AllocationPolicy())
    change = present_value_change(schedule, contract, before, after, ON)
    assert (change.before_minor, change.after_minor) == (90_000, 81_818)
    assert round(change.loss_pct, 2) == Decimal("9.09")
    assert change.is_diminished_obligation
    at_nothing = present_value_change(schedule, contract, before, after, ON, Decimal(0))
    assert (at_nothing.loss_pct, at_nothing.before_minor) == (0, 99_000)
    at_half = present_value_change(schedule, contract, before, after, ON, Decimal(50))
    assert at_half.before_minor == 66_000


def test_more_than_one_percent_is_a_diminished_obligation() -> None:
    change = PresentValueChange(10_000, 9_900, TENTH)
    assert (change.loss_pct, change.is_diminished_obligation) == (1, False)
    assert replace(change, after_minor=9_899).is_diminished_obligation
    assert replace(change, after_minor=11_000).loss_pct == -10
    assert PresentValueChange(0, 0, TENTH).loss_pct == 0
