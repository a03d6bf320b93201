from dataclasses import replace
from datetime import timedelta

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.at_risk import portfolio_at_risk
from tests.builders import FIRST_DUE, a_schedule

SCHEDULE = a_schedule(3)


def standing(days_past_due: int):
    as_of = FIRST_DUE + timedelta(days=days_past_due)
    return standing_at(SCHEDULE, unpaid_position(SCHEDULE), DEFAULT_POLICY.monitoring, as_of)


def test_portfolio_at_risk_counts_a_late_loans_entire_balance() -> None:
    late, good = standing(31), standing(0)
    assert str(portfolio_at_risk([late, good], over_days=30)) == "1/2"
    assert portfolio_at_risk([late, good], over_days=31) == 0
    small = replace(good, outstanding=Components(late.outstanding.principal // 3))
    assert str(portfolio_at_risk([late, small], over_days=30)) == "3/4"


def test_a_loan_written_off_counts_neither_as_late_nor_in_the_total() -> None:
    late, good = standing(31), standing(0)
    gone = replace(late, written_off_on=late.as_of)
    assert portfolio_at_risk([gone, good], over_days=30) == 0
    assert portfolio_at_risk([gone, late], over_days=30) == 1


def test_an_empty_portfolio_has_nothing_at_risk() -> None:
    assert portfolio_at_risk([], 30) == 0
