"""What behaviour tells at a review: segments with their reason, and when life may have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.loan_facts import Judged, PaidOn
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.early_warning import WarningPolicy
from recovery.domain.monitoring.pattern import Contacts
from recovery.domain.outlook import capacity_look, may_strain_others
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import Review, review
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, months_after

LOAN = a_loan(instalments=12)
DUE_MINOR = LOAN.schedule[0].due.total


def paid(*late: int) -> LoanState:
    """The first instalments were paid so many days late."""
    payments = [
        a_payment(f"P-{n}", value_date=months_after(FIRST_DUE, n) + timedelta(days=days))
        for n, days in enumerate(late)
    ]
    state = a_state(LOAN, payments)
    return replace(state, facts=replace(state.facts, has_news=True))


def looked_at(state: LoanState, on: date) -> Review:
    return review(LOAN, state, DEFAULT_POLICY, on)


def after(count: int, days: int = 5) -> date:
    return months_after(FIRST_DUE, count - 1) + timedelta(days=days)


def test_a_change_is_kept_told_and_announced_once() -> None:
    first = looked_at(paid(0, 4, 0, 4), after(4))
    assert first.state.segment == "forgetful"
    assert [e.text for e in first.outbox.timeline if e.kind == "segment"] == [
        "segment punctual or new -> forgetful: late last time"
    ]
    [event] = [each for each in first.outbox.events if each.name == "SegmentChanged"]
    assert (event.detail["before"], event.detail["segment"]) == ("punctual_or_new", "forgetful")
    again = looked_at(first.state, after(4))
    assert again.state.segment == "forgetful"
    assert not [each for each in again.outbox.events if each.name == "SegmentChanged"]


@pytest.mark.parametrize("late", [(), (0,), (0, 0, 0, 0), (-3, -2, -4)])
def test_the_punctual_and_the_new_leave_no_trace(late: tuple[int, ...]) -> None:
    found = looked_at(paid(*late), after(max(1, len(late)), days=-1))
    assert found.state.segment is None
    assert not found.outbox.events or all(e.name != "SegmentChanged" for e in found.outbox.events)


def test_promises_of_long_ago_and_of_late_count_together() -> None:
    state = paid(0, 0)
    broken = replace(state, facts=replace(state.facts, promised=Judged(kept=1, missed=2)))
    found = looked_at(broken, after(2))
    assert found.state.segment == "strained"
    assert state.known().promises == (0, 0) and broken.known().promises == (1, 2)


def test_a_person_who_had_no_text_or_no_mail_is_unreachable_and_never_silent() -> None:
    state = paid(0, 4, 0, 4)
    since = months_after(FIRST_DUE, 4)  # nothing came since
    unheard = replace(state, contacts=Contacts(no_language=9, not_delivered=9, since=since))
    assert looked_at(unheard, since).state.segment == "unreachable"
    silent = replace(state, contacts=Contacts(arrived=3, since=since))
    assert looked_at(silent, since).state.segment == "not_engaging"


def test_a_payment_since_is_an_answer() -> None:
    state = paid(0, 4, 0, 4)
    since = months_after(FIRST_DUE, 3)
    silent = replace(state, contacts=Contacts(arrived=3, since=since))
    found = looked_at(silent, after(4))
    assert found.state.segment == "forgetful" and found.state.contacts == Contacts()


def shrinking() -> LoanState:
    """Ever smaller payments, and the second instalment is behind."""
    amounts = (DUE_MINOR, DUE_MINOR // 2, DUE_MINOR // 4)
    records = [
        a_payment(f"P-{n}", value_date=FIRST_DUE + timedelta(days=12 * n), amount_minor=minor)
        for n, minor in enumerate(amounts)
    ]
    state = a_state(LOAN, records)
    falling = tuple(PaidOn(each.payment.value_date, each.payment.amount_minor) for each in records)
    return replace(state, facts=replace(state.facts, falling=falling, has_news=True))


def test_when_payments_say_that_life_changed_a_person_looks_at_the_capacity() -> None:
    found = looked_at(shrinking(), months_after(FIRST_DUE, 1) + timedelta(days=3))
    assert found.state.segment == "strained"
    [task] = [each for each in found.outbox.tasks if each.kind == TaskKind.PLAN]
    assert "shrinking payments" in task.reason and "capacity" in task.reason
    held = Restraint(Kind.STOP, FIRST_DUE, None, frozenset({Block.CALLS}), "said_so")
    stopped = replace(shrinking(), restraints=(held,))
    on = months_after(FIRST_DUE, 1) + timedelta(days=3)
    assert not [e for e in looked_at(stopped, on).outbox.tasks if e.kind == TaskKind.PLAN]


def test_within_ninety_days_it_is_the_same_task() -> None:
    start = date.fromordinal(90 * 8_000)
    ids = {capacity_look(LOAN, start + timedelta(days=n), "strain").task_id for n in range(90)}
    assert len(ids) == 1
    assert capacity_look(LOAN, start + timedelta(days=90), "strain").task_id not in ids


def test_other_loans_are_told_when_one_becomes_overdue_or_no_longer_is() -> None:
    state = looked_at(a_state(LOAN), FIRST_DUE).state
    late = looked_at(state, FIRST_DUE + timedelta(days=1))
    assert late.outbox.weighs == LOAN.borrower_id
    same = looked_at(late.state, FIRST_DUE + timedelta(days=2))
    assert same.outbox.weighs is None
    untreated = replace(
        DEFAULT_POLICY,
        monitoring=replace(DEFAULT_POLICY.monitoring, warning=WarningPolicy(treatments=())),
    )
    assert not may_strain_others(state, late.standing, untreated)


def test_another_loan_in_trouble_warns_before_this_one_is_due() -> None:
    state = paid(0, 0, 0, 0)
    due = months_after(FIRST_DUE, 4)
    late = (due - timedelta(days=40), due - timedelta(days=30))
    strained = replace(state, late_elsewhere=late)
    strained = looked_at(strained, due - timedelta(days=9)).state
    found = looked_at(strained, due - timedelta(days=7))
    assert found.state.case is not None and "several loans" in found.outbox.signal.reason
    [call] = [each for each in found.outbox.tasks if each.kind == TaskKind.CALL]
    assert call.do_by == due
    assert looked_at(state, due - timedelta(days=7)).state.case is None


def test_a_payment_dated_back_takes_a_warning_away() -> None:
    late = looked_at(paid(0, 6, 0, 6), months_after(FIRST_DUE, 4) - timedelta(days=7))
    assert late.outbox.signal is not None
    on_time = paid(0, 0, 0, 0)
    put_right = replace(late.state, position=on_time.position, facts=on_time.facts)
    found = looked_at(put_right, months_after(FIRST_DUE, 4) - timedelta(days=6))
    assert found.state.segment is None


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-3, 12), min_size=2, max_size=9), st.booleans())
def test_nothing_follows_on_a_day_that_was_not_announced(late: list[int], strained: bool) -> None:
    """Whoever reviews every day finds what a review finds on the days it asked for."""
    start = after(len(late), days=13)
    state = paid(*late)
    if strained:
        state = replace(state, late_elsewhere=(start - timedelta(days=50), start))
    daily = asked = looked_at(state, start).state
    for number in range(1, 70):
        day = start + timedelta(days=number)
        every = looked_at(daily, day)
        daily = every.state
        if asked.next_review_on is None or asked.next_review_on > day:
            effects = every.outbox.signal, every.outbox.tasks, every.outbox.events
            assert effects == (None, (), ()), (day, effects)
            continue
        when_asked = looked_at(asked, day)
        asked = when_asked.state
        assert when_asked.outbox.tasks == every.outbox.tasks
        assert when_asked.outbox.events == every.outbox.events
        assert asked.segment == daily.segment and asked.wish == daily.wish
