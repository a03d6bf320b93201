"""Signals on their way to a case's execution: on record first, then handed to it when it waits."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.cases.record import next_signal, receive
from recovery.domain.cases.signals import Signal
from recovery.ports.needs import HasCases, HasWorkflow
from recovery.use_cases.shared.repeating import until_not_stale


class SignalPorts(HasCases, HasWorkflow, Protocol):
    """Cases on record, and their executions."""


def deliver_signal(loan_id: str, signal: Signal, ports: SignalPorts) -> None:
    """The signal is on the case's record, and on its way if the execution awaits one.

    A busy execution takes it up when it next waits. Delivering again is harmless: the record knows
    what it received, an execution starts once, a task token works once.
    """

    def put_on_record() -> None:
        record = ports.cases.load(loan_id, signal.case_id)
        received = receive(record, signal)
        if received is not record:
            ports.cases.save(received)

    until_not_stale(put_on_record)
    if signal.opens:
        ports.workflow.start(loan_id, signal)
    pass_to_execution(loan_id, signal.case_id, ports)


def pass_to_execution(loan_id: str, case_id: str, ports: SignalPorts) -> None:
    """The first waiting signal goes to the execution, if it waits."""
    record = ports.cases.load(loan_id, case_id)
    waiting = next_signal(record)
    if waiting and record.task_token:
        ports.workflow.send(loan_id, waiting, record.task_token)
