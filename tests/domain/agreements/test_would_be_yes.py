from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from recovery.domain.agreements.asked import asked_by_terms
from recovery.domain.agreements.assessment import assess
from recovery.domain.agreements.household import Business, steady
from recovery.domain.agreements.policy import CapacityPolicy
from recovery.domain.agreements.would_be_yes import due_day
from recovery.domain.schedules.due_dates import Frequency
from tests.households import ON, a_household, a_wage, capacity_terms
from tests.loan_terms import EQUAL_INSTALMENT, terms

HARVEST = (100_000, 100_000, *(40_000,) * 4, *(100_000,) * 6)
PROVEN = frozenset({"documented"})


def loan(**changes):
    ordinary = {"disbursed_on": ON, "instalments": 12, "principal_minor": 360_000}
    return terms(**{**EQUAL_INSTALMENT, **ordinary, **changes})


def found(asked_terms, household=None, policy=CapacityPolicy()):  # noqa: B008  frozen
    judged = assess(
        household or a_household(incomes=(a_wage(60_000),)),
        asked_by_terms(asked_terms),
        capacity_terms(),
        policy,
        ON,
    )
    return {each.kind: each for each in judged.changes}


def fits(asked_terms, household=None):
    household = household or a_household(incomes=(a_wage(60_000),))
    asked = asked_by_terms(asked_terms)
    return assess(household, asked, capacity_terms(), CapacityPolicy(), ON).verdict == "accept"


def test_a_smaller_loan_or_a_longer_term_are_the_mildest_that_fit_with_their_total() -> None:
    asked = loan()
    changes = found(asked)
    smaller = replace(asked, principal_minor=changes["amount"].amount_minor)
    assert fits(smaller)
    assert not fits(replace(smaller, principal_minor=smaller.principal_minor + 100))
    longer = replace(asked, instalments=changes["term"].instalments)
    assert fits(longer) and not fits(replace(longer, instalments=longer.instalments - 1))
    total = sum(amount for _, amount in asked_by_terms(longer).payments)
    assert changes["term"].total_minor == total > changes["amount"].total_minor


def test_no_term_is_longer_than_the_policy_allows() -> None:
    assert "term" in found(loan())
    assert "term" not in found(loan(), policy=CapacityPolicy(longest_instalments=13))


def test_instalments_follow_the_harvest() -> None:
    """In the lean months nothing is left, so nothing is asked in them."""
    household = a_household(incomes=(a_wage(by_month=HARVEST),))
    change = found(loan(annual_rate_pct=Decimal(0)), household)["months"]
    assert change.months == (1, 2, 7, 8, 9, 10, 11, 12)
    assert (change.amount_minor, change.total_minor) == (45_000, 360_000)
    with_interest = found(loan(), household)
    assert "months" not in with_interest  # interest would fall due in the lean months too


def test_who_pays_each_week_may_pay_each_month() -> None:
    weekly = loan(
        frequency=Frequency(1, "weeks"),
        instalments=52,
        principal_minor=220_000,
        annual_rate_pct=Decimal(0),
    )
    household = a_household(incomes=(a_wage(58_400),))
    change = found(weekly, household)["frequency"]
    assert change.amount_minor <= 18_400 < 5 * (220_000 // 52)


@pytest.mark.parametrize(
    ("pay_days", "day"),
    [((None,), None), ((5,), 6), ((27,), 28), ((28,), 1), ((31,), 1), ((9, 20), 10)],
)
def test_the_due_day_follows_the_largest_income(pay_days, day) -> None:
    incomes = tuple(a_wage(100_000 - index, pay_day=each) for index, each in enumerate(pay_days))
    assert due_day(a_household(incomes=incomes), PROVEN) == day


def test_what_is_proven_goes_before_what_is_told_and_a_business_counts_by_its_result() -> None:
    told = a_wage(500_000, evidence="declared", pay_day=20)
    stall = Business(
        sales_by_month=steady(90_000),
        costs_by_month=steady(10_000),
        evidence="documented",
        pay_day=13,
    )
    household = a_household(incomes=(told,), businesses=(stall,))
    assert due_day(household, PROVEN) == 14


def test_a_due_day_is_proposed_only_where_it_helps() -> None:
    paid_on_the_first = a_household(incomes=(a_wage(pay_day=1),))
    soon, later = (loan(first_due_date=ON.replace(month=12, day=day)) for day in (3, 20))
    assert "due_day" not in found(soon, paid_on_the_first)
    late = found(later, paid_on_the_first)
    assert late["due_day"].day == 2
