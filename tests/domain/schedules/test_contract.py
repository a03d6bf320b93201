from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import (
    contract_in_force,
    contract_of,
    frequency_of,
    principal_pattern_of,
)
from recovery.domain.schedules.due_dates import Frequency
from tests.loan_terms import terms

DAY = timedelta(days=1)


def schedule(*dates: str) -> tuple[Instalment, ...]:
    return tuple(
        Instalment(n, date.fromisoformat(day), Components(100)) for n, day in enumerate(dates)
    )


@pytest.mark.parametrize(
    ("dates", "frequency"),
    [
        (("2023-08-01", "2023-09-01", "2023-10-01"), Frequency(1, "months")),
        (("2024-01-31", "2024-02-29", "2024-03-31"), Frequency(1, "months")),
        (("2024-02-29", "2024-03-31", "2024-04-30"), Frequency(1, "months")),  # last days
        (("2023-08-01", "2023-11-01", "2024-02-01"), Frequency(3, "months")),
        (("2023-08-01", "2023-08-08", "2023-08-15"), Frequency(1, "weeks")),
        (("2023-08-01", "2023-08-29", "2023-09-26"), Frequency(4, "weeks")),
        (("2023-10-16", "2023-10-31", "2023-11-15"), Frequency(15, "days")),
        (("2023-02-01", "2023-03-01"), Frequency(1, "months")),  # not 4 weeks
        (("2023-08-01", "2023-09-01", "2023-10-03"), None),
        (("2023-08-01", "2023-08-01"), None),
        (("2023-08-01",), None),
    ],
)
def test_the_frequency_is_inferred_from_the_due_dates(dates, frequency) -> None:
    assert frequency_of(schedule(*dates), None) == frequency


def test_a_single_instalment_is_one_step_from_disbursement() -> None:
    assert frequency_of(schedule("2023-08-01"), date(2023, 7, 1)) == Frequency(1, "months")
    assert frequency_of(schedule("2023-07-31"), date(2023, 7, 1)) == Frequency(30, "days")
    assert frequency_of(schedule("2023-07-31"), date(2023, 7, 31)) is None


@pytest.mark.parametrize("day_count", ["30/360", "actual/365", "actual/360", "actual/actual"])
def test_the_terms_of_a_built_schedule_are_inferred(day_count) -> None:
    given = terms(
        interest_method="declining_balance",
        amortisation="equal_instalment",
        annual_rate_pct=Decimal(36),
        day_count=day_count,
        interest_period="daily",
        disbursed_on=date(2023, 10, 1),  # into a leap year
        instalments=8,
    )
    found = contract_of(build_schedule(given), given.annual_rate_pct, given.disbursed_on)
    assert found.interest_method == "declining_balance"
    assert found.principal_pattern == "equal_instalment"
    assert found.day_count == day_count
    assert found.principal_minor == given.principal_minor


def test_equal_interest_in_every_instalment_is_flat() -> None:
    given = terms(interest_method="flat", amortisation="equal_principal", instalments=6)
    found = contract_of(build_schedule(given), given.annual_rate_pct, given.disbursed_on)
    assert (found.interest_method, found.day_count) == ("flat", None)
    assert found.principal_pattern == "equal_principal"


@pytest.mark.parametrize(
    ("principal", "interest", "pattern"),
    [
        ((100, 100, 101), (9, 6, 3), "equal_principal"),
        ((100, 103, 107), (9, 6, 3), "equal_instalment"),  # 109, 109, 110
        ((100, 0, 300), (9, 6, 3), "as_scheduled"),
        ((0, 0, 300), (3, 3, 3), "as_scheduled"),
        ((100, 100, 104), (9, 6, 3), "as_scheduled"),
        ((100,), (9,), "equal_principal"),
    ],
)
def test_the_principal_pattern_is_inferred(principal, interest, pattern) -> None:
    day = date(2026, 1, 1)
    rows = tuple(
        Instalment(n, day + 30 * n * DAY, Components(*parts))
        for n, parts in enumerate(zip(principal, interest, strict=True))
    )
    assert principal_pattern_of(rows) == pattern


