"""The steps of a case's execution: it opens, enters stages, prepares the dossier, closes."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.cases.record import ADVISOR_TASKS, CaseRecord, Step, close, enter
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import words
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import LoanRepository
from recovery.ports.cases import CaseRepository, CaseWorkflow
from recovery.ports.shared import DomainEvent, EventBus, Timeline
from recovery.use_cases.cases.deliver_signal import pass_to_execution
from recovery.use_cases.shared.repeating import until_not_stale


def open_case(loan_id: str, signal: Signal, execution_id: str, *, cases: CaseRepository) -> None:
    """The case is on record with this execution as its owner."""

    def step() -> None:
        record = cases.load(loan_id, signal.case_id)
        if record.execution_id != execution_id:
            cases.save(replace(record, execution_id=execution_id, task_token=None))

    until_not_stale(step)


def enter_stage(
    loan_id: str,
    stage: str,
    signal: Signal,
    execution_id: str,
    task_token: str,
    *,
    cases: CaseRepository,
    workflow: CaseWorkflow,
    timeline: Timeline,
    bus: EventBus,
) -> None:
    """The case is in the stage: its advisor has a task, and the next signal is awaited.

    A signal that came while the execution was on its way here is taken up at once.
    """
    step = Step(stage, signal.as_of, signal.reason)

    def put_on_record() -> None:
        record = cases.load(loan_id, signal.case_id)
        entered = enter(record, stage, signal.signal_id, step, execution_id, task_token)
        cases.save(replace(entered, advisor_task=ADVISOR_TASKS[stage]))

    until_not_stale(put_on_record)
    _tell(loan_id, stage, signal, f"advisor: {ADVISOR_TASKS[stage]}", timeline, bus)
    pass_to_execution(loan_id, signal.case_id, cases=cases, workflow=workflow)


def prepare_dossier(
    loan_id: str,
    signal: Signal,
    *,
    cases: CaseRepository,
    loans: LoanRepository,
    timeline: Timeline,
) -> dict[str, object]:
    """What a person needs to judge the case, without personal data: what is owed, what was tried.

    It becomes the output of the state, so that it can be read in the execution's history.
    """
    kept = loans.load(loan_id)
    standing = kept.state.standing
    entries = timeline.entries(loan_id)
    messages = [entry for entry in entries if entry.kind == "message"]
    record = cases.load(loan_id, signal.case_id)
    notice_on = kept.state.case.notice_on if kept.state.case else None
    return {
        "days_past_due": standing.days_past_due if standing else None,
        "overdue": (
            to_decimal_text(standing.overdue.total, kept.loan.currency) if standing else None
        ),
        "outstanding": (
            to_decimal_text(standing.outstanding.total, kept.loan.currency) if standing else None
        ),
        "currency": kept.loan.currency,
        "messages_sent": sum(entry.text.startswith("sent") for entry in messages),
        "messages_not_sent": sum(not entry.text.startswith("sent") for entry in messages),
        "payments": sum(entry.kind == "payment" for entry in entries),
        "notice_on": notice_on.isoformat() if notice_on else None,
        "path": [f"{step.on} {words(step.stage)}: {step.reason}" for step in record.path],
    }


def close_case(
    loan_id: str,
    outcome: str,
    signal: Signal,
    *,
    cases: CaseRepository,
    timeline: Timeline,
    bus: EventBus,
) -> None:
    """The case is on record as ended."""
    step = Step(outcome, signal.as_of, signal.reason)

    def put_on_record() -> CaseRecord:
        closed = close(cases.load(loan_id, signal.case_id), outcome, step)
        cases.save(closed)
        return closed

    until_not_stale(put_on_record)
    _tell(loan_id, outcome, signal, "the case is closed", timeline, bus)


def _tell(
    loan_id: str, stage: str, signal: Signal, then: str, timeline: Timeline, bus: EventBus
) -> None:
    text = f"{signal.case_id} is now {words(stage)}: {signal.reason}; {then}"
    key = f"{signal.signal_id}#{stage}"
    entry = TimelineEntry(signal.as_of, "stage", text, signal.policy_version, key)
    timeline.add(loan_id, [entry])
    bus.publish(
        [
            DomainEvent(
                "StageChanged",
                {
                    "loan_id": loan_id,
                    "case_id": signal.case_id,
                    "stage": stage,
                    "as_of": signal.as_of.isoformat(),
                    "reason": signal.reason,
                    "policy_version": signal.policy_version,
                },
            )
        ]
    )
