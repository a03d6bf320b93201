"""Rescheduling checked by hand; Apache Fineract's scenarios are in tests/published."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.reschedule import (
    PaymentHoliday,
    Reschedule,
    on_holiday,
    rescheduled,
)
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import contract_of
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.errors import RefusedError
from tests.loan_terms import EQUAL_INSTALMENT, terms

DISBURSED = date(2026, 1, 1)
ON = date(2026, 2, 20)
FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (2, 3, 4))
# 2 % a month on 300.00, 200.00 and 100.00; a fee of 2.00 each.
SCHEDULE = tuple(
    Instalment(n, date(2026, 1 + n, 1), Components(10_000, 800 - 200 * n, 200)) for n in (1, 2, 3)
)


def reschedule(from_date: date = MARCH, *payments: Payment, schedule=SCHEDULE, **changes):
    """Return the (due date, due) of each instalment of the new version."""
    ledger = build_ledger(schedule, History(payments=payments), AllocationPolicy(), (), ON)
    contract = contract_of(schedule, Decimal(24), DISBURSED)
    action = Reschedule(from_date=from_date, **changes)
    return [each[1:] for each in rescheduled(ledger, contract, action, ON)]


def test_later_dates_follow_a_moved_one_at_the_same_steps() -> None:
    moved = reschedule(new_due_date=date(2026, 3, 16), interest="keep")
    assert [day for day, _ in moved] == [FEBRUARY, date(2026, 3, 16), date(2026, 4, 16)]
    assert [due for _, due in moved] == [each.due for each in SCHEDULE]


def test_interest_accrues_until_the_later_date() -> None:
    moved = reschedule(new_due_date=date(2026, 3, 16))
    # 200.00 for one month and a half by 30/360, then 100.00 for a month.
    assert [due.interest for _, due in moved] == [600, 600, 200]


def test_irregular_dates_move_by_the_same_number_of_days() -> None:
    days = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 20))
    odd = tuple(Instalment(n, day, Components(100)) for n, day in enumerate(days, start=1))
    moved = reschedule(schedule=odd, new_due_date=date(2026, 3, 11), extra_terms=1)
    assert [day for day, _ in moved[1:]] == [
        date(2026, 3, 11), date(2026, 4, 30), date(2026, 6, 19),
    ]  # fmt: skip


def test_extra_terms_share_the_principal_equally() -> None:
    longer = reschedule(extra_terms=2)
    assert [day.month for day, _ in longer] == [2, 3, 4, 5, 6]
    assert [due for _, due in longer[1:]] == [
        Components(5_000, 400, 200), Components(5_000, 300, 200),
        Components(5_000, 200), Components(5_000, 100),
    ]  # fmt: skip
    kept = reschedule(extra_terms=2, interest="keep")
    assert [due.interest for _, due in kept[1:]] == [150] * 4
    rounded = reschedule(extra_terms=1, multiple_minor=1_000)
    assert [due.principal for _, due in rounded[1:]] == [7_000, 7_000, 6_000]


def test_grace_on_principal_extends_the_loan_while_interest_accrues() -> None:
    eased = reschedule(grace_principal=1)
    assert [due[:2] for _, due in eased] == [(10_000, 600), (0, 400), (10_000, 400), (10_000, 200)]
    kept = reschedule(grace_principal=1, interest="keep")
    assert [due[:2] for _, due in kept] == [(10_000, 600), (0, 0), (10_000, 400), (10_000, 200)]


def test_extra_terms_combine_with_grace() -> None:
    eased = reschedule(extra_terms=1, grace_principal=2)
    assert [due[:2] for _, due in eased[1:]] == [
        (0, 400), (0, 400), (6_667, 400), (6_667, 267), (6_666, 133),
    ]  # fmt: skip
    kept = reschedule(extra_terms=1, grace_principal=2, interest="keep")
    assert [due[:2] for _, due in kept[1:]] == [
        (0, 0), (0, 0), (6_667, 200), (6_667, 200), (6_666, 200),
    ]  # fmt: skip


def test_new_instalments_continue_the_numbering_and_keep_the_day_of_the_month() -> None:
    ends = tuple(
        Instalment(n, day, Components(100))
        for n, day in enumerate((date(2026, 1, 31), date(2026, 2, 28)), start=1)
    )
    ledger = build_ledger(ends, History(), AllocationPolicy(), (), date(2026, 1, 1))
    action = Reschedule(from_date=date(2026, 2, 28), extra_terms=2)
    longer = rescheduled(ledger, contract_of(ends), action, date(2026, 1, 1))
    assert [(each.number, each.due_date) for each in longer[1:]] == [
        (2, date(2026, 2, 28)), (3, date(2026, 3, 31)), (4, date(2026, 4, 30)),
    ]  # fmt: skip
    one = (Instalment(1, date(2026, 3, 10), Components(100)),)
    ledger = build_ledger(one, History(), AllocationPolicy(), (), date(2026, 1, 1))
    action = Reschedule(from_date=date(2026, 3, 10), extra_terms=1)
    longer = rescheduled(ledger, contract_of(one), action, date(2026, 1, 1))
    assert longer[1].due_date == date(2026, 4, 9)  # thirty days by default
    moved = tuple(each._replace(due_date=date(2026, 3 + n, 10 + n)) for n, each in enumerate(ends))
    ledger = build_ledger(moved, History(), AllocationPolicy(), (), date(2026, 1, 1))
    frequency_known = replace(contract_of(ends), frequency=Frequency(1, "months"))
    action = Reschedule(from_date=date(2026, 4, 11), extra_terms=1)
    longer = rescheduled(ledger, frequency_known, action, date(2026, 1, 1))
    assert longer[2].due_date == date(2026, 5, 11)  # counted from the last one


def test_equal_instalments_are_rounded_to_a_multiple() -> None:
    built = build_schedule(terms(**EQUAL_INSTALMENT, disbursed_on=DISBURSED))
    longer = reschedule(schedule=built, extra_terms=1, grace_principal=1, multiple_minor=1_000)
    totals = [due.total for _, due in longer[1:]]
    assert totals[0] == longer[1][1].interest
    assert [total % 1_000 for total in totals[1:-1]] == [0] * 3


def test_a_new_date_may_be_today_but_not_the_previous_due_date() -> None:
    assert reschedule(new_due_date=ON)[1][0] == ON
    with pytest.raises(RefusedError):
        reschedule(APRIL, new_due_date=MARCH)


def test_interest_in_grace_falls_due_with_the_next_instalment() -> None:
    eased = reschedule(FEBRUARY, grace_interest=2)
    assert [due.interest for _, due in eased] == [0, 0, 1_200]
    kept = reschedule(FEBRUARY, grace_interest=1, interest="keep")
    assert [due.interest for _, due in kept] == [0, 1_000, 200]


def test_a_new_rate_applies_from_the_given_date() -> None:
    cheaper = reschedule(new_rate_pct=Decimal(12))
    assert [due.interest for _, due in cheaper] == [600, 200, 100]
    free = reschedule(new_rate_pct=Decimal(0))
    assert [due.interest for _, due in free] == [600, 0, 0]


def test_equal_instalments_are_levelled_again() -> None:
    built = build_schedule(terms(**EQUAL_INSTALMENT, disbursed_on=DISBURSED))
    longer = reschedule(schedule=built, extra_terms=3)
    totals = [due.total for _, due in longer[1:]]
    assert (len(longer), max(totals) - min(totals) <= 3) == (7, True)
    assert sum(due.principal for _, due in longer) == 120_000


def test_flat_interest_stays_on_the_original_principal() -> None:
    flat = tuple(Instalment(n, date(2026, 1 + n, 1), Components(10_000, 600)) for n in (1, 2, 3))
    longer = reschedule(schedule=flat, extra_terms=2)
    assert [due[:2] for _, due in longer[1:]] == [(5_000, 600)] * 4
    level = reschedule(schedule=flat, grace_principal=1)
    assert [due[:2] for _, due in level[1:]] == [(0, 600), (10_000, 600), (10_000, 600)]


def test_payments_stay_and_prepaid_interest_is_not_charged_again() -> None:
    ahead = Payment("a", date(2026, 2, 10), 600 + 1_000, instalment=2)
    changed = reschedule(MARCH, ahead, new_rate_pct=Decimal(12))
    # 190.00 is unpaid: 1.90 for a month, fully covered by the 4.00 paid.
    assert changed[1][1] == Components(10_000, 400, 200)
    assert changed[2][1] == Components(10_000, 0, 200)


@pytest.mark.parametrize(
    ("from_date", "payments", "changes", "field"),
    [
        (date(2026, 3, 2), (), {"extra_terms": 1}, "action.from"),
        (FEBRUARY, (Payment("a", ON, 10_800),), {"extra_terms": 1}, "action.from"),
        (MARCH, (), {"new_due_date": date(2026, 2, 19)}, "action.new_due_date"),
        (APRIL, (), {"new_due_date": date(2026, 2, 28)}, "action.new_due_date"),
    ],
)
def test_an_invalid_rescheduling_is_refused(from_date, payments, changes, field) -> None:
    with pytest.raises(RefusedError) as refused:
        reschedule(from_date, *payments, **changes)
    assert refused.value.problems[0].field == field


def test_recalculating_the_first_instalment_needs_the_disbursement_date() -> None:
    ledger = build_ledger(SCHEDULE, History(), AllocationPolicy(), (), ON)
    contract = contract_of(SCHEDULE, Decimal(24))
    with pytest.raises(RefusedError) as refused:
        rescheduled(ledger, contract, Reschedule(from_date=FEBRUARY, extra_terms=1), ON)
    assert refused.value.problems[0].field == "loan.disbursed_on"
    kept = Reschedule(from_date=FEBRUARY, extra_terms=1, interest="keep")
    assert len(rescheduled(ledger, contract, kept, ON)) == 4


def test_dates_past_the_last_possible_date_are_refused() -> None:
    far = (*SCHEDULE[:2], SCHEDULE[2]._replace(due_date=date(2100, 1, 1)))
    ledger = build_ledger(far, History(), AllocationPolicy(), (), ON)
    for changes in ({}, {"new_due_date": date(2030, 1, 1)}):
        action = Reschedule(from_date=FEBRUARY, extra_terms=600, interest="keep", **changes)
        with pytest.raises(RefusedError, match="past the last supported date"):
            rescheduled(ledger, contract_of(far), action, ON)


def holiday(from_date: date, instalments: int, schedule=SCHEDULE, **changes):
    ledger = build_ledger(schedule, History(), AllocationPolicy(), (), ON)
    contract = contract_of(schedule, Decimal(24), DISBURSED)
    action = PaymentHoliday(from_date=from_date, instalments=instalments, **changes)
    return [each[1:] for each in on_holiday(ledger, contract, action, ON)]


def test_a_payment_holiday_moves_everything_by_whole_steps() -> None:
    rested = holiday(MARCH, 2, interest="keep")
    assert [day.month for day, _ in rested] == [2, 5, 6]
    assert [due for _, due in rested] == [each.due for each in SCHEDULE]
    assert [day.month for day, _ in holiday(FEBRUARY, 1)] == [3, 4, 5]


def test_interest_accrues_during_a_holiday_if_recalculated() -> None:
    assert [due.interest for _, due in holiday(MARCH, 2)] == [600, 1_200, 200]


@pytest.mark.parametrize(
    "days",
    [
        ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31)),  # a short month does not shorten the others
        ((2, 5), (3, 5), (4, 6), (5, 5), (6, 5)),  # rolled to a business day
    ],
)
def test_payments_resume_on_the_agreed_days_after_a_holiday(days) -> None:
    agreed = [date(2026, month, day) for month, day in days]
    schedule = tuple(Instalment(n, day, Components(100)) for n, day in enumerate(agreed, start=1))
    rested = [day for day, _ in holiday(agreed[0], 1, schedule, interest="keep")]
    assert rested[:-1] == agreed[1:]
    assert rested[-1] > agreed[-1]


def test_a_payment_holiday_in_the_past_is_refused() -> None:
    past = tuple(Instalment(n, date(2026, 1, 7 * n), Components(100)) for n in (1, 2, 3))
    with pytest.raises(RefusedError) as refused:
        holiday(past[0].due_date, 1, past, interest="keep")
    assert refused.value.problems[0].field == "action.instalments"
