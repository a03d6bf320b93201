"""The demo's trouble that shows in advance: drifting payers, and a flood in one municipality."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from infra.demo.foreseen import FLOOD_AFTER, FLOODED, PLACES, Foreseen, foresee
from infra.demo.sample_portfolio import SamplePortfolio, make_sample_portfolio

START, END = date(2025, 3, 3), date(2025, 9, 1)


@pytest.fixture(scope="module")
def sample() -> SamplePortfolio:
    return make_sample_portfolio(loans=200, seed=11, start=START, end=END)


@pytest.fixture(scope="module")
def foreseen(sample: SamplePortfolio) -> Foreseen:
    return foresee(sample, START, END)


def test_nobody_pays_another_amount_and_nothing_else_changes(sample, foreseen) -> None:
    def amounts(of: SamplePortfolio) -> dict[str, tuple[str, str]]:
        rows = (*of.past_payments, *of.future_payments)
        return {row.payment_id: (row.loan_id, row.amount) for row in rows}

    before, after = amounts(sample), amounts(foreseen.sample)
    assert after.items() <= before.items()
    assert foreseen.sample.borrowers == sample.borrowers
    assert foreseen.sample.instalments == sample.instalments
    assert all(row.value_date < START for row in foreseen.sample.past_payments)
    assert all(START <= row.value_date <= END for row in foreseen.sample.future_payments)


def test_some_who_paid_on_the_day_drift_a_little_later_each_time(sample, foreseen) -> None:
    late: dict[str, list[int]] = defaultdict(list)
    place = {each.loan_id: each.place for each in foreseen.sample.loans}
    for row in (*foreseen.sample.past_payments, *foreseen.sample.future_payments):
        if row.payment_id in foreseen.drifts and place[row.loan_id] != FLOODED:
            days = (row.value_date - foreseen.drifts[row.payment_id]).days
            late[row.loan_id].append(days)
    assert len(late) >= 10
    for loan_id, days in late.items():
        assert days == sorted(days) and days[0] >= 1
        assert sample.payer_by_loan[loan_id] in ("punctual", "early")


def test_the_flood_keeps_most_of_one_place_from_paying_for_weeks(foreseen) -> None:
    assert {each.place for each in foreseen.sample.loans} == set(PLACES)
    place = {each.loan_id: each.place for each in foreseen.sample.loans}
    began = START + FLOOD_AFTER
    during: dict[str, int] = defaultdict(int)
    for row in foreseen.sample.future_payments:
        if began <= row.value_date < began + timedelta(days=21):
            during[place[row.loan_id] or ""] += 1
    others = [count for name, count in during.items() if name != FLOODED]
    assert during[FLOODED] * 2 < sum(others) / len(others)
