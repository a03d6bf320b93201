"""Continue a case whose execution ended, or never began, in a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasCases, HasWorkflow


class RestartPorts(HasCases, HasWorkflow, Protocol):
    """Case records and their executions."""


def restart_case_if_dead(stored: StoredLoan, as_of: date, ports: RestartPorts) -> bool:
    """Start the loan's last case again if nothing carries it on; return whether it was started.

    A case that waits for repair is left to that. One whose execution runs but has not taken a
    signal for more than a day has hung: its execution is stopped first. The new execution goes
    where the last signal says, and starts once a day at most.
    """
    loan_id = stored.loan.loan_id
    record = ports.cases.cases_of(loan_id)[-1:]
    if not record or record[0].outcome or ports.cases.repair(loan_id, record[0].case_id):
        return False
    case = record[0]
    signal = _last_signal(case, stored, as_of)
    if signal is None:
        return False
    if case.execution_id and ports.workflow.is_running(case.execution_id):
        if not _has_hung(case, as_of):
            return False
        ports.workflow.stop(case.execution_id, "it took no signal for more than a day")
    ports.workflow.start(loan_id, signal, again_on=as_of)
    return True


def _has_hung(case: CaseRecord, as_of: date) -> bool:
    return any(signal.as_of < as_of for signal in case.pending) and case.task_token is None


def _last_signal(case: CaseRecord, stored: StoredLoan, as_of: date) -> Signal | None:
    """Return where the case should be: the last signal received, or the stage last decided.

    None if the case ended in the state and its last signal is still on its way.
    """
    if case.pending:
        return replace(case.pending[-1], execution_number=None, resume_at=None)
    decided = stored.state.case
    if decided is None or decided.case_id != case.case_id:
        return None
    return Signal(
        signal_id=f"{case.case_id}#{case.last_received}",
        case_id=case.case_id,
        to=decided.target_stage.value,
        reason="continued: its execution had ended",
        as_of=as_of,
        policy_version=0,
    )
