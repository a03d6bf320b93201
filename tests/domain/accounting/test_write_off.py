"""Write-offs in the ledger: what becomes of the debt, and of money that comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import take_up
from recovery.domain.accounting.history import Charge, Chargeback, History, WriteOff
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Payment, sum_components
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.write_off import Loss, LossClass
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from tests import loan_histories as some
from tests.builders import a_schedule

SCHEDULE = a_schedule(3, Components(10_000, 1_500))  # due on 1 February, March, April
ON = date(2026, 3, 10)
RULES = AllocationPolicy()


def pays(payment_id: str, on: date, amount_minor: int) -> Payment:
    return Payment(payment_id, on, amount_minor)


def test_a_write_off_takes_all_that_is_unpaid_and_later_money_is_recovered() -> None:
    paid = pays("a", date(2026, 2, 1), 11_500)
    history = History(payments=(paid,), write_offs=(WriteOff(ON),))
    ledger = build_ledger(SCHEDULE, history, RULES)
    assert ledger.loss == Loss(ON, Components(20_000, 3_000))
    assert sum_components(each.due for each in ledger.schedule).total == 11_500
    later = replace(history, payments=(paid, pays("b", date(2026, 5, 1), 4_000)))
    recovered = build_ledger(SCHEDULE, later, RULES)
    assert recovered.loss
    assert recovered.loss.recovered == Components(1_000, 3_000)
    assert recovered.loss.remaining == Components(19_000)
    assert recovered.position.credit_minor == 0


def test_a_loss_is_by_fraud_once_a_part_of_it_is() -> None:
    parts = (WriteOff(ON, 1_000), WriteOff(ON + timedelta(days=1), 500, LossClass.FRAUD))
    first, both = (
        build_ledger(SCHEDULE, History(write_offs=parts[:count]), RULES).loss for count in (1, 2)
    )
    assert first and both
    assert (first.loss_class, both.loss_class) == (LossClass.CREDIT, LossClass.FRAUD)
    assert both.written_off.total == 1_500


def test_a_recovery_is_never_above_the_remaining_loss() -> None:
    history = History(payments=(pays("a", date(2026, 5, 1), 50_000),), write_offs=(WriteOff(ON),))
    ledger = build_ledger(SCHEDULE, history, RULES)
    assert ledger.loss and ledger.loss.remaining == Components()
    assert ledger.loss.recovered.total == 34_500
    assert ledger.position.credit_minor == 15_500


def test_a_part_is_taken_from_the_end_so_days_past_due_stay() -> None:
    rules = EvaluationRules()
    part = History(write_offs=(WriteOff(ON, 12_000),))
    before = evaluate(SCHEDULE, History(), rules, ON).standing
    after = evaluate(SCHEDULE, part, rules, ON).standing
    assert after.days_past_due == before.days_past_due == 37
    assert after.outstanding.total == 34_500 - 12_000
    assert after.overdue == before.overdue.less(Components(0, 500))
    ledger = build_ledger(SCHEDULE, part, RULES)
    assert ledger.loss and ledger.loss.on is None


def test_money_with_an_earlier_value_date_makes_the_loss_smaller() -> None:
    history = History(
        payments=(pays("late news", date(2026, 3, 1), 1_000),), write_offs=(WriteOff(ON),)
    )
    ledger = build_ledger(SCHEDULE, history, RULES)
    assert ledger.loss and ledger.loss.written_off.total == 33_500
    assert ledger.loss.recovered == Components()


def test_a_recovery_that_is_charged_back_is_a_loss_again() -> None:
    history = History(
        payments=(pays("a", date(2026, 5, 1), 4_000),),
        chargebacks=(Chargeback("a", date(2026, 5, 3), 4_000),),
        write_offs=(WriteOff(ON),),
    )
    owed = take_up(SCHEDULE, history, RULES)
    assert owed.loss and owed.loss.remaining.total == 34_500
    assert sum_components(each.due for each in owed.schedule).total == 0


@settings(max_examples=100)
@given(
    some.schedules,
    some.payments,
    some.allocations,
    st.lists(
        st.tuples(st.integers(-10, 200), st.none() | st.integers(1, 400)), min_size=1, max_size=3
    ),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90)), max_size=2),
)
def test_no_money_is_lost_over_write_offs_and_recoveries(
    schedule, payments, allocation, write_offs, charges
) -> None:
    history = History(
        payments=tuple(payments),
        charges=tuple(Charge(some.after_start(on), "fee", minor) for on, minor in charges),
        write_offs=tuple(WriteOff(some.after_start(on), minor) for on, minor in write_offs),
    )
    owed = take_up(schedule, history, allocation)
    loss = owed.loss or Loss(None, Components())
    paid_minor = sum_components([Components(), *owed.position.paid]).total
    received_minor = sum(each.amount_minor for each in payments)
    assert received_minor == paid_minor + loss.recovered.total + owed.position.credit_minor
    due_minor = sum(each.due.total for each in schedule) + sum(minor for _, minor in charges)
    still_due_minor = sum(each.due.total for each in owed.schedule)
    assert due_minor == still_due_minor + loss.written_off.total
    assert min(loss.remaining) >= 0
    assert not (owed.position.credit_minor and loss.remaining.total)
    last = max([each.value_date for each in payments], default=some.START)
    standing = evaluate(
        schedule, history, EvaluationRules(allocation=allocation), last + timedelta(days=400)
    ).standing
    if loss.on:
        assert (standing.days_past_due, standing.outstanding.total) == (0, 0)
