"""Seasonal principal, explicit due dates, irregular first periods, other frequencies."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.schedules.due_dates import Frequency
from tests.loan_terms import FLAT, QUARTER_A_MONTH, THOUSANDTH_A_DAY, rows, terms


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Harvest in months two and three, split one to three; nothing is owed in the fourth.
        pytest.param(
            {"principal_shares": (0, 1, 3, 0)},
            [(0, 2_400), (30_000, 2_400), (90_000, 1_800), (0, 0)],
            id="seasonal",
        ),
        # 800 by shares, 400 with the last: 2 % of 1,200, 1,200, 1,000 and 400.
        pytest.param(
            {"principal_shares": (0, 1, 3, 0), "balloon_minor": 40_000},
            [(0, 2_400), (20_000, 2_400), (60_000, 2_000), (40_000, 800)],
            id="seasonal with a balloon",
        ),
        pytest.param(
            {"principal_shares": (1, 1, 1, 0), "principal_minor": 100_000},
            [(33_333, 2_000), (33_333, 1_333), (33_334, 667), (0, 0)],
            id="the last share absorbs",
        ),
        pytest.param(
            {**FLAT, "amortisation": "equal_principal", "principal_shares": (0, 0, 1, 1)},
            [(0, 2_400), (0, 2_400), (60_000, 2_400), (60_000, 2_400)],
            id="seasonal, flat",
        ),
        # A thousandth a day of 1,000 for 10 days and of 500 for 50 days.
        pytest.param(
            {
                **THOUSANDTH_A_DAY,
                "instalments": 2,
                "due_dates": (date(2026, 1, 11), date(2026, 3, 2)),
            },
            [(50_000, 1_000), (50_000, 2_500)],
            id="explicit due dates",
        ),
        # 45 days of 360 are 3 % of 1,200, 15 days 1 %; then months of 2 %.
        pytest.param(
            {"first_due_date": date(2026, 2, 16)},
            [(30_000, 3_600), (30_000, 1_800), (30_000, 1_200), (30_000, 600)],
            id="long first period",
        ),
        pytest.param(
            {"first_due_date": date(2026, 1, 16)},
            [(30_000, 1_200), (30_000, 1_800), (30_000, 1_200), (30_000, 600)],
            id="short first period",
        ),
        # 31 days of 360 would be 24.80: one month after disbursement is a regular first period.
        pytest.param(
            {"first_due_date": date(2026, 2, 1), "day_count": "actual/360"},
            [(30_000, 2_400), (30_000, 1_800), (30_000, 1_200), (30_000, 600)],
            id="regular first period",
        ),
        # So is the same day of the next month, despite end_of_month; 30 days of 365 would be less.
        pytest.param(
            {
                "disbursed_on": date(2026, 4, 30),
                "first_due_date": date(2026, 5, 30),
                "end_of_month": True,
                "day_count": "actual/365",
                "instalments": 1,
            },
            [(120_000, 2_400)],
            id="regular first period by the day",
        ),
        # With end_of_month, the last day of February to the last day of March is one month.
        pytest.param(
            {
                "disbursed_on": date(2026, 2, 28),
                "first_due_date": date(2026, 3, 31),
                "end_of_month": True,
                "instalments": 1,
            },
            [(120_000, 2_400)],
            id="regular first period by the end of the month",
        ),
        # Four months at a quarter are 1,000 of interest, above the level payment of 819.67
        # (1,000 / ((1 + 0.8 + 0.64) / 2)): it is due in full, and the other two are level.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 3, "first_due_date": date(2026, 5, 1)},
            [(0, 100_000), (44_444, 25_000), (55_556, 13_889)],
            id="first interest above the level payment",
        ),
        # 52 % a year is 1 % a week, 365 % is 1 % a day, whatever the day count.
        pytest.param(
            {"frequency": Frequency(1, "weeks"), "annual_rate_pct": Decimal(52)},
            [(30_000, 1_200), (30_000, 900), (30_000, 600), (30_000, 300)],
            id="weekly",
        ),
        pytest.param(
            {"frequency": Frequency(4, "weeks"), "annual_rate_pct": Decimal(52)},
            [(30_000, 4_800), (30_000, 3_600), (30_000, 2_400), (30_000, 1_200)],
            id="every four weeks",
        ),
        pytest.param(
            {"frequency": Frequency(1, "days"), "annual_rate_pct": Decimal(365)},
            [(30_000, 1_200), (30_000, 900), (30_000, 600), (30_000, 300)],
            id="daily",
        ),
        # 3 months at 2 %.
        pytest.param(
            {"frequency": Frequency(3, "months")},
            [(30_000, 7_200), (30_000, 5_400), (30_000, 3_600), (30_000, 1_800)],
            id="quarterly",
        ),
    ],
)
def test_seasonal_irregular_and_other_frequencies(changes, expected) -> None:
    assert rows(terms(**changes)) == expected
