"""Every kind of schedule, against tables calculated by hand or published.

tests/loan_terms.py explains the choice of numbers.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import Frequency
from tests.loan_terms import EQUAL_INSTALMENT, EQUAL_PRINCIPAL, FLAT, QUARTER_A_MONTH, rows, terms


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # 1,200 x 2 % x 4 months = 96, over four.
        pytest.param(FLAT, [(30_000, 2_400)] * 4, id="flat"),
        # Wikipedia, "Flat interest rate": 1,200 in 12 instalments of 100, with 1 % a month: 112.
        pytest.param(
            {**FLAT, "instalments": 12, "annual_rate_pct": Decimal(12)},
            [(10_000, 1_200)] * 12,
            id="flat, published",
        ),
        # The same article's contract: 400,000 for four months, 16,000 of interest in each.
        pytest.param(
            {
                **FLAT,
                "amortisation": "interest_only",
                "principal_minor": 400_000,
                "annual_rate_pct": Decimal(48),
            },
            [(0, 16_000)] * 3 + [(400_000, 16_000)],
            id="flat, principal at the end, published",
        ),
        # 1,000 x 10 % x 3/12 = 25.00: 8.33, 8.33 and the rest; likewise 1,000 over three.
        pytest.param(
            {
                **FLAT,
                "principal_minor": 100_000,
                "annual_rate_pct": Decimal(10),
                "instalments": 3,
            },
            [(33_333, 833), (33_333, 833), (33_334, 834)],
            id="flat, the last absorbs",
        ),
        # 0.06 of interest over ten is 0.006 each, or 0.01 rounded: none is left after six.
        pytest.param(
            {
                **FLAT,
                "principal_minor": 6,
                "annual_rate_pct": Decimal(120),
                "instalments": 10,
            },
            [(1, 1)] * 6 + [(0, 0)] * 4,
            id="flat, never below zero",
        ),
        # 2 % of 1,200, 900, 600 and 300.
        pytest.param(
            EQUAL_PRINCIPAL,
            [(30_000, 2_400), (30_000, 1_800), (30_000, 1_200), (30_000, 600)],
            id="equal principal",
        ),
        pytest.param(
            {"amortisation": "interest_only"},
            [(0, 2_400)] * 3 + [(120_000, 2_400)],
            id="interest only",
        ),
        # 800 over four, plus 400 with the last: 2 % of 1,200, 1,000, 800 and 600.
        pytest.param(
            {**EQUAL_PRINCIPAL, "balloon_minor": 40_000},
            [(20_000, 2_400), (20_000, 2_000), (20_000, 1_600), (60_000, 1_200)],
            id="equal principal with a balloon",
        ),
        # (1,000 - 0.64 x 500) / (0.8 + 0.64) = 472.22, less 250.00 of interest; then a quarter of
        # 777.78 is 194.445, a tie rounded to the even cent.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 2, "balloon_minor": 50_000},
            [(22_222, 25_000), (77_778, 19_444)],
            id="equal instalment with a balloon, half to even",
        ),
        pytest.param(
            {
                **QUARTER_A_MONTH,
                "instalments": 2,
                "balloon_minor": 50_000,
                "rounding": "half_up",
            },
            [(22_222, 25_000), (77_778, 19_445)],
            id="equal instalment with a balloon, half up",
        ),
        # 1,000 / (0.8 + 0.64) = 694.44, less 250.00; then a quarter of 555.56.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 2},
            [(44_444, 25_000), (55_556, 13_889)],
            id="equal instalment",
        ),
        pytest.param(
            {**EQUAL_INSTALMENT, "annual_rate_pct": Decimal(0), "instalments": 3},
            [(40_000, 0)] * 3,
            id="equal instalment without interest",
        ),
    ],
)
def test_the_kinds_of_schedule(changes, expected) -> None:
    assert rows(terms(**changes)) == expected


# Schedules expected by Apache Fineract's scenarios, fineract-e2e-tests-runner/src/test/resources/
# features: 100 at 12 % unless stated otherwise.
FINERACT: dict[str, Any] = {
    **EQUAL_INSTALMENT,
    "principal_minor": 10_000,
    "annual_rate_pct": Decimal(12),
    "disbursed_on": date(2024, 1, 1),
    "instalments": 6,
    "interest_period": "daily",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"principal_minor": 100_000, "annual_rate_pct": Decimal(7), "instalments": 3},
            [(33_140, 583), (33_333, 390), (33_527, 196)],
            id="LoanDelinquency-Part2, 7 %, 30/360",
        ),
        pytest.param(
            {},
            [(1_625, 100), (1_641, 84), (1_658, 67), (1_674, 51), (1_691, 34), (1_711, 17)],
            id="EMICalculation C3154, 30/360",
        ),
        pytest.param(
            {"annual_rate_pct": Decimal("9.4822")},
            [(1_634, 79), (1_647, 66), (1_660, 53), (1_673, 40), (1_686, 27), (1_700, 13)],
            id="EMICalculation C3155, 9.4822 %",
        ),
        pytest.param(
            {"frequency": Frequency(2, "months"), "instalments": 3},
            [(3_268, 200), (3_333, 135), (3_399, 68)],
            id="EMICalculation C3157, every two months",
        ),
        pytest.param(
            {
                "frequency": Frequency(2, "weeks"),
                "annual_rate_pct": Decimal("9.4822"),
                "day_count": "actual/360",
            },
            [(1_651, 37), (1_657, 31), (1_663, 25), (1_669, 19), (1_676, 12), (1_684, 6)],
            id="EMICalculation C3158, 14 days of 360",
        ),
        pytest.param(
            {"day_count": "actual/365"},
            [(1_623, 102), (1_645, 80), (1_656, 69), (1_675, 50), (1_690, 35), (1_711, 17)],
            id="EMICalculation C3159, actual/365",
        ),
        pytest.param(
            {"day_count": "actual/365", "annual_rate_pct": Decimal("9.4822")},
            [(1_632, 81), (1_650, 63), (1_659, 54), (1_674, 39), (1_686, 27), (1_699, 13)],
            id="EMICalculation C3160, actual/365, 9.4822 %",
        ),
        pytest.param(
            {"annual_rate_pct": Decimal(30), "instalments": 8, "grace_principal": 7},
            [(0, 250)] * 7 + [(10_000, 250)],
            id="LoanBulletBalloon BL01, grace on principal",
        ),
        pytest.param(
            {
                "principal_minor": 1_000_000,
                "disbursed_on": date(2025, 1, 31),
                "instalments": 3,
                "day_count": "actual/actual",
            },
            [(330_577, 9_205), (332_959, 6_823), (336_464, 3_319)],
            id="LoanMonthEndDueDateStrategy C111047, actual/actual",
        ),
        pytest.param(
            {
                "principal_minor": 1_000_000,
                "disbursed_on": date(2025, 1, 31),
                "instalments": 3,
                "interest_period": "period",
            },
            [(330_022, 10_000), (333_322, 6_700), (336_656, 3_367)],
            id="LoanMonthEndDueDateStrategy C111045, a month is a twelfth",
        ),
        pytest.param(
            {**FLAT, "principal_minor": 400_000, "instalments": 4},
            [(100_000, 4_000)] * 4,
            id="flat",
        ),
    ],
)
def test_schedules_match_fineract(changes, expected) -> None:
    assert rows(terms(**FINERACT | changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # 1,200 over three: 2 % of 1,200, 1,200, 800 and 400.
        pytest.param(
            {"grace_principal": 1},
            [(0, 2_400), (40_000, 2_400), (40_000, 1_600), (40_000, 800)],
            id="principal, equal principal",
        ),
        # A quarter of 1,000, then the two equal instalments of 694.44.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 3, "grace_principal": 1},
            [(0, 25_000), (44_444, 25_000), (55_556, 13_889)],
            id="principal, equal instalment",
        ),
        # 1,200 over two, 96 of interest over four: flat on the original principal throughout.
        pytest.param(
            {**FLAT, "grace_principal": 2},
            [(0, 2_400), (0, 2_400), (60_000, 2_400), (60_000, 2_400)],
            id="principal, flat",
        ),
        # The 24 and 18 of the first two are due with the third, on top of its 12.
        pytest.param(
            {"grace_interest": 2},
            [(30_000, 0), (30_000, 0), (30_000, 5_400), (30_000, 600)],
            id="interest, equal principal",
        ),
        # The principal is as without grace: only the 250.00 moves, to the second.
        pytest.param(
            {**QUARTER_A_MONTH, "instalments": 2, "grace_interest": 1},
            [(44_444, 0), (55_556, 38_889)],
            id="interest, equal instalment",
        ),
        pytest.param(
            {**FLAT, "grace_interest": 3},
            [(30_000, 0)] * 3 + [(30_000, 9_600)],
            id="interest, flat",
        ),
        pytest.param(
            {"grace_principal": 1, "grace_interest": 1},
            [(0, 0), (40_000, 4_800), (40_000, 1_600), (40_000, 800)],
            id="principal and interest",
        ),
        pytest.param(
            {"interest_free": 2},
            [(30_000, 0), (30_000, 0), (30_000, 1_200), (30_000, 600)],
            id="interest free, equal principal",
        ),
        # 900 / (1 + 0.8) = 500: all principal at first, then 400 and a quarter of it.
        pytest.param(
            {**QUARTER_A_MONTH, "principal_minor": 90_000, "instalments": 2, "interest_free": 1},
            [(50_000, 0), (40_000, 10_000)],
            id="interest free, equal instalment",
        ),
        # 1,200 x 2 % x 3 months.
        pytest.param(
            {**FLAT, "interest_free": 1},
            [(30_000, 0)] + [(30_000, 2_400)] * 3,
            id="interest free, flat",
        ),
        pytest.param(
            {**FLAT, "interest_free": 4}, [(30_000, 0)] * 4, id="interest free throughout, flat"
        ),
    ],
)
def test_grace_and_interest_free_instalments(changes, expected) -> None:
    assert rows(terms(**changes)) == expected


def test_every_instalment_has_the_fee_and_no_penalty() -> None:
    plain, with_fee = build_schedule(terms()), build_schedule(terms(fee_minor=150))
    assert [i.due for i in with_fee] == [i.due._replace(fee=150) for i in plain]
    assert {i.due.penalty for i in with_fee} == {0}
