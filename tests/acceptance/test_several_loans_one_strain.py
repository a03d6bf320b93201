"""Several loans, one strain: each loan knows of the person's others that are overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from tests.builders import a_schedule
from tests.life import Life

FIRST = date(2026, 2, 2)
DAY = timedelta(days=1)


@pytest.fixture
def life(wiring) -> Life:
    """One person's three loans, due on the 2nd, the 9th and the 16th; and a stranger's."""
    life = Life(wiring, date(2026, 1, 15))
    for number in range(3):
        due = FIRST + 7 * number * DAY
        life.lend(f"L-{number}", "B-1", schedule=a_schedule(6, Components(10_000), due))
    life.lend("L-9", "B-9", schedule=a_schedule(6, Components(10_000), FIRST))
    return life


def elsewhere(life: Life, loan_id: str) -> tuple[date, ...]:
    return life.ports.loans.load(loan_id).state.late_elsewhere


def test_the_others_learn_of_it_once_and_forget_when_it_is_paid(life: Life) -> None:
    life.until(FIRST + DAY)
    assert elsewhere(life, "L-0") == () and elsewhere(life, "L-9") == ()
    assert elsewhere(life, "L-1") == elsewhere(life, "L-2") == (FIRST,)
    life.pay("L-0", 10_000)
    assert elsewhere(life, "L-1") == elsewhere(life, "L-2") == ()


def test_before_the_third_is_due_its_case_opens_by_what_is_late_elsewhere(life: Life) -> None:
    life.until(FIRST + 9 * DAY)
    assert elsewhere(life, "L-2") == (FIRST, FIRST + 7 * DAY)
    life.until(FIRST + 10 * DAY)
    state = life.ports.loans.load("L-2").state
    assert state.case is not None and state.case.target_stage == "prevention"
    said = [each.text for each in life.ports.timeline.read("L-2")]
    due = FIRST + 14 * DAY
    assert [each for each in said if "opens at prevention" in each and str(due) in each]
    assert life.standing("L-2")["days_past_due"] == 0
