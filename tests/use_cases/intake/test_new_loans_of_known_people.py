"""A new loan of somebody on record is left alone from its first day where its borrower must be."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import TaskKind
from tests.core_system import Core, deliver
from tests.life import ANOTHER, Life

DAY = timedelta(days=1)
START = date(2026, 3, 2)
SCHEDULE = tuple(
    Instalment(n, date(2026, 3, 8) + 30 * (n - 1) * DAY, Components(10_000, 500))
    for n in range(1, 7)
)
PRESSED = {TaskKind.CALL, TaskKind.VISIT}
HELD = ["hardship", "death", "breathing_space", "insolvency", "restriction"]


@pytest.fixture
def core() -> Core:
    core = Core()
    for person_id in ("B-1", "B-2"):
        core.add_person(person_id)
    return core


@pytest.fixture
def ports(core: Core, wiring: SimpleNamespace) -> SimpleNamespace:
    """Two people on record, without a loan yet."""
    people = {kind: text for kind, text in core.files().items() if text}
    deliver(people, wiring, START, as_of=START)
    return wiring


def hold(life: Life, kind: str) -> None:
    if kind == "hardship":
        life.tell("B-1", "hardship", causes=["income_fell"])
    else:
        life.tell("B-1", "hold", ANOTHER, because=kind)


def lend_to_both(core: Core, life: Life) -> None:
    """Deliver a loan of each, soon to be late."""
    for number in (1, 2):
        core.lend(f"L-{number}", f"B-{number}", SCHEDULE, date(2026, 2, 20))
    result = deliver(core.files(), life.ports, life.today, as_of=life.today)
    assert (result.loans_added, result.rejections) == (2, [])
    life.settle()


@pytest.mark.parametrize("kind", HELD)
def test_a_person_with_a_restraint_who_gets_a_new_loan_is_left_alone_from_day_one(
    core, ports, kind: str
) -> None:
    life = Life(ports, START)
    hold(life, kind)
    lend_to_both(core, life)
    held, free = (ports.loans.load(each).state for each in ("L-1", "L-2"))
    assert [(each.kind, each.of_person) for each in held.restraints] == [(Kind(kind), True)]
    assert free.restraints == ()
    life.until(START + 25 * DAY)
    tasks = {e.loan_id for e in ports.tasks.open_tasks() if e.kind in PRESSED}
    assert tasks == {"L-2"}  # who is free is called, on the same days
    assert ports.loans.load("L-1").state.case.target_stage is Stage.ON_HOLD
    assert ports.loans.load("L-2").state.case.target_stage is Stage.EARLY_MANAGEMENT


def test_what_comes_on_record_while_the_loan_is_added_holds_it_too(core, ports) -> None:
    life, add = Life(ports, START), ports.loans.add_loan

    def and_meanwhile(stored, payments) -> None:
        if stored.loan.loan_id == "L-1":
            life.tell("B-1", "hold", ANOTHER, because="death")
        add(stored, payments)

    ports.loans.add_loan = and_meanwhile
    lend_to_both(core, life)
    [held] = ports.loans.load("L-1").state.restraints
    assert (held.kind, held.of_person) == (Kind.DEATH, True)


def test_a_new_loan_of_somebody_who_learns_goes_on_with_the_lessons(core, ports) -> None:
    life = Life(ports, START)
    life.tell("B-1", "lessons", wanted=True)
    lend_to_both(core, life)
    assert ports.people.find("B-1").learning.mark
    found = {each: ports.loans.load(each).state.facts.learns for each in ("L-1", "L-2")}
    assert found == {"L-1": ports.people.find("B-1").learning.mark, "L-2": ""}