def test_inferring_a_step_of_years_stays_within_the_supported_dates() -> None:
    days = [date(1970, 1, 1), date(1990, 1, 1), *(date(2000, 1, 1) + n * DAY for n in range(600))]
    rows = tuple(Instalment(n, day, Components(1)) for n, day in enumerate(days))
    assert frequency_of(rows, None) is None


def test_no_day_count_is_inferred_if_an_instalment_is_due_before_disbursement() -> None:
    built = build_schedule(terms(amortisation="equal_instalment", interest_method="flat"))
    assert contract_of(built, Decimal(24), built[0].due_date + DAY).day_count is None


def test_no_day_count_is_inferred_without_a_rate_or_disbursement_date() -> None:
    given = terms(amortisation="equal_instalment", interest_method="declining_balance")
    built = build_schedule(given)
    assert contract_of(built, Decimal(0), given.disbursed_on).day_count is None
    assert contract_of(built, given.annual_rate_pct).day_count is None
    assert contract_of(built, Decimal(35), given.disbursed_on).day_count is None


@pytest.mark.parametrize(
    ("special", "pattern"),
    [
        ({"amortisation": "equal_instalment", "roll": "following"}, "equal_instalment"),
        ({"amortisation": "equal_principal"}, "equal_principal"),
        ({"amortisation": "equal_principal", "balloon_minor": 4_000}, "as_scheduled"),
        ({"amortisation": "equal_principal", "principal_shares": (1, 1, 1, 1)}, "as_scheduled"),
        ({"amortisation": "interest_only"}, "as_scheduled"),
    ],
)
def test_terms_override_what_is_inferred(special, pattern) -> None:
    given = terms(day_count="actual/360", interest_period="daily", **special)
    schedule = tuple(each._replace(due_date=each.due_date + DAY * (each.number == 2))
                     for each in build_schedule(given))  # fmt: skip
    found = contract_of(schedule, Decimal(24), given.disbursed_on, given)
    assert (found.frequency, found.interest_method) == (given.frequency, "declining_balance")
    assert (found.principal_pattern, found.interest_period) == (pattern, "daily")
    assert found.day_count == "actual/360"
    assert contract_of(schedule, Decimal(24), given.disbursed_on).frequency is None
    listed = terms(due_dates=tuple(each.due_date for each in schedule))
    assert contract_of(schedule, Decimal(24), given.disbursed_on, listed).frequency is None


def test_an_inferred_actual_day_count_means_daily_interest() -> None:
    given = terms(day_count="actual/360", interest_period="daily")
    found = contract_of(build_schedule(given), given.annual_rate_pct, given.disbursed_on)
    assert (found.day_count, found.interest_period) == ("actual/360", "daily")
    months = contract_of(build_schedule(terms()), Decimal(24), given.disbursed_on)
    assert (months.day_count, months.interest_period) == ("30/360", "period")
    single = schedule("2026-02-01")
    assert contract_of(single, Decimal(24), date(2026, 1, 1)).frequency == Frequency(1, "months")


def test_the_last_version_sets_the_rate_and_periods_in_force() -> None:
    contract = contract_of(schedule("2026-02-01", "2026-03-01"), Decimal(24))
    first = ScheduleVersion(2, date(2026, 1, 5), "reschedule", schedule("2026-05-01"))
    cheaper = replace(first, annual_rate_pct=Decimal(12))
    later = replace(first, version=3, on=date(2026, 1, 9), instalments=schedule("2026-07-01"))
    found = contract_in_force(contract, (later, cheaper))
    assert (found.annual_rate_pct, found.period_ends) == (Decimal(12), (date(2026, 7, 1),))
    assert contract_in_force(contract, (replace(later, on=first.on), cheaper)) == found
    assert contract_in_force(contract, ()) == contract
