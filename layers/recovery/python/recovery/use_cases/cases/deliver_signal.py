"""Deliver signals to a case's execution: record first, pass on when the execution waits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from recovery.domain.cases.record import next_signal, receive
from recovery.domain.cases.signals import Signal
from recovery.domain.outbox import TimelineEntry
from recovery.ports.needs import HasCases, HasTimeline, HasWorkflow
from recovery.use_cases.shared.retrying import retry_until_fresh

_BY_LAST = ("promise", "answer", "court")
_TELLS = ("payment", "fact", "message", *_BY_LAST)


class SignalPorts(HasCases, HasWorkflow, HasTimeline, Protocol):
    """Case records, their executions, and what happened meanwhile."""


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
    """Send the oldest pending signal to the execution, if that is waiting, with what happened in
    the state that it ends: the execution's history alone tells the story."""
    record = ports.cases.load(loan_id, case_id)
    waiting = next_signal(record)
    if waiting and record.task_token:
        since = record.path[-1].on if record.path else waiting.as_of
        between = happened(ports.timeline.read(loan_id, since))
        ports.workflow.send(loan_id, waiting, record.task_token, between)


def happened(entries: Iterable[TimelineEntry]) -> dict[str, int]:
    """Count by code what is on the timeline, such as ``{"payment": 2, "message.thank_you": 1}``."""
    return dict(sorted(Counter(code for each in entries if (code := _code(each))).items()))


def _code(entry: TimelineEntry) -> str | None:
    if entry.kind not in _TELLS:
        return None
    about, _, last = entry.key.rpartition("#")
    if entry.kind == "message":
        return f"message.{re.split(r'[-+@#]', about)[0]}" if last == "sent" else None
    return (
        f"{entry.kind}.{last}"
        if entry.kind in ("promise", "answer", "court") and last
        else entry.kind
    )
