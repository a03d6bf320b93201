from __future__ import annotations

import pytest

from recovery.domain.agreements.cash_flow import FoundDebt, cash_flow
from recovery.domain.agreements.household import (
    BureauFigure,
    Business,
    DeclaredDebt,
    Guarantee,
    OwnLoan,
    Range,
    steady,
)
from tests.households import a_household, a_wage, capacity_terms

TERMS = capacity_terms()
OURS = OwnLoan(loan_id="L-7", by_month=steady(6_000))


def flow(**changes):
    return cash_flow(a_household(**changes), TERMS)


def test_what_is_told_counts_neither_as_zero_nor_as_proven() -> None:
    both = (a_wage(60_000), a_wage(30_000, evidence="unknown", earner=2))
    assert flow(incomes=both).income[0] == Range(60_000, 90_000)
    assert flow(incomes=both).average_income(proven=True) == 60_000


@pytest.mark.parametrize(
    ("evidence", "proven"),
    [("verified", 1), ("documented", 1), ("observed", 1), ("declared", 0), ("unknown", 0)],
)
def test_the_policy_says_which_evidence_proves(evidence, proven) -> None:
    assert flow(incomes=(a_wage(100, evidence=evidence),)).income[5] == Range(100 * proven, 100)
    strict = capacity_terms(proven=frozenset({"verified"}))
    found = cash_flow(a_household(incomes=(a_wage(100, evidence=evidence),)), strict)
    assert found.income[5].proven == (100 if evidence == "verified" else 0)


def test_a_season_and_a_month_of_loss_count_in_their_months() -> None:
    stall = Business(
        sales_by_month=(0,) * 6 + (90_000,) * 6,
        costs_by_month=steady(20_000),
        evidence="declared",
    )
    found = flow(incomes=(), businesses=(stall,))
    assert found.income[0] == Range(-20_000, -20_000)  # a loss needs no proof
    assert found.income[11] == Range(0, 70_000)


def test_living_is_never_below_the_floor_and_unknown_leaves_nothing_at_the_careful_end() -> None:
    assert flow().living == steady(40_000)
    floored = capacity_terms(living_minor=45_000)
    assert cash_flow(a_household(), floored).living == steady(45_000)
    assert cash_flow(a_household(expenses_by_month=None), floored).living == steady(45_000)
    unknown = flow(expenses_by_month=None, debts=(DeclaredDebt(by_month=steady(5_000)),))
    assert unknown.living is None
    assert unknown.before_own(proven=True) == steady(-5_000)
    assert unknown.before_own(proven=False) == steady(95_000)


def test_the_bureau_lists_what_was_told_too_so_the_larger_counts() -> None:
    told = (DeclaredDebt(by_month=steady(18_000)),)
    found = flow(debts=told, bureau=BureauFigure(instalments_minor=20_000))
    assert found.elsewhere[3] == Range(20_000, 20_000)
    assert found.found == (FoundDebt("bureau", 2_000),)
    more = flow(debts=told, bureau=BureauFigure(instalments_minor=10_000))
    assert (more.elsewhere[3].proven, more.found) == (18_000, ())


def test_our_own_loans_count_once_and_say_where_they_were_found() -> None:
    listed = BureauFigure(instalments_minor=26_000, includes_ours=True)
    found = flow(own_loans=(OURS,), bureau=listed, debts=(DeclaredDebt(by_month=steady(20_000)),))
    assert (found.own, found.elsewhere[0].proven) == (steady(6_000), 20_000)
    assert found.found == (FoundDebt("own_books", 6_000, "L-7"),)
    told = (DeclaredDebt(by_month=steady(6_000), with_us=True),)
    assert flow(own_loans=(OURS,), debts=told).found == ()
    partly = (DeclaredDebt(by_month=steady(4_000), with_us=True),)
    assert flow(own_loans=(OURS,), debts=partly).found == (FoundDebt("own_books", 2_000, "L-7"),)


def test_a_guarantee_may_be_called_or_is() -> None:
    promised = Guarantee(instalments_minor=5_000)
    called = Guarantee(instalments_minor=7_000, called=True)
    found = flow(guarantees=(promised, called))
    assert found.elsewhere[0] == Range(12_000, 7_000)
    assert found.before_own(proven=True)[0] == 100_000 - 40_000 - 12_000
