"""In a long gap somebody looks in at each third, once, and leaves alone who is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.season_visits import visit_dates, visits_due
from recovery.domain.review import review
from tests.builders import a_loan, a_payment, a_policy, a_state

DAY = timedelta(days=1)
SOWN, HARVEST, NEXT_MONTH = date(2026, 3, 1), date(2026, 8, 28), date(2026, 9, 28)
SCHEDULE = (
    Instalment(1, HARVEST, Components(50_000)),
    Instalment(2, NEXT_MONTH, Components(50_000)),
)
LOAN = replace(a_loan(schedule=SCHEDULE), disbursed_on=SOWN)
POLICY = TaskPolicy(visit_by_days=8)
THIRDS = (SOWN + 60 * DAY, SOWN + 120 * DAY)
UNPAID = a_state(LOAN).position


def test_a_long_gap_has_two_dates_and_a_short_one_none() -> None:
    assert visit_dates(POLICY, LOAN, UNPAID) == THIRDS
    assert visit_dates(replace(POLICY, visit_in_gaps_from_days=180), LOAN, UNPAID) == THIRDS
    assert visit_dates(replace(POLICY, visit_in_gaps_from_days=181), LOAN, UNPAID) == ()
    assert visit_dates(replace(POLICY, visit_in_gaps_from_days=None), LOAN, UNPAID) == ()
    paid = a_payment(payment=Payment("P-1", HARVEST, 50_000))
    assert visit_dates(POLICY, LOAN, a_state(LOAN, [paid]).position) == ()  # a month is not long


def due(last: date | None, as_of: date, *held: Restraint, policy=POLICY) -> list[tuple[str, str]]:
    found = visits_due(policy, LOAN, UNPAID, held, last, as_of)
    return [(each.task_id, each.kind) for each in found]


def test_each_third_is_one_visit_caught_up_after_missed_days() -> None:
    first, second = ((f"{LOAN.loan_id}.season.{on}", "visit") for on in THIRDS)
    assert due(THIRDS[0] - DAY, THIRDS[0]) == [first]
    assert due(THIRDS[0], THIRDS[0] + DAY) == []
    assert due(THIRDS[0] - DAY, THIRDS[1] + DAY) == [first, second]
    assert due(None, THIRDS[0]) == []  # what came before the first review is not made up
    assert due(SOWN, THIRDS[0], policy=TaskPolicy()) == [(first[0], "call")]


def test_nobody_looks_in_while_calls_are_held() -> None:
    held = Restraint(Kind.HARDSHIP, SOWN, None, frozenset({Block.CALLS}), "ill")
    assert due(SOWN, THIRDS[0], held) == []


def test_the_review_comes_on_that_day_and_opens_the_task() -> None:
    policy = a_policy()
    state = review(LOAN, a_state(LOAN), policy, SOWN + DAY).state
    days = []
    while state.next_review_on and state.next_review_on < HARVEST - 10 * DAY:
        reviewed = review(LOAN, state, policy, state.next_review_on)
        days += [(state.next_review_on, each.kind) for each in reviewed.outbox.tasks]
        state = reviewed.state
    assert days == [(on, "call") for on in THIRDS]
