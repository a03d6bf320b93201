"""Deliver signals to a case's execution: record first, pass on when the execution waits."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.cases.record import next_signal, receive
from recovery.domain.cases.signals import Signal
from recovery.ports.needs import HasCases, HasWorkflow
from recovery.use_cases.shared.retrying import retry_until_fresh


class SignalPorts(HasCases, HasWorkflow, Protocol):
    """Case records and their executions."""


def deliver_signal(loan_id: str, signal: Signal, ports: SignalPorts) -> None:
    """Record the signal, and pass it to the execution if that is waiting.

    A busy execution gets it when it next waits. Redelivery is harmless: the record knows what it
    received, an execution starts once, and a task token works once.
    """

    def put_on_record() -> None:
        record = ports.cases.load(loan_id, signal.case_id)
        received = receive(record, signal)
        if received is not record:
            ports.cases.save(received)

    retry_until_fresh(put_on_record)
    if signal.opens:
        ports.workflow.start(loan_id, signal)
    pass_to_execution(loan_id, signal.case_id, ports)


def pass_to_execution(loan_id: str, case_id: str, ports: SignalPorts) -> None:
    """Send the oldest pending signal to the execution, if that is waiting."""
    record = ports.cases.load(loan_id, case_id)
    waiting = next_signal(record)
    if waiting and record.task_token:
        ports.workflow.send(loan_id, waiting, record.task_token)
