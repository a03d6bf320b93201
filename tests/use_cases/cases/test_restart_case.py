"""A case whose execution ended without an outcome continues in a new one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import StoredLoan
from recovery.ports.cases import Repair
from recovery.use_cases.cases.restart_case import restart_case_if_dead
from tests.builders import a_loan, a_state

TODAY = date(2026, 3, 9)
YESTERDAY = TODAY - timedelta(days=1)
CASE = CaseState("L-1-C1", TODAY, Stage.EARLY_MANAGEMENT, TODAY, signals=2)
RECORD = CaseRecord(
    "L-1-C1", "L-1", stage="early_management", execution_id="arn:1", task_token="t", last_received=2
)
PENDING = Signal("L-1-C1#3", "L-1-C1", "cured", "nothing overdue", YESTERDAY, 3)


@pytest.fixture
def restart(wiring):
    def restart(record: CaseRecord, case: CaseState | None = CASE) -> bool:
        wiring.cases.save(record)
        loan = a_loan()
        return restart_case_if_dead(StoredLoan(loan, a_state(loan, case=case)), TODAY, wiring)

    return restart


def test_a_dead_execution_is_replaced_once_a_day_at_the_stage_last_decided(restart, wiring) -> None:
    assert restart(RECORD)
    (key,) = wiring.workflow.again
    signal = wiring.workflow.again[key]
    assert key == ("L-1-C1", TODAY)
    assert (signal.signal_id, signal.to) == ("L-1-C1#2", "early_management")
    assert wiring.workflow.stopped == []


def test_a_signal_that_was_never_taken_is_taken_by_the_next_execution(restart, wiring) -> None:
    assert restart(replace(RECORD, pending=(PENDING,), task_token=None), case=None)
    assert wiring.workflow.again["L-1-C1", TODAY] == PENDING


def test_an_execution_that_never_began_is_begun(restart, wiring) -> None:
    """Under its own name: should it be about to begin, it begins once."""
    assert restart(CaseRecord("L-1-C1", "L-1", last_received=1))
    assert wiring.workflow.started["L-1-C1"].to == "early_management"
    assert wiring.workflow.again == {}


def test_a_case_is_left_alone_while_something_is_on_its_way(restart, wiring) -> None:
    wiring.loans.waiting["L-1"] = {"00000009": Outbox("00000009", TODAY, wakes="B-1")}
    assert not restart(RECORD)
    wiring.loans.waiting.clear()
    assert not restart(replace(RECORD, version=1, pending=(replace(PENDING, as_of=TODAY),)))
    assert wiring.workflow.again == {}


def test_a_case_that_was_to_continue_as_new_resumes_its_stage(restart, wiring) -> None:
    signal = replace(PENDING, to="continue_as_new", execution_number=2, resume_at="filing")
    assert restart(replace(RECORD, pending=(signal,)))
    again = wiring.workflow.again["L-1-C1", TODAY]
    assert (again.to, again.execution_number) == ("filing", None)


@pytest.mark.parametrize("pending", [(), (replace(PENDING, as_of=TODAY),)])
def test_a_running_execution_is_left_alone(restart, wiring, pending) -> None:
    wiring.workflow.running.add("arn:1")
    assert not restart(replace(RECORD, pending=pending, task_token=None))
    assert wiring.workflow.again == {}


def test_one_that_takes_no_signal_for_a_day_is_stopped_and_replaced(restart, wiring) -> None:
    wiring.workflow.running.add("arn:1")
    assert restart(replace(RECORD, pending=(PENDING,)))  # its token may be one used before
    assert wiring.workflow.stopped == ["arn:1"]


def test_a_case_with_an_outcome_or_waiting_for_repair_is_left_alone(restart, wiring) -> None:
    assert not restart(replace(RECORD, outcome="cured"))
    wiring.cases.repairs["L-1", "L-1-C1"] = Repair("L-1", "L-1-C1", PENDING, "KeyError", "token")
    assert not restart(replace(RECORD, version=1))
    assert wiring.workflow.again == {}


def test_a_case_that_ended_in_the_state_waits_for_its_last_signal(restart, wiring) -> None:
    assert not restart(RECORD, case=None)
    assert wiring.workflow.again == {}
