from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.monitoring.tolerance import (
    NO_TOLERANCE,
    Tolerance,
    late_since,
    tolerance_problems,
)
from tests.builders import fields

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
PRINCIPAL_MINOR = 50_000
FIVE = Tolerance(amount_minor=500)


def since(tolerance: Tolerance, *rest_minor: int) -> date | None:
    """Return when a loan of 100.00 instalments became late, given what is unpaid on each."""
    rows = [(day, 10_000, rest) for day, rest in zip((JAN, FEB, MAR), rest_minor, strict=False)]
    return late_since(rows, PRINCIPAL_MINOR, tolerance)


@pytest.mark.parametrize(
    ("tolerance", "rest_minor", "late"),
    [
        (NO_TOLERANCE, (1,), JAN),
        (FIVE, (500,), None),
        (FIVE, (501,), JAN),
        (FIVE, (300, 201), FEB),  # small remainders add up
        (FIVE, (300, 200, 1), MAR),
        (FIVE, (100, 9_000), FEB),  # days count from the instalment that exceeded it
        (Tolerance(percent_of_instalment=Decimal("2.5")), (250,), None),
        (Tolerance(percent_of_instalment=Decimal("2.5")), (251,), JAN),
        (Tolerance(percent_of_principal=Decimal(1)), (500,), None),
        (Tolerance(percent_of_principal=Decimal(1)), (501,), JAN),
        (Tolerance(amount_minor=100, percent_of_principal=Decimal(1)), (500,), None),
    ],
)
def test_days_count_from_the_instalment_that_exceeds_the_tolerance(
    tolerance, rest_minor, late
) -> None:
    assert since(tolerance, *rest_minor) == late


def test_the_tolerance_is_rounded_down() -> None:
    third = Tolerance(percent_of_instalment=Decimal("33.33"))
    assert third.allows_minor(100, 0) == 33
    assert third.allows_minor(1, 0) == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Tolerance(amount_minor=-1), "amount_minor"),
        (Tolerance(amount_minor=10**15 + 1), "amount_minor"),
        (Tolerance(percent_of_instalment=Decimal("100.1")), "percent_of_instalment"),
        (Tolerance(percent_of_principal=Decimal(-1)), "percent_of_principal"),
    ],
)
def test_an_invalid_tolerance_is_reported(wrong, field) -> None:
    assert fields(tolerance_problems(wrong)) == {f"tolerance.{field}"}


def test_usual_tolerances_are_valid() -> None:
    most = Tolerance(percent_of_instalment=Decimal(100), percent_of_principal=Decimal(100))
    assert not [*tolerance_problems(NO_TOLERANCE), *tolerance_problems(FIVE)]
    assert not list(tolerance_problems(most))
