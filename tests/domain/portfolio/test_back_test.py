"""Trials know what was known then, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.portfolio.back_test import LoanHistory, Trial, trials_of
from tests.back_test_histories import DUE_MINOR, by_habit, by_season, histories
from tests.builders import a_schedule

SCHEDULE = a_schedule(4, due=Components(DUE_MINOR))
END = date(2027, 1, 1)


def trials(*loans: LoanHistory, until: date = END) -> list[Trial]:
    policy = DEFAULT_POLICY
    return list(trials_of(loans, policy.monitoring, policy.accounting.allocation, until))


def paid(*late: int, loan_id: str = "L-1") -> LoanHistory:
    [loan] = histories(lambda _, __, number: late[number - 1], people=1, instalments=len(late))
    return replace(loan, loan_id=loan_id)


def test_each_instalment_is_a_trial_a_week_before_it_is_due() -> None:
    loan = paid(0, 4, 0)
    found = trials(loan)
    assert [each.number for each in found] == [1, 2, 3]
    assert [each.was_late for each in found] == [False, True, False]
    assert [each.late_last_time for each in found] == [False, False, True]
    assert [each.is_new for each in found] == [True, False, False]
    assert found[0].on == loan.schedule[0].due_date - timedelta(days=7)
    assert found[2].days_late_last_time == 4


def test_what_happens_later_changes_no_trial() -> None:
    whole = trials(paid(0, 4, 0, 9, 0, 0))
    for until in (each.known_on for each in whole):
        known = trials(paid(0, 4, 0, 9, 0, 0), until=until)
        told = [each for each in whole if each.known_on <= until]
        # by how many days it came late is known only once it came
        assert [replace(each, late_days=0) for each in known] == [
            replace(each, late_days=0) for each in told
        ]
    changed = trials(paid(0, 4, 0, 9, 20, 0))
    assert [replace(each, was_late=False, late_days=0) for each in changed[:5]] == [
        replace(each, was_late=False, late_days=0) for each in whole[:5]
    ]


def test_an_overdue_loan_is_no_trial_and_a_paid_instalment_is_marked() -> None:
    found = trials(paid(40, 0, 0))
    assert 2 not in [each.number for each in found]
    [first, *_] = trials(paid(-10, 0))
    assert first.is_paid and not first.was_late


def test_other_loans_of_the_person_count_once_they_were_paid_out() -> None:
    late = paid(9, 9, 9, loan_id="L-0")
    later = replace(
        paid(0, 0, loan_id="L-2"), disbursed_on=late.schedule[-1].due_date + timedelta(days=20)
    )
    moved = replace(
        later,
        schedule=tuple(
            each._replace(due_date=each.due_date + timedelta(days=120)) for each in later.schedule
        ),
        payments=tuple(
            replace(each, value_date=each.value_date + timedelta(days=120))
            for each in later.payments
        ),
    )
    first = next(each for each in trials(late, moved) if each.loan_id == "L-2")
    assert first.late_last_time and PatternKind.FREQUENT_DELAYS in first.levels
    stranger = replace(moved, borrower_id="B-9")
    first = next(each for each in trials(late, stranger) if each.loan_id == "L-2")
    assert first.is_new and first.levels == {}


def test_an_instalment_that_was_never_paid_was_late() -> None:
    loan = LoanHistory("L-1", "B-1", date(2026, 1, 1), SCHEDULE, ())
    [only] = trials(loan)
    assert only.was_late


def test_a_payment_of_others_is_no_payment_of_ones_own() -> None:
    payment = Payment("P-1", SCHEDULE[0].due_date, DUE_MINOR, payer_kind="guarantor")
    loan = LoanHistory("L-1", "B-1", date(2026, 1, 1), SCHEDULE, (payment,))
    second = next(each for each in trials(loan) if each.number == 2)
    assert PatternKind.ON_TIME_IN_A_ROW not in second.levels and second.is_new


def test_patterns_are_found_where_the_mechanism_puts_them() -> None:
    habit = trials(*histories(by_habit), until=date(2025, 1, 1))
    often = {e.borrower_id for e in habit if e.levels.get(PatternKind.FREQUENT_DELAYS, 0) >= 2}
    habitual = {each for each in often if int(each[2:]) % 4 == 0}
    assert len(habitual) == 20 and len(often - habitual) <= 6  # of 60, at one time in twenty
    seasons = trials(*histories(by_season, instalments=36), until=date(2028, 1, 1))
    seen = {each.borrower_id for each in seasons if PatternKind.SEASONAL in each.levels}
    assert len(seen) == 20 and all(int(each[2:]) % 4 == 0 for each in seen)
