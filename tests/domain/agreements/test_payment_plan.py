"""What the ledger says of a payment plan, day by day, whoever looks and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.agreed import Agreement, Part, PlanState
from recovery.domain.agreements.payment_plan import (
    IN_FORCE,
    PlanStatus,
    judged,
    next_dates,
    plan_parts,
    plan_turns,
    remembered,
    restraints_by,
    status_at,
)
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.agreements.restraints import Block, blocks
from recovery.domain.schedules.due_dates import MONTHLY, due_dates_after
from tests.households import ON

DAY = timedelta(days=1)
AGREED = Agreement(
    on=ON,
    offer_id="OF",
    option="payment_plan",
    yes="paper",
    proof="DOC",
    signed_by=("B-1",),
    approved_by="ana",
    payments=(Part(ON + 10 * DAY, 100), Part(ON + 40 * DAY, 100), Part(ON + 70 * DAY, 100)),
    parts=(Part(ON + 10 * DAY, 100), Part(ON + 40 * DAY, 100), Part(ON + 70 * DAY, 100)),
    grace_days=3,
    posting_days=2,
    tolerance_minor=5,
    refit_days=14,
)
JUDGED = ON + 16 * DAY  # 10 days, 3 of grace, 2 of posting, and the day after


def a_plan(*receipts: tuple[int, int], agreed: Agreement = AGREED, ended_on=None) -> PlanState:
    """A plan with money that came so many days after the yes."""
    came = [(ON + days * DAY, amount_minor) for days, amount_minor in receipts]
    return PlanState("AG", agreed.on, plan_turns(agreed, came, ended_on))


@given(st.integers(1, 10**12), st.integers(1, 60), st.integers(1, 500))
def test_the_parts_are_the_arrears_to_the_cent(arrears, count, multiple) -> None:
    parts = plan_parts(arrears, due_dates_after(ON, MONTHLY, count), multiple)
    assert sum(each.amount_minor for each in parts) == arrears
    assert all(each.amount_minor > 0 for each in parts)
    assert [each.due_date for each in parts] == sorted({each.due_date for each in parts})


@pytest.mark.parametrize(
    ("receipts", "after_days", "status"),
    [
        ((), 10, "kept"),
        ((), 11, "late"),
        ((), 15, "late"),
        ((), 16, "breached"),
        ((), 200, "breached"),
        (((13, 100),), 16, "kept"),  # within the grace
        (((10, 95),), 16, "kept"),  # within the tolerance
        (((10, 94),), 16, "breached"),
        (((10, 95), (40, 100)), 46, "kept"),  # what is missing goes on
        (((10, 95), (40, 95)), 46, "breached"),  # and does not grow
        (((20, 100),), 19, "breached"),
        (((20, 100),), 20, "cured"),
        (((20, 100),), 46, "breached"),  # the next one is missing too
        (((31, 300),), 40, "breached"),  # too late to be cured
        (((30, 200),), 30, "cured"),
        (((1, 300),), 1, "completed"),
        (((10, 100), (40, 100), (70, 95)), 70, "completed"),
    ],
)
def test_what_the_ledger_says(receipts, after_days, status) -> None:
    assert status_at(a_plan(*receipts), ON + after_days * DAY) == status


def said_plainly(agreed: Agreement, came: dict[date, int], day: date) -> str:
    """Say what a plan is on a day, from the rule alone."""

    def received(until: date) -> int:
        return sum(amount for on, amount in came.items() if on <= until) + agreed.tolerance_minor

    needed, open_now, breached, was_breached, done = 0, False, False, False, True
    for part in agreed.payments:
        needed += part.amount_minor
        judged_on = part.due_date + (agreed.grace_days + agreed.posting_days + 1) * DAY
        last_cure = judged_on + agreed.refit_days * DAY
        is_paid = received(day) >= needed
        done = done and is_paid
        open_now = open_now or (not is_paid and part.due_date < day)
        if day >= judged_on and received(part.due_date + agreed.grace_days * DAY) < needed:
            breached = breached or not is_paid
            was_breached = was_breached or received(judged_on) < needed
            if day > last_cure and received(last_cure) < needed:
                return "breached"
    if done:
        return "completed"
    if breached:
        return "breached"
    return "late" if open_now else "cured" if was_breached else "kept"


PLANS = st.builds(
    lambda gaps, amounts, grace, posting, tolerance, refit: replace(
        AGREED,
        payments=tuple(
            Part(ON + sum(gaps[: at + 1]) * DAY, amount)
            for at, amount in enumerate(amounts[: len(gaps)])
        ),
        grace_days=grace,
        posting_days=posting,
        tolerance_minor=tolerance,
        refit_days=refit,
    ),
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
    st.lists(st.integers(1, 300), min_size=5, max_size=5),
    st.integers(0, 10),
    st.integers(0, 5),
    st.integers(0, 20),
    st.integers(0, 30),
)
CAME = st.dictionaries(st.integers(0, 260), st.integers(1, 400), max_size=8)


@given(PLANS, CAME)
def test_each_day_says_what_the_rule_says_and_is_announced(agreed, came) -> None:
    receipts = {ON + days * DAY: amount for days, amount in came.items()}
    plan = PlanState("AG", ON, plan_turns(agreed, receipts.items()))
    policy = PlanPolicy(call_days=0, refit_days=0)
    announced = set(next_dates([plan], policy))
    told = PlanState("AG", ON, plan.turns)
    for days in range(300):
        day = ON + days * DAY
        assert status_at(plan, day) == said_plainly(agreed, receipts, day)
        [told], news = judged([told], day)
        assert not news or day in announced


@given(PLANS, CAME, st.lists(st.integers(0, 300), max_size=6))
def test_a_missed_day_changes_nothing(agreed, came, looked) -> None:
    receipts = {ON + days * DAY: amount for days, amount in came.items()}
    plan = PlanState("AG", ON, plan_turns(agreed, receipts.items()))
    seldom = plan
    for days in sorted(looked):
        [seldom], _ = judged([seldom], ON + days * DAY)
    last = ON + 301 * DAY
    [seldom], _ = judged([seldom], last)
    assert seldom.told == status_at(plan, last)
    assert judged([seldom], last)[1] == ()


def test_while_it_is_kept_nothing_presses_and_a_breach_never_moves_the_case_at_once() -> None:
    policy = PlanPolicy(call_days=2, refit_days=14)
    rests = tuple(restraints_by([a_plan()], policy))
    for day in (ON, ON + 12 * DAY, JUDGED - DAY):
        for each in (Block.ARREARS, Block.CALLS, Block.ESCALATION, Block.JUDICIAL):
            assert blocks(rests, each, day)
        assert not blocks(rests, Block.LATE_CHARGES, day) and not blocks(rests, Block.NOTICES, day)
    assert blocks(rests, Block.ARREARS, JUDGED + DAY) and not blocks(rests, Block.CALLS, JUDGED)
    assert not blocks(rests, Block.ARREARS, JUDGED + 2 * DAY)
    assert blocks(rests, Block.JUDICIAL, JUDGED + 13 * DAY)
    assert not blocks(rests, Block.ESCALATION, JUDGED + 14 * DAY)


def test_a_plan_called_off_holds_nothing_from_that_day_on() -> None:
    plan = a_plan(ended_on=ON + 5 * DAY)
    assert status_at(plan, ON + 4 * DAY) == "kept" and status_at(plan, ON + 5 * DAY) == "ended"
    rests = tuple(restraints_by([plan], PlanPolicy()))
    assert not blocks(rests, Block.ARREARS, ON + 5 * DAY)
    assert status_at(a_plan((1, 300), ended_on=ON + 5 * DAY), ON + 9 * DAY) == "completed"


def test_a_breach_that_was_none_is_taken_back() -> None:
    [told], [(_, status)] = judged([a_plan()], JUDGED)
    assert status is PlanStatus.BREACHED
    [after] = remembered([a_plan((9, 100))], [told], JUDGED)
    assert after.told == "breached"
    [(_, status)] = judged([after], JUDGED)[1]
    assert status is PlanStatus.KEPT


def test_what_is_long_over_is_forgotten_and_what_is_in_force_is_not() -> None:
    late = ON + 200 * DAY
    assert remembered([a_plan((1, 300))], (), late) == ()
    [short] = remembered([a_plan((10, 100), (40, 100))], (), ON + 72 * DAY)
    assert short.turns[-1].status == "breached" and status_at(short, ON + 72 * DAY) in IN_FORCE
