"""The steps of a case's execution: open, enter a stage, close."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from recovery.documents.cases.task import CaseTask
from recovery.domain.cases.record import ADVISOR_TASKS, Step, close, enter
from recovery.domain.cases.stages import in_words
from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.ports.needs import HasBus, HasCases, HasLoans, HasTimeline, HasWorkflow
from recovery.use_cases.cases.deliver_signal import pass_to_execution
from recovery.use_cases.cases.filing_guard import refuse_unapproved
from recovery.use_cases.shared.retrying import retry_until_fresh


class AdvancePorts(HasCases, HasLoans, HasWorkflow, HasTimeline, HasBus, Protocol):
    """Where a case is stored, and where its moves are announced."""


def advance_case(task: CaseTask, ports: AdvancePorts) -> dict[str, object]:
    """Run the task's step and return the fields it adds to the state's output.

    Raises StaleWriteError when too many writers compete for the case, NotApprovedError when it is
    sent to filing without the approvals.
    """
    refuse_unapproved(task, ports)
    match task.step:
        case "open_case":
            _open(task, ports)
        case "enter_stage":
            _enter_stage(task, ports)
        case "close_case":
            _close(task, ports)
            return {"outcome": task.outcome}
    return {}


def _open(task: CaseTask, ports: AdvancePorts) -> None:
    """Record this execution as the owner of the case."""

    def step() -> None:
        record = ports.cases.load(task.loan_id, task.signal.case_id)
        if record.execution_id != task.execution_id:
            owned = replace(record, execution_id=task.execution_id, task_token=None)
            ports.cases.save(owned)

    retry_until_fresh(step)


def _enter_stage(task: CaseTask, ports: AdvancePorts) -> None:
    """Enter the stage, give the advisor a task and wait for the next signal.

    A signal that arrived in the meantime is passed on at once.
    """
    signal, advisor_task = task.signal, ADVISOR_TASKS[task.stage]
    step = Step(task.stage, signal.as_of, signal.reason)

    def put_on_record() -> None:
        record = ports.cases.load(task.loan_id, signal.case_id)
        entered = enter(record, step, signal.signal_id, task.execution_id, task.task_token)
        ports.cases.save(replace(entered, advisor_task=advisor_task))

    retry_until_fresh(put_on_record)
    _announce(task, task.stage, f"advisor: {advisor_task}", ports)
    pass_to_execution(task.loan_id, signal.case_id, ports)


def _close(task: CaseTask, ports: AdvancePorts) -> None:
    """Record the outcome."""
    step = Step(task.outcome, task.signal.as_of, task.signal.reason)

    def put_on_record() -> None:
        record = ports.cases.load(task.loan_id, task.signal.case_id)
        ports.cases.save(close(record, task.outcome, step))

    retry_until_fresh(put_on_record)
    _announce(task, task.outcome, "the case is closed", ports)


def _announce(task: CaseTask, stage: str, then: str, ports: AdvancePorts) -> None:
    signal = task.signal
    text = f"{signal.case_id} is now {in_words(stage)}: {signal.reason.rstrip('.')}; {then}"
    key = f"{signal.signal_id}#{stage}"
    entry = TimelineEntry(signal.as_of, "stage", text, signal.policy_version, key)
    ports.timeline.add(task.loan_id, [entry])
    detail = {
        "loan_id": task.loan_id,
        "case_id": signal.case_id,
        "stage": stage,
        "as_of": signal.as_of.isoformat(),
        "reason": signal.reason,
        "policy_version": signal.policy_version,
    }
    ports.bus.publish([DomainEvent("StageChanged", detail)])
