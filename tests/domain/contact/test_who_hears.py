"""Who hears what: reminders where they help, quiet after a payment, what answers a notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.said import Promise, PromiseState
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.who_hears import (
    behind_since,
    needs_reminder,
    notice_answered,
    quiet_until,
)
from tests.builders import a_loan, a_payment, a_schedule, a_state, months_after

FIRST, DAY = date(2026, 2, 1), timedelta(days=1)
SCHEDULE = a_schedule(8, Components(10_000), FIRST)
LOAN = a_loan(schedule=SCHEDULE)


def paid(lates: list[int], schedule=SCHEDULE):
    """The position once so many instalments are paid, each so many days late."""
    payments = [
        a_payment(f"P-{n}", payment=Payment(f"P-{n}", each.due_date + days * DAY, each.due.total))
        for n, (days, each) in enumerate(zip(lates, schedule, strict=False))
    ]
    return a_state(a_loan(schedule=schedule), payments).position


def due(number: int) -> date:
    return months_after(FIRST, number - 1)


@pytest.mark.parametrize(
    ("lates", "is_reminded"),
    [
        ([], True),
        ([0, 0], True),  # the third
        ([0, 0, 0], False),  # who pays on time hears nothing
        ([0, -2, 0, 0], False),
        ([0, 0, 0, 4], True),
        ([3, 0, 0, 0], False),  # long ago
    ],
)
def test_a_reminder_is_for_new_loans_and_for_who_forgot_lately(lates, is_reminded) -> None:
    position = paid(lates)
    assert needs_reminder(LOAN, position, due(len(lates) + 1) - 3 * DAY) == is_reminded


def test_what_is_unusual_is_said_to_everybody() -> None:
    position, on = paid([0, 0, 0, 0]), due(5) - 3 * DAY
    larger = SCHEDULE[4]._replace(due=Components(10_600))
    for changed in (larger, Instalment(5, due(5) + 31 * DAY, Components(10_000))):
        schedule = (*SCHEDULE[:4], changed, *SCHEDULE[5:])
        assert needs_reminder(replace(LOAN, schedule=schedule), position, on)
    moved = tuple(
        each._replace(due_date=each.due_date + 4 * DAY) if each.number >= 5 else each
        for each in SCHEDULE
    )
    loan = replace(LOAN, schedule=moved, first_schedule=SCHEDULE)
    assert needs_reminder(loan, position, on)
    assert not needs_reminder(loan, paid([0] * 5, moved), due(6))  # it is usual by now
    slightly = (*SCHEDULE[:4], SCHEDULE[4]._replace(due=Components(10_400)), *SCHEDULE[5:])
    assert not needs_reminder(replace(LOAN, schedule=slightly), position, on)
    assert not needs_reminder(LOAN, paid([0] * 8), due(8))


@pytest.mark.parametrize(
    ("amount_minor", "days"), [(1, 1), (2_900, 2), (5_000, 3), (9_999, 6), (10_000, 7)]
)
def test_quiet_grows_with_the_share_paid(amount_minor: int, days: int) -> None:
    on = FIRST + 20 * DAY
    position = a_state(LOAN, [a_payment(payment=Payment("P", on, amount_minor))]).position
    assert quiet_until(LOAN, position, 7) == on + days * DAY
    assert quiet_until(LOAN, a_state(LOAN).position, 7) is None


CASE = CaseState(
    *("L-1-C1", FIRST, Stage.INTERMEDIATE_RECOVERY, FIRST),
    notice_on=FIRST + 76 * DAY,
    notice_overdue_minor=20_000,
)


def test_a_notice_is_answered_by_a_payment_of_a_share_or_a_promise_that_stands() -> None:
    policy, nothing = CasePolicy(), a_state(LOAN).position
    assert notice_answered(policy, CASE, nothing, ()) is None
    for amount_minor, answer in ((4_999, None), (5_000, "a payment came since")):
        payment = a_payment(payment=Payment("P", FIRST + 80 * DAY, amount_minor))
        position = a_state(LOAN, [payment]).position
        assert notice_answered(policy, CASE, position, ()) == answer
        before = replace(CASE, notice_paid_minor=amount_minor)
        assert notice_answered(policy, before, position, ()) is None
    made = Promise(FIRST + 77 * DAY, 10_000, FIRST + 80 * DAY, "phone")
    promised = PromiseState("PR", made)
    assert notice_answered(policy, CASE, nothing, (promised,)) == "a payment was promised since"
    for other in (
        replace(promised, told="broken"),
        replace(promised, promise=replace(made, on=FIRST)),
    ):
        assert notice_answered(policy, CASE, nothing, (other,)) is None
    assert notice_answered(policy, replace(CASE, notice_on=None), nothing, (promised,)) is None


def test_before_the_first_instalment_to_another_account_everybody_is_told() -> None:
    position, on = paid([0, 0, 0, 0]), due(5) - 3 * DAY
    assert needs_reminder(LOAN, position, on, due(4) + DAY)
    assert needs_reminder(LOAN, position, on, due(5))
    assert not needs_reminder(LOAN, position, on, due(4))
    assert not needs_reminder(LOAN, position, on, due(5) + DAY)


@pytest.mark.parametrize(
    ("lates", "as_of", "since"),
    [
        ([0, 0], due(3), None),  # due today is not late
        ([0, 0], due(3) + DAY, due(3)),
        ([0, 35], due(3) + 9 * DAY, due(2)),  # the third was late before the second was paid
        ([0, 27], due(3) + 9 * DAY, due(3)),
        ([40, 40, 40], due(4) + 20 * DAY, due(1)),
        ([40, 40, 0], due(4) + 20 * DAY, due(4)),
    ],
)
def test_arrears_that_roll_on_began_with_the_first_instalment(lates, as_of, since) -> None:
    assert behind_since(LOAN, paid(lates), as_of) == since


def test_who_has_paid_everything_is_behind_with_nothing() -> None:
    assert behind_since(LOAN, paid([0] * 8), due(8) + 90 * DAY) is None


def test_a_notice_is_answered_by_words_or_a_visit_since() -> None:
    policy, nothing = CasePolicy(), a_state(LOAN).position
    assert CASE.notice_on
    before, since = (CASE.notice_on + days * DAY for days in (-1, 0))
    assert notice_answered(policy, replace(CASE, answered_on=before), nothing, ()) is None
    answered = replace(CASE, answered_on=since)
    assert notice_answered(policy, answered, nothing, ()) == "the person answered since"
