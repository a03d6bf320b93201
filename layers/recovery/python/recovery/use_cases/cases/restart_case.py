"""Continue a case whose execution ended, or never began, in a new one."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.cases.record import CaseRecord
from recovery.domain.cases.signals import Signal, resumed
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasCases, HasLoans, HasWorkflow


class RestartPorts(HasLoans, HasCases, HasWorkflow, Protocol):
    """Loans, case records and their executions."""


def restart_case_if_dead(stored: StoredLoan, as_of: date, ports: RestartPorts) -> bool:
    """Start the loan's last case again if nothing carries it on; return whether it was started.

    Left alone are a case that waits for repair, and one for which something is still on its way:
    an outbox, or a signal of today. One whose execution runs but has not taken a signal for more
    than a day has hung: it is stopped first. The new execution goes where the last signal says, and
    starts once a day at most.
    """
    loan_id = stored.loan.loan_id
    record = ports.cases.cases_of(loan_id)[-1:]
    if not record or record[0].outcome or ports.cases.repair(loan_id, record[0].case_id):
        return False
    case = record[0]
    signal = _last_signal(case, stored, as_of)
    if signal is None or ports.loans.outboxes(loan_id):
        return False
    if any(each.as_of >= as_of for each in case.pending):
        return False
    if case.execution_id is None:  # never begun, or just about to: its own name keeps it one
        ports.workflow.start(loan_id, signal)
        return True
    if ports.workflow.is_running(case.execution_id):
        if not case.pending:
            return False
        ports.workflow.stop(case.execution_id, "it took no signal for more than a day")
    ports.workflow.start(loan_id, signal, again_on=as_of)
    return True


def _last_signal(case: CaseRecord, stored: StoredLoan, as_of: date) -> Signal | None:
    """Return where the case should be: the last signal received, or the stage last decided.

    None if the case ended in the state and its last signal is still on its way.
    """
    if case.pending:
        return resumed(case.pending[-1])
    decided = stored.state.case
    if decided is None or decided.case_id != case.case_id:
        return None
    return Signal(
        signal_id=f"{case.case_id}#{case.last_received}",
        case_id=case.case_id,
        to=decided.target_stage.value,
        reason="continued: no execution carried the case on",
        as_of=as_of,
        policy_version=0,
    )
