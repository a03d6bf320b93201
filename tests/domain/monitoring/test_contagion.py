from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.monitoring.buckets import bucket_of
from recovery.domain.monitoring.contagion import contagion_bucket
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import Contagion
from recovery.domain.policy import DEFAULT_POLICY
from tests.builders import a_schedule

SCHEDULE = a_schedule(3)
SOUND = standing_at(
    SCHEDULE, unpaid_position(SCHEDULE), DEFAULT_POLICY.monitoring, date(2025, 1, 1)
)


def standing(days_delinquent: int, principal_minor: int):
    return replace(
        SOUND,
        days_delinquent=days_delinquent,
        bucket=bucket_of(DEFAULT_POLICY.monitoring.buckets, days_delinquent),
        outstanding=Components(principal_minor),
    )


@pytest.mark.parametrize(
    ("loans", "contagion", "bucket"),
    [
        ([(91, 10), (0, 90)], Contagion(), "91+"),
        ([(90, 10), (0, 90)], Contagion(), None),
        ([(40, 10), (35, 10), (0, 80)], Contagion(from_days=31), "31-60"),
        ([(40, 10), (70, 10), (0, 80)], Contagion(from_days=31), "61-90"),
        ([(91, 20), (0, 80)], Contagion(over_percent=Decimal(20)), None),
        ([(91, 21), (0, 79)], Contagion(over_percent=Decimal(20)), "91+"),
        ([(91, 0)], Contagion(), "91+"),
        ([], Contagion(), None),
    ],
)
def test_a_badly_late_loan_pulls_the_others_into_its_bucket(loans, contagion, bucket) -> None:
    assert contagion_bucket([standing(*each) for each in loans], contagion) == bucket
