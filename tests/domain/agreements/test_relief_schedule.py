"""Collective relief moves what is to come, spreads what was unpaid, and loses no money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.agreements.relief_schedule import CollectiveRelief, relieved
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import contract_of
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, due_dates, step
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.errors import RefusedError

START = date(2024, 1, 31)
FLOOD = date(2024, 5, 20)
LENT = date(2023, 12, 31)


def schedule_of(dates: tuple[date, ...], principal: int = 10_000, interest: int = 0):
    due = Components(principal, interest)
    return tuple(Instalment(number, day, due) for number, day in enumerate(dates, start=1))


def relief(schedule, action, *payments: Payment, rate: str = "0", lent: date = LENT):
    allocation = DEFAULT_POLICY.accounting.allocation
    ledger = build_ledger(schedule, History(payments=payments), allocation, (), FLOOD)
    return relieved(ledger, contract_of(schedule, Decimal(rate), lent), action, FLOOD)


def owed_from(schedule, day: date) -> list[Instalment]:
    return [each for each in schedule if each.due_date >= day and each.due.total]


def test_dates_keep_their_day_of_the_month_and_nothing_falls_due_before() -> None:
    dates = due_dates(START, MONTHLY, 8)
    after = relief(schedule_of(dates), CollectiveRelief(months=3))
    new = owed_from(after, FLOOD)
    assert [each.due_date for each in new] == [
        *(date(2024, 8, 31), date(2024, 9, 30), date(2024, 10, 31), date(2024, 11, 30)),
    ]
    assert [each.number for each in new] == [5, 6, 7, 8]
    # Four instalments were unpaid before the flood: each of the four to come bears one of them.
    assert [each.due.principal for each in new] == [20_000] * 4


def test_at_no_interest_the_same_amounts_are_due_later() -> None:
    dates = due_dates(date(2024, 6, 5), MONTHLY, 6)
    before = schedule_of(dates, interest=500)
    after = relief(before, CollectiveRelief(months=3), rate="12")
    assert [each.due for each in after] == [each.due for each in before]
    assert [each.due_date for each in after] == [step(day, MONTHLY, 3) for day in dates]


def test_where_interest_runs_the_first_instalment_bears_that_of_the_longer_time() -> None:
    terms = Terms(principal_minor=120_000, annual_rate_pct=Decimal(12), instalments=12,
                  disbursed_on=date(2024, 5, 5), first_due_date=date(2024, 6, 5),
                  amortisation="equal_principal", interest_method="declining_balance")  # fmt: skip
    before = build_schedule(terms)
    lent = terms.disbursed_on
    rests = relief(before, CollectiveRelief(months=3), rate="12", lent=lent)
    runs = relief(before, CollectiveRelief(months=3, interest_runs=True), rate="12", lent=lent)
    assert runs[0].due.interest - rests[0].due.interest == 3 * 1_200
    assert [e.due for e in runs[1:]] == [e.due for e in rests[1:]]


def test_weekly_dates_keep_their_weekday_and_their_distance() -> None:
    weekly = Frequency(1, "weeks")
    dates = due_dates(date(2024, 5, 22), weekly, 10)
    after = relief(schedule_of(dates), CollectiveRelief(months=3, interest_only_months=1))
    new = [each.due_date for each in after]
    assert len({day.weekday() for day in new}) == 1
    assert {later - day for day, later in pairwise(new)} == {timedelta(days=7)}
    assert new[0] >= step(dates[0], MONTHLY, 3)


def test_when_all_was_due_before_it_is_due_in_as_many_parts_afterwards() -> None:
    dates = due_dates(date(2024, 2, 5), MONTHLY, 3)
    after = relief(schedule_of(dates), CollectiveRelief(months=3, interest_only_months=2))
    new = owed_from(after, FLOOD)
    assert [each.due_date for each in new] == [
        *(date(2024, 10, 20), date(2024, 11, 20), date(2024, 12, 20)),
    ]
    assert [each.due.principal for each in new] == [10_000] * 3


def test_what_was_paid_ahead_stays_where_it_is() -> None:
    dates = due_dates(date(2024, 6, 5), MONTHLY, 4)
    ahead = Payment("P-1", date(2024, 5, 1), 10_000, instalment=1)
    after = relief(schedule_of(dates), CollectiveRelief(months=3), ahead)
    assert after[0] == Instalment(1, dates[0], Components(10_000))
    assert [each.due_date for each in after[1:]] == [step(day, MONTHLY, 3) for day in dates[1:]]


def test_a_loan_on_which_nothing_is_owed_is_refused() -> None:
    paid = Payment("P-1", date(2024, 3, 1), 20_000)
    with pytest.raises(RefusedError):
        relief(schedule_of(due_dates(START, MONTHLY, 2)), CollectiveRelief(months=3), paid)


@given(
    first=st.dates(date(2023, 12, 1), date(2024, 9, 30)),
    frequency=st.sampled_from([MONTHLY, Frequency(3, "months"), Frequency(2, "weeks"),
                               Frequency(10, "days")]),
    count=st.integers(1, 15),
    principal=st.integers(1, 10**7),
    interest=st.integers(0, 10**5),
    paid=st.integers(0, 10**8),
    months=st.integers(1, 12),
    alone=st.integers(0, 12),
    runs=st.booleans(),
    rate=st.sampled_from(["0", "12", "36.5"]),
)  # fmt: skip
def test_no_principal_is_lost_or_made_and_nothing_falls_due_meanwhile(
    first, frequency, count, principal, interest, paid, months, alone, runs, rate
) -> None:
    before = schedule_of(due_dates(first, frequency, count), principal, interest)
    owed = sum(each.due.total for each in before)
    payments = (Payment("P-1", min(FLOOD, first), min(paid, owed - 1)),) if paid else ()
    action = CollectiveRelief(months=months, interest_only_months=alone, interest_runs=runs)
    after = relief(before, action, *payments, rate=rate)
    assert sum(e.due.principal for e in after) == count * principal
    assert sorted({e.number for e in after}) == sorted(e.number for e in after)
    assert list(after) == sorted(after, key=lambda e: (e.due_date, e.number))
    assert all(part >= 0 for e in after for part in e.due)
    if rate == "0" or not (alone or runs):
        assert sum(e.due.total for e in after) == owed
    allocation = DEFAULT_POLICY.accounting.allocation
    ledger = build_ledger(before, History(payments=payments), allocation, (), FLOOD)
    was_paid = {e.number: part for e, part in zip(before, ledger.position.paid, strict=True)}
    end = step(FLOOD, MONTHLY, months)
    for each in after:
        if each.due_date < end:
            assert each.due == was_paid[each.number]
