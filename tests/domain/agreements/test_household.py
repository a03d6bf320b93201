from __future__ import annotations

import pytest

from recovery.domain.agreements.household import (
    BureauFigure,
    Business,
    household_problems,
    month_by_month,
    steady,
)
from tests.households import a_household, a_wage


def test_an_ordinary_household_has_no_problem() -> None:
    assert not list(household_problems(a_household(bureau=BureauFigure(instalments_minor=1))))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"adults": 0}, "adults"),
        ({"children": -1}, "children"),
        ({"savings_minor": -1}, "savings_minor"),
        ({"incomes": (a_wage(by_month=(1,) * 11),)}, "incomes.0.by_month"),
        ({"incomes": (a_wage(), a_wage(-1))}, "incomes.1.by_month"),
        ({"incomes": (a_wage(pay_day=32),)}, "incomes.0.pay_day"),
        ({"incomes": (a_wage(earner=0),)}, "incomes.0.earner"),
        ({"incomes": (a_wage(),) * 51}, "incomes"),
        ({"expenses_by_month": (1,)}, "expenses_by_month"),
        ({"bureau": BureauFigure(instalments_minor=-1)}, "bureau.instalments_minor"),
    ],
)
def test_what_cannot_be_true_is_named(changes, field) -> None:
    assert {each.field for each in household_problems(a_household(**changes))} == {field}


def test_a_business_earns_what_it_sells_less_what_that_costs_and_earners_are_counted_once() -> None:
    stall = Business(
        sales_by_month=steady(50_000), costs_by_month=steady(60_000), evidence="observed"
    )
    assert stall.result_by_month == steady(-10_000)
    both = a_household(incomes=(a_wage(), a_wage(earner=2)), businesses=(stall,))
    assert both.earners == 2


def test_months_add_up_one_by_one() -> None:
    rows = [tuple(range(12)), steady(1)]
    assert month_by_month(iter(rows)) == tuple(range(1, 13))
    assert month_by_month(iter(())) == steady(0)
