"""What has to be on record of a notice that a person delivered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.cases.notice_delivery import deliver_notice, delivery_problems
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import Result, task_problems
from tests.builders import a_loan

OPENED = date(2026, 3, 2)
DAY = timedelta(days=1)
CASE = CaseState("L-1-C1", OPENED, Stage.INTERMEDIATE_RECOVERY, OPENED - 20 * DAY)
TASK = deliver_notice(a_loan(), CASE, "notice@2026-02-10", OPENED)
TODAY = OPENED + 5 * DAY
RESULT = Result(
    code="received", medium="burofax", sent_on=OPENED, on=OPENED + 3 * DAY, proof="BF-17/2026"
)


def problems(**changes) -> set[str]:
    return {each.field for each in delivery_problems(TASK, TODAY, replace(RESULT, **changes))}


def test_a_whole_record_is_taken_and_the_task_can_be_opened() -> None:
    assert problems() == set()
    assert list(task_problems(TASK)) == []
    assert TASK.task_id == "L-1.notice.2026-02-10"


@pytest.mark.parametrize(
    "changes, fields",
    [
        ({"medium": None}, {"medium"}),
        ({"medium": "email"}, {"medium"}),  # nothing that a person delivers
        ({"proof": None}, {"proof"}),
        ({"proof": "my neighbour saw it"}, {"proof"}),
        ({"sent_on": None}, {"sent_on"}),
        ({"sent_on": OPENED - DAY}, {"sent_on"}),
        ({"on": None}, {"on"}),
        ({"on": OPENED - DAY}, {"on"}),
        ({"on": TODAY + DAY}, {"on"}),
        ({"sent_on": OPENED + 4 * DAY}, {"on"}),  # received before it was sent
        ({"amount_minor": 5, "cause": "x"}, {"amount", "cause"}),
    ],
)
def test_what_is_missing_or_wrong_is_named(changes, fields) -> None:
    assert problems(**changes) == fields
