"""Interest from a date on: 2 % a month on 300.00 and on what is left of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.interest_recalculation import (
    RemainingTerms,
    accrual_start,
    recalculated,
    without_prepaid_interest,
)
from recovery.domain.schedules.contract import contract_of
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.errors import RefusedError

MONTHLY = Frequency(1, "months")
START = date(2026, 1, 1)
DATES = tuple(date(2026, month, 1) for month in (2, 3, 4))
DECLINING = tuple(
    Instalment(n, day, Components(10_000, 800 - 200 * n)) for n, day in enumerate(DATES, start=1)
)
FLAT = tuple(Instalment(n, day, Components(10_000, 600)) for n, day in enumerate(DATES, start=1))


def built(schedule=DECLINING, dates=DATES, frequency=MONTHLY, **changes):
    contract = contract_of(schedule, Decimal(24), START)
    usual = {"principal_minor": 30_000, "accrues_from": START, "rate_pct": Decimal(24)}
    remaining = RemainingTerms(dates=dates, frequency=frequency, **usual | changes)
    found = recalculated(contract, remaining)
    return [due[:2] for due in found]


def test_principal_follows_the_pattern_or_instalments_are_level() -> None:
    assert built(pattern=(10_000, 0, 20_000)) == [(10_000, 600), (0, 400), (20_000, 400)]
    level = [sum(each) for each in built()]
    assert max(level) - min(level) <= 2


def test_flat_interest_is_charged_on_the_contract_principal() -> None:
    whole = {"principal_minor": 15_000, "flat_on_minor": 30_000}
    assert built(FLAT, **whole) == [(5_000, 600)] * 3
    assert built(FLAT, principal_minor=15_000) == [(5_000, 300)] * 3
    eased = built(FLAT, **whole, grace_principal=1)
    assert eased == [(0, 600), (7_500, 600), (7_500, 600)]


def test_irregular_dates_accrue_by_day_count() -> None:
    odd = (date(2026, 2, 16), date(2026, 3, 1))
    found = built(dates=odd, pattern=(10_000, 20_000), frequency=None)
    assert found == [(10_000, 900), (20_000, 200)]  # 45 and 15 days of 30/360


def test_the_first_period_spans_the_agreed_steps() -> None:
    rolled = (date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 1))
    contract = replace(contract_of(DECLINING, Decimal(24), START), period_ends=rolled)

    def interest(accrues_from: date, first: date, **changes) -> int:
        remaining = RemainingTerms(
            principal_minor=30_000, accrues_from=accrues_from, dates=(first,),
            rate_pct=Decimal(24), pattern=(30_000,), **{"frequency": MONTHLY} | changes,
        )  # fmt: skip
        return recalculated(contract, remaining)[0].interest

    assert interest(rolled[0], rolled[2]) == 1_200  # two agreed steps, whatever the days
    assert interest(rolled[0], date(2026, 4, 3)) == 1_220  # 61 days of 30/360
    assert interest(date(2026, 1, 31), date(2026, 2, 28)) == 600  # a month to the last day
    assert interest(date(2026, 2, 28), date(2026, 4, 30)) == 1_200  # from last day to last day
    weeks = {"frequency": Frequency(2, "weeks")}
    assert interest(rolled[0], rolled[2], **weeks) == 1_180  # no whole step: 59 days of 30/360
    assert interest(date(2026, 2, 2), date(2026, 3, 2), **weeks) == round(30_000 * 24 * 4 / 5200)


def test_interest_must_start_before_the_first_date() -> None:
    with pytest.raises(RefusedError):
        built(accrues_from=DATES[0])


def test_interest_accrues_from_the_last_due_date_or_disbursement() -> None:
    contract = contract_of(DECLINING, Decimal(24), START)
    assert accrual_start(contract, date(2026, 2, 28)) == DATES[0]
    assert accrual_start(contract, DATES[1]) == DATES[1]
    assert accrual_start(contract, date(2026, 1, 31)) == START
    with pytest.raises(RefusedError):
        accrual_start(contract_of(DECLINING, Decimal(24)), date(2026, 1, 31))


def test_prepaid_interest_is_deducted_earliest_first() -> None:
    ahead = Payment("a", START, 700, instalment=2)
    order = AllocationPolicy()
    ledger = build_ledger(DECLINING, History(payments=(ahead,)), order)
    new = [Components(100, 300), Components(100, 300)]
    assert list(without_prepaid_interest(ledger, DATES[0], new)) == [
        Components(100),
        Components(100, 200),
    ]
    assert list(without_prepaid_interest(ledger, DATES[1], new)) == new
