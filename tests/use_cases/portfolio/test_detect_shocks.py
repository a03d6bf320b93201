"""A flood in one place: one event, one task to weigh a relief, and no repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.policy import DEFAULT_POLICY
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.portfolio.detect_shocks import Looked, detect_shocks
from tests.builders import a_loan, a_payment, a_schedule, a_state, months_after

FIRST = date(2026, 1, 5)
LAST = months_after(FIRST, 5)
AS_OF = LAST + timedelta(days=7)
PEOPLE = 40


@pytest.fixture
def village(wiring):
    """Two places of twenty; everybody paid on time until Riverside was flooded."""
    wiring.institutions.save_policy("umoja", replace(DEFAULT_POLICY, effective_from=FIRST))
    schedule = a_schedule(8, Components(10_000), FIRST)
    for number in range(PEOPLE):
        place = "Riverside" if number < 20 else "Hilltop"
        loan = a_loan(
            f"L-{number:02}",
            borrower_id=f"B-{number:02}",
            schedule=schedule,
            profile=LoanProfile(place=place),
        )
        paid = 5 if number < 9 else 6
        payments = [
            a_payment(f"P-{number}-{n}", value_date=months_after(FIRST, n), amount_minor=10_000)
            for n in range(paid)
        ]
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan, payments)), [])
    return wiring


def look(ports, on: date = AS_OF) -> Looked:
    ports.institutions.days["umoja"] = InstitutionDay(on, on, "replay")
    return detect_shocks("umoja", ports.clock.at, ports, shards=1)


def test_it_raises_one_event_and_one_task_with_the_dry_run(village) -> None:
    [shock] = look(village).shocks
    assert (shock.group.name, shock.people, shock.troubled) == ("Riverside", 20, 9)
    [event] = [each for each in village.bus.events if each.name == "ShockDetected"]
    assert (event.detail["group"], event.detail["of"]) == ("place", "Riverside")
    assert not {"person_id", "loan_id"} & set(event.detail)
    [task] = [each for each in village.tasks.open_tasks() if each.kind == TaskKind.SHOCK]
    assert "`recovery relief apply --dry-run --place Riverside`" in task.reason
    assert task.role == "supervisor"


@pytest.mark.parametrize(("days", "events"), [(0, 1), (1, 1), (6, 1)])
def test_the_same_shock_is_raised_once(village, days: int, events: int) -> None:
    look(village)
    again = look(village, AS_OF + timedelta(days=days))
    assert again.new == () and again.shocks
    assert len([e for e in village.bus.events if e.name == "ShockDetected"]) == events
    assert len([e for e in village.tasks.open_tasks() if e.kind == TaskKind.SHOCK]) == 1


def test_a_quiet_portfolio_raises_nothing(village) -> None:
    assert look(village, LAST).shocks == ()
    assert not [each for each in village.bus.events if each.name == "ShockDetected"]
