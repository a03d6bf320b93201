from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.domain.agreements.assessment_record import (
    AssessmentRecord,
    CapacityInForce,
    Decision,
    decision_problems,
)
from recovery.domain.shared.actor import Role
from tests.builders import an_actor
from tests.households import ON, a_capacity

ANA, BEN = an_actor("Ana Torres", Role.ADVISOR), an_actor("Ben", Role.SUPERVISOR)
RECORD = AssessmentRecord(
    assessment_id="A-1",
    person_id="B-1",
    assessed_on=ON,
    valid_until=ON,
    by=ANA,
    verdict="refer",
    policy_version=1,
    fingerprint="x",
    question={},
    answer={},
)
YES = Decision(outcome="accepted", why="payslips seen", on=ON, by=ANA)


@pytest.mark.parametrize(
    ("record", "decision", "fields"),
    [
        (RECORD, YES, []),
        (RECORD, replace(YES, why=" "), ["why"]),
        (RECORD, replace(YES, by=an_actor("core", Role.SERVICE)), ["caller"]),
        (replace(RECORD, decisions=(YES,)), replace(YES, outcome="declined"), ["caller"]),
        (replace(RECORD, decisions=(YES,)), replace(YES, by=BEN), []),
        (replace(RECORD, verdict="decline"), YES, ["outcome"]),
        (replace(RECORD, verdict="decline"), replace(YES, by=BEN), []),
        (replace(RECORD, verdict="decline"), replace(YES, outcome="declined"), []),
    ],
)
def test_who_may_decide_what(record, decision, fields) -> None:
    assert [each.field for each in decision_problems(record, decision)] == fields


def test_a_capacity_holds_from_its_day_to_its_last() -> None:
    day = timedelta(days=1)
    known = CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=ON,
        valid_until=ON + 2 * day,
        policy_version=1,
        capacity=a_capacity(),
    )
    assert [known.holds(ON + n * day) for n in (-1, 0, 2, 3)] == [False, True, True, False]
