from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.agreements.lender_view import lender_view

ON = date(2024, 2, 29)
NEXT_YEAR = date(2025, 2, 28)
TENTH = Decimal("0.1")


@pytest.mark.parametrize(
    ("paid_minor", "days", "diminished", "stage"),
    [
        (110_000, 0, False, "stage_2"),
        (108_900, 30, False, "stage_2"),  # one percent is not more than one percent
        (108_890, 30, True, "stage_3"),
        (110_000, 90, False, "stage_2"),
        (110_000, 91, False, "stage_3"),
    ],
)
def test_a_loss_of_more_than_one_percent_or_ninety_days_is_default(
    paid_minor, days, diminished, stage
) -> None:
    """EBA/GL/2016/07 section 7; CRR 178: 1,100.00 a year from now is worth 1,000.00 at a tenth."""
    on = date(2025, 3, 1)
    view = lender_view(100_000, ((date(2026, 3, 1), paid_minor),), on, TENTH, days)
    assert (view.value.is_diminished_obligation, view.stage) == (diminished, stage)
    assert view.days_past_due == days


def test_probation_lasts_a_year_from_a_leap_day_too() -> None:
    assert lender_view(1, ((ON, 1),), ON, TENTH, 0).probation_until == NEXT_YEAR
