"""Promises to pay: what may be promised, and what the ledger says became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.said import Promise, PromiseEnd, PromiseState
from recovery.domain.agreements import promise
from recovery.domain.agreements.policy import PromisePolicy
from recovery.domain.agreements.promise import (
    PromiseOutcome,
    Situation,
    count_due,
    judged,
    next_dates,
    outcome,
    promise_problems,
    promises_of,
    remembered,
    reminder_due,
    restraints_by,
)
from recovery.domain.agreements.realism import realism_notes
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind, Restraint, blocks
from recovery.domain.monitoring.delinquency import Standing
from tests.builders import a_payment, fields

DAY = timedelta(days=1)
MADE, PAY_ON = date(2026, 3, 2), date(2026, 3, 10)
POLICY = PromisePolicy()
PROMISE = Promise(
    MADE, 10_000, PAY_ON, "phone", grace_days=1, posting_days=2, tolerance_minor=500, reminder=True
)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def record(fact_id: str, fact: RecordedFact, at: datetime = AT) -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=at.date(),
        fingerprint=fact_id,
        reason="said so",
        recorded_by="ana",
        recorded_at=at,
    )


def paid(number: int, on: date, amount_minor: int, **changes):
    payment = Payment(f"P-{number}", on, amount_minor, **changes)
    return a_payment(payment=payment, posted_at=AT + DAY)


def state(*payments, facts=(), made: Promise = PROMISE) -> PromiseState:
    recorded = Recorded(tuple(payments), (record("PR", made), *facts))
    return promises_of(recorded)[0]


def standing(**changes) -> Standing:
    nothing = Components()
    usual = Standing(
        as_of=MADE,
        days_past_due=9,
        days_delinquent=9,
        bucket="1-30",
        overdue=Components(20_000),
        outstanding=Components(90_000),
        credit_minor=0,
        oldest_due_date=date(2026, 2, 21),
        delinquent_since=date(2026, 2, 21),
        next_due_date=date(2026, 3, 21),
        next_due=nothing,
    )
    return replace(usual, **changes)


def situation(**changes) -> Situation:
    usual = Situation(standing(), (), Recorded(), (), "EUR", MADE)
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("payments", "became"),
    [
        ([], PromiseOutcome.BROKEN),
        ([(PAY_ON, 10_000)], PromiseOutcome.KEPT),
        ([(PAY_ON + DAY, 9_500)], PromiseOutcome.KEPT),
        ([(PAY_ON + DAY, 9_499)], PromiseOutcome.PARTLY_KEPT),
        ([(PAY_ON + 2 * DAY, 10_000)], PromiseOutcome.BROKEN),
        ([(MADE - DAY, 10_000)], PromiseOutcome.BROKEN),
        ([(MADE + DAY, 4_000), (PAY_ON, 6_000)], PromiseOutcome.KEPT),
    ],
)
def test_the_ledger_says_what_became_of_it(payments, became) -> None:
    each = state(*(paid(n, on, minor) for n, (on, minor) in enumerate(payments)))
    assert outcome(each, (), PROMISE.judged_on) is became
    before = outcome(each, (), PROMISE.judged_on - DAY)
    assert before is (became if became is PromiseOutcome.KEPT else PromiseOutcome.OPEN)


def test_a_third_party_meets_it_and_a_return_undoes_what_was_paid() -> None:
    by_others = state(paid(1, PAY_ON, 10_000, payer_kind="guarantor"))
    assert outcome(by_others, (), PAY_ON) is PromiseOutcome.MET_BY_OTHERS
    returned = record("CB", Chargeback("P-1", PAY_ON, 10_000, "AM04"))
    assert state(paid(1, PAY_ON, 10_000), facts=[returned]).own_minor == 0


def test_what_was_posted_before_the_promise_of_the_same_day_does_not_count() -> None:
    earlier = a_payment(payment=Payment("P-1", MADE, 10_000), posted_at=AT - timedelta(hours=1))
    assert state(earlier).own_minor == 0
    assert state(replace(earlier, posted_at=AT + timedelta(hours=1))).own_minor == 10_000


def test_several_promises_are_served_in_the_order_of_their_dates_each_payment_once() -> None:
    later = replace(PROMISE, pay_on=PAY_ON + 5 * DAY)
    facts = (record("later", later), record("first", PROMISE))
    first, second = promises_of(Recorded((paid(1, PAY_ON, 13_000),), facts))
    assert (first.promise_id, first.own_minor) == ("first", 10_000)
    assert (second.promise_id, second.own_minor) == ("later", 3_000)


amounts = st.integers(1, 20_000)
days = st.integers(-3, 20).map(lambda number: MADE + number * DAY)


@given(
    st.lists(st.tuples(days, amounts), max_size=6),
    st.lists(st.tuples(st.integers(0, 10), amounts), min_size=1, max_size=4),
)
def test_no_payment_serves_twice_and_no_promise_is_served_beyond_its_amount(given_, made) -> None:
    payments = [paid(number, on, minor) for number, (on, minor) in enumerate(given_)]
    facts = [
        record(f"PR{n}", replace(PROMISE, pay_on=MADE + ahead * DAY, amount_minor=minor))
        for n, (ahead, minor) in enumerate(made)
    ]
    served = promises_of(Recorded(tuple(payments), tuple(facts)))
    assert sum(e.own_minor for e in served) <= sum(minor for _, minor in given_)
    assert all(0 <= e.own_minor <= e.promise.amount_minor for e in served)


def test_taken_back_it_is_neither_kept_nor_broken_and_holds_nothing_any_more() -> None:
    end = record("E", PromiseEnd("PR", MADE + 3 * DAY))
    each = state(facts=[end])
    assert outcome(each, (), MADE + 2 * DAY) is PromiseOutcome.OPEN
    assert outcome(each, (), PROMISE.judged_on) is PromiseOutcome.CANCELLED
    [held] = restraints_by([each], POLICY, ())
    assert held.until == MADE + 2 * DAY


def test_a_death_lets_it_lapse_unless_the_report_was_false() -> None:
    death = Restraint(Kind.DEATH, MADE + 2 * DAY, None, EVERYTHING, "MD07")
    assert outcome(state(), [death], PROMISE.judged_on) is PromiseOutcome.LAPSED
    assert outcome(state(), [death], MADE + DAY) is PromiseOutcome.OPEN
    false = replace(death, until=MADE + DAY)
    assert outcome(state(), [false], PROMISE.judged_on) is PromiseOutcome.BROKEN
    late = replace(death, from_on=PROMISE.judged_on)
    assert outcome(state(), [late], PROMISE.judged_on) is PromiseOutcome.BROKEN


def test_pressure_rests_until_it_is_judged_and_then_only_a_person_calls() -> None:
    held = tuple(restraints_by([state()], POLICY, ()))
    for what in (Block.REMINDERS, Block.ARREARS, Block.CALLS, Block.ESCALATION):
        assert blocks(held, what, PROMISE.judged_on - DAY)
    for what in (Block.NOTICES, Block.LATE_CHARGES, Block.THANKS, Block.ANSWERS):
        assert not blocks(held, what, PAY_ON)
    assert blocks(held, Block.ARREARS, PROMISE.judged_on + DAY)
    assert not blocks(held, Block.CALLS, PROMISE.judged_on)
    assert not blocks(held, Block.ARREARS, PROMISE.judged_on + 2 * DAY)
    assert not list(restraints_by([state(paid(1, MADE, 10_000))], POLICY, ()))


def test_an_outcome_is_told_once_and_again_when_it_changes() -> None:
    after, news = judged([state()], (), PROMISE.judged_on)
    assert [became for _, became in news] == [PromiseOutcome.BROKEN]
    assert judged(after, (), PROMISE.judged_on + DAY)[1] == ()
    paid_late = remembered([state(paid(1, PAY_ON, 10_000))], after, PROMISE.judged_on)
    assert [b for _, b in judged(paid_late, (), PROMISE.judged_on)[1]] == [PromiseOutcome.KEPT]
    assert remembered([state()], (), PROMISE.judged_on + 61 * DAY) == ()


def test_its_dates_are_announced() -> None:
    assert set(next_dates([state()], POLICY)) == {
        PAY_ON - DAY,
        PAY_ON,
        PROMISE.judged_on,
        PROMISE.judged_on + 2 * DAY,
    }
    assert reminder_due([state()], (), PAY_ON - DAY)
    assert reminder_due([state()], (), PAY_ON) is None
    assert reminder_due([state(paid(1, MADE, 10_000))], (), PAY_ON - DAY) is None
    quiet = state(made=replace(PROMISE, reminder=False))
    assert reminder_due([quiet], (), PAY_ON - DAY) is None


def test_those_to_be_kept_today_are_counted_unless_they_are() -> None:
    states, _ = judged([state(), state(), state(paid(1, MADE, 10_000))], (), PAY_ON)
    assert [count_due(states, PAY_ON + days * DAY) for days in (-1, 0, 1)] == [0, 2, 0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pay_on": MADE + 10 * DAY}, None),
        ({"pay_on": MADE + 11 * DAY}, "pay_on"),
        ({"pay_on": MADE - DAY}, "pay_on"),
        ({"on": MADE + DAY}, "on"),
        ({"amount_minor": 90_001}, "amount"),
    ],
)
def test_what_may_be_promised(changes, field) -> None:
    made = replace(PROMISE, **changes)
    assert fields(promise_problems(made, situation(), POLICY)) == ({field} if field else set())


def test_not_past_the_next_due_date_not_of_the_dead_and_not_when_nothing_is_owed() -> None:
    near = situation(standing=standing(next_due_date=PAY_ON - DAY))
    assert fields(promise_problems(PROMISE, near, POLICY)) == {"pay_on"}
    paid_up = situation(standing=standing(outstanding=Components()))
    assert fields(promise_problems(PROMISE, paid_up, POLICY)) == {"loan_id"}
    death = Restraint(Kind.DEATH, MADE, None, EVERYTHING, "MD07")
    dead = situation(restraints=(death,))
    assert fields(promise_problems(PROMISE, dead, POLICY)) == {"loan_id"}


def test_a_third_in_the_same_arrears_takes_a_supervisor() -> None:
    twice = tuple(PromiseState(f"PR{n}", replace(PROMISE, on=MADE)) for n in range(2))
    assert fields(promise_problems(PROMISE, situation(promises=twice), POLICY)) == {"promise_id"}
    assert not list(promise_problems(PROMISE, situation(promises=twice, supervised=True), POLICY))
    old = tuple(replace(e, promise=replace(PROMISE, on=date(2026, 2, 1))) for e in twice)
    assert not list(promise_problems(PROMISE, situation(promises=old), POLICY))


def test_what_speaks_against_it_is_said_and_refuses_nothing() -> None:
    missed = PromiseState("PR0", replace(PROMISE, on=date(2026, 1, 2), pay_on=date(2026, 1, 9)))
    hardship = Restraint(Kind.HARDSHIP, MADE, None, EVERYTHING, "income_fell")
    recorded = Recorded((paid(1, date(2026, 2, 1), 4_000),))
    weighed = situation(promises=(missed,), recorded=recorded, restraints=(hardship,))
    notes = " | ".join(realism_notes(PROMISE, weighed))
    assert "the largest was 40.00 EUR" in notes and "1 of 1 earlier promises" in notes
    assert "100.00 EUR stays overdue" in notes and "hardship" in notes
    assert not list(promise_problems(PROMISE, weighed, POLICY))
    assert realism_notes(PROMISE, situation())[0] == "nothing was paid in the last six months"
    assert promise.FULFILLED
