"""Evaluating a loan: the engine beside the plainest float code that gives the same answer."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.allocation import allocate
from recovery.domain.delinquency import standing_at
from recovery.domain.loan import Components, Payment
from recovery.domain.policy import DEFAULT_POLICY
from tests.benchmarks.measuring import cpu_seconds, print_table
from tests.builders import FIRST_DUE, a_schedule, months_after

pytestmark = pytest.mark.benchmark

SCHEDULE = a_schedule(24, Components(10_000, 1_500, 100, 50))
PAYMENTS = [
    Payment(f"P-{n:02}", months_after(FIRST_DUE, n), 11_650 if n % 3 else 9_000) for n in range(18)
]
POSITION = allocate(SCHEDULE, PAYMENTS, DEFAULT_POLICY.allocation)
AS_OF = date(2027, 9, 15)
LOANS = 200


def evaluate():
    position = allocate(SCHEDULE, PAYMENTS, DEFAULT_POLICY.allocation)
    standing = standing_at(SCHEDULE, position, DEFAULT_POLICY, AS_OF)
    return standing.days_past_due, standing.overdue.total, standing.outstanding.total


FLOAT_SCHEDULE = [(due_date, [float(part) for part in due]) for _, due_date, due in SCHEDULE]
FLOAT_PAYMENTS = [(each.value_date, float(each.amount_minor)) for each in PAYMENTS]


def evaluate_position():
    return standing_at(SCHEDULE, POSITION, DEFAULT_POLICY, AS_OF)


def evaluate_in_floats():
    owed = [(due_date, list(parts)) for due_date, parts in FLOAT_SCHEDULE]
    first_open = 0
    for _, left in sorted(FLOAT_PAYMENTS):
        while left and first_open < len(owed):
            _, parts = owed[first_open]
            for part in (3, 2, 1, 0):
                taken = min(left, parts[part])
                parts[part] -= taken
                left -= taken
            if not any(parts):
                first_open += 1
    overdue, outstanding, oldest = [0.0] * 4, [0.0] * 4, None
    for due_date, parts in owed[first_open:]:
        for part in range(4):
            outstanding[part] += parts[part]
            if due_date < AS_OF:
                overdue[part] += parts[part]
        if due_date < AS_OF:
            oldest = oldest or due_date
    days = (AS_OF - oldest).days if oldest else 0
    return days, sum(overdue), sum(outstanding)


def many(evaluation):
    def run():
        for _ in range(LOANS):
            evaluation()

    return run


def test_evaluation_beside_plain_floats() -> None:
    assert evaluate() == tuple(map(int, evaluate_in_floats()))
    ways = {
        "engine: allocate and standing": evaluate,
        "engine: standing alone (a review)": evaluate_position,
        "plain floats": evaluate_in_floats,
    }
    taken = cpu_seconds({name: many(way) for name, way in ways.items()})
    floor = taken["plain floats"]
    print_table(
        "One loan of 24 instalments and 18 payments",
        ("way", "us per loan", "to floats"),
        [(name, each / LOANS * 1e6, each / floor) for name, each in taken.items()],
    )
