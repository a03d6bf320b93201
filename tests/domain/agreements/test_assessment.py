from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import capacity_pack
from recovery.domain.agreements.asked import asked_by_instalment
from recovery.domain.agreements.assessment import Verdict, assess
from recovery.domain.agreements.capacity import shortage
from recovery.domain.agreements.capacity_rules import terms_of
from recovery.domain.agreements.household import (
    BureauFigure,
    DeclaredDebt,
    Guarantee,
    OwnLoan,
    steady,
)
from recovery.domain.agreements.policy import CapacityPolicy
from recovery.domain.agreements.scorecard import KnockOut, Scorecard, ScoreRule
from recovery.domain.schedules.due_dates import MONTHLY
from tests.households import ON, a_household, a_wage, capacity_terms

POLICY = CapacityPolicy()


def judged(household=None, instalment=30_000, terms=None, policy=POLICY, known=None):
    asked = asked_by_instalment(instalment, MONTHLY, ON) if instalment else None
    return assess(household or a_household(), asked, terms or capacity_terms(), policy, ON, known)


def codes(assessment):
    return [each.code for each in assessment.reasons]


def test_what_fits_by_what_is_proven_is_accepted_and_says_so() -> None:
    found = judged()
    assert (found.verdict, codes(found), found.changes) == (Verdict.ACCEPT, ["fits"], ())
    assert found.shares == (Decimal("30.0"), Decimal("30.0"))
    assert found.valid_until == ON + timedelta(days=180)
    assert found.rule_ids == ("test.half",)


@pytest.mark.parametrize(
    ("proven", "told", "verdict"),
    [
        (60_000, 0, Verdict.ACCEPT),
        (59_999, 1, Verdict.REFER),
        (59_999, 0, Verdict.DECLINE),
        (0, 60_000, Verdict.REFER),
    ],
)
def test_between_proven_and_believed_a_person_looks(proven, told, verdict) -> None:
    incomes = (a_wage(proven), a_wage(told, evidence="declared"))
    household = a_household(incomes=incomes, expenses_by_month=steady(0))
    assert judged(household).verdict is verdict


def test_without_living_costs_nobody_is_accepted() -> None:
    found = judged(a_household(expenses_by_month=None))
    assert found.verdict is Verdict.REFER
    assert "living_costs_unknown" in codes(found)
    assert [each.kind for each in found.changes] == ["living_costs"]
    assert set(found.careful.usable()) == {0}


def test_the_tightest_month_is_named() -> None:
    season = (10_000, *(100_000,) * 11)
    found = judged(a_household(incomes=(a_wage(by_month=season),)))
    [reason] = [each for each in found.reasons if each.code == "month_too_tight"]
    assert (reason.month, reason.amount_minor) == (1, 30_000)  # none of it can be paid
    assert found.verdict is Verdict.DECLINE


def test_what_was_not_told_is_shown_with_where_it_was_found() -> None:
    household = a_household(
        own_loans=(OwnLoan(loan_id="L-7", by_month=steady(6_000)),),
        bureau=BureauFigure(instalments_minor=2_000),
        guarantees=(Guarantee(instalments_minor=1_000),),
    )
    found = judged(household, instalment=1_000)
    assert codes(found) == [
        "fits",
        "debt_found_at_bureau",
        "debt_found_on_our_books",
        "guarantee_may_be_called",
    ]
    assert [each.about for each in found.reasons] == ["", "", "L-7", ""]


def test_living_is_raised_to_the_floor_and_says_so() -> None:
    found = judged(terms=capacity_terms(living_minor=50_000))
    [reason] = [each for each in found.reasons if each.code == "living_costs_raised"]
    assert reason.amount_minor == 50_000


def test_above_what_a_court_would_take_is_a_warning_that_caps_nothing() -> None:
    terms = terms_of(capacity_pack("ES"), POLICY, currency="EUR", adults=1, children=0, on=ON)
    household = a_household(incomes=(a_wage(150_000),))
    found = judged(household, instalment=8_371, terms=terms)
    assert found.verdict is Verdict.ACCEPT
    [warning] = [each for each in found.reasons if each.code == "above_attachable"]
    assert warning.amount_minor == 8_370
    assert "above_attachable" not in codes(judged(household, instalment=8_370, terms=terms))


def test_the_scorecard_refers_or_proposes_to_decline_and_never_accepts() -> None:
    late = KnockOut(code="late", fact="days_past_due", more_than=Decimal(30))
    saves = ScoreRule(code="saves", fact="savings_months", points=5, at_least=Decimal(1))
    policy = CapacityPolicy(scorecard=Scorecard(rules=(saves,), knock_outs=(late,), refer_below=5))
    on_time = {"days_past_due": Decimal(0)}
    rich, poor = a_household(savings_minor=40_000), a_household(savings_minor=39_999)
    assert judged(rich, policy=policy, known=on_time).verdict is Verdict.ACCEPT
    assert judged(poor, policy=policy, known=on_time).verdict is Verdict.REFER
    assert codes(judged(rich, policy=policy)) == ["score_incomplete"]
    knocked = judged(rich, policy=policy, known={"days_past_due": Decimal(31)})
    assert (knocked.verdict, codes(knocked)) == (Verdict.DECLINE, ["knocked_out"])
    heavy = judged(rich, 60_001, policy=policy, known=on_time)
    assert heavy.verdict is Verdict.DECLINE


def test_without_a_loan_asked_for_there_is_a_capacity_and_no_verdict() -> None:
    found = judged(instalment=0)
    assert (found.verdict, found.reasons, found.changes) == (None, (), ())
    assert found.careful.usable() == steady(60_000)


@given(
    proven=st.integers(0, 200_000),
    told=st.integers(0, 200_000),
    living=st.none() | st.integers(0, 100_000),
    debts=st.integers(0, 50_000),
    instalment=st.integers(1, 120_000),
    margin=st.integers(0, 50),
)
def test_what_would_make_it_yes_does(proven, told, living, debts, instalment, margin) -> None:
    """The engine accepts what it proposes: the smaller instalment, or the proof of more income."""
    terms = capacity_terms(margin_percent=margin)

    def household(proven, told):
        return a_household(
            incomes=(a_wage(proven), a_wage(told, evidence="declared")),
            expenses_by_month=None if living is None else steady(living),
            debts=(DeclaredDebt(by_month=steady(debts)),),
        )

    found = judged(household(proven, told), instalment, terms)
    if found.verdict is Verdict.ACCEPT:
        assert found.changes == ()
        return
    for change in found.changes:
        if change.kind == "instalment" and living is not None:
            assert judged(household(proven, told), change.amount_minor, terms).verdict == "accept"
            more = judged(household(proven, told), change.amount_minor + 1, terms)
            assert more.verdict != "accept"
        if change.kind == "income" and living is not None:
            extra = change.amount_minor
            enough = judged(household(proven + extra, told - extra), instalment, terms)
            assert enough.verdict == "accept"
            less = judged(household(proven + extra - 1, told - extra + 1), instalment, terms)
            assert less.verdict != "accept"


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(1, 100_000))
def test_believing_more_never_makes_it_worse(proven, told, instalment) -> None:
    incomes = (a_wage(proven), a_wage(told, evidence="unknown"))
    found = judged(a_household(incomes=incomes), instalment)
    asked = asked_by_instalment(instalment, MONTHLY, ON)
    if shortage(found.careful, asked.payments, ON) is None:
        assert shortage(found.believed, asked.payments, ON) is None
