"""What punctuality earns: a rule for everybody alike."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.position import Position, unpaid_position
from recovery.domain.contact.rewards import RewardRule, earned, reward_problems
from tests.builders import a_loan, fields

THANKS = RewardRule(name="thanks", kind="thank_you", least_instalments=3)
LOAN = a_loan(instalments=6)


def paid(*late_days: int) -> Position:
    on = (e.due_date + timedelta(days=d) for e, d in zip(LOAN.schedule, late_days, strict=True))
    return Position(tuple(each.due for each in LOAN.schedule), tuple(on), 0, date(2026, 12, 1))


def test_who_paid_on_time_to_the_end_earns_it_and_nobody_before() -> None:
    assert earned([THANKS], LOAN, paid(0, -3, 0, 0, 0, 0)) == (THANKS,)
    assert earned([THANKS], LOAN, paid(0, 1, 0, 0, 0, 0)) == ()
    assert earned([THANKS], LOAN, unpaid_position(LOAN.schedule)) == ()


def test_a_rule_may_forgive_some_days_and_some_instalments() -> None:
    kind = replace(THANKS, grace_days=3)
    assert earned([kind], LOAN, paid(0, 3, 0, 0, 0, 0)) == (kind,)
    most = replace(THANKS, on_time_percent=80)
    assert earned([most], LOAN, paid(0, 40, 0, 0, 0, 0)) == (most,)
    assert earned([most], LOAN, paid(0, 40, 9, 0, 0, 0)) == ()


def test_what_others_paid_is_nobodys_punctuality() -> None:
    assert earned([THANKS], LOAN, paid(0, 0, 0, 0, 0, 0), (1, 2, 3, 4)) == ()
    assert earned([THANKS], LOAN, paid(0, 9, 0, 0, 0, 0), (2,)) == (THANKS,)


@given(st.lists(st.integers(-20, 20), min_size=6, max_size=6))
def test_paying_earlier_never_loses_a_reward(late: list[int]) -> None:
    rules = [replace(THANKS, name=f"r{p}", on_time_percent=p) for p in (50, 80, 100)]
    before = earned(rules, LOAN, paid(*late))
    after = earned(rules, LOAN, paid(*(each - 1 for each in late)))
    assert set(before) <= set(after)


def test_what_is_wrong_is_said() -> None:
    assert fields(reward_problems(RewardRule(name="", kind="rate", least_instalments=0))) == {
        *("name", "offer", "least_instalments"),
    }
