"""Carry out what was decided about a loan: cases, persons to consider, tasks, timeline, event bus.

What was decided about money in suspense is announced on the event bus.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.cases.approval import second_id, withdraw
from recovery.domain.cases.withdrawals import Withdrawal
from recovery.domain.cases.write_offs import start_of
from recovery.domain.outbox import Outbox
from recovery.ports.contact import Wake
from recovery.ports.needs import HasBus, HasCases, HasQueue, HasSuspense
from recovery.use_cases.cases.deliver_signal import SignalPorts, deliver_signal
from recovery.use_cases.cases.route_tasks import TaskPorts, end_tasks, open_tasks
from recovery.use_cases.monitoring.weigh_together import WeighingPorts, weigh_together
from recovery.use_cases.people.retain import RetainingPorts, retain_loan


class RoutingPorts(SignalPorts, WeighingPorts, TaskPorts, RetainingPorts, HasQueue, Protocol):
    """Everything an outbox may trigger."""


class SuspenseRoutingPorts(HasSuspense, HasBus, Protocol):
    """What announcing a decision about money in suspense needs."""


def route_loan(institution_id: str, loan_id: str, ports: RoutingPorts) -> list[Outbox]:
    """Carry out the loan's outboxes in order, acknowledge them, and return them.

    They are read now, whatever change brought us here: one carried out before is not repeated. If
    one fails, the error is raised, and it waits with the later ones until the loan is sent again.
    """
    waiting, done = ports.loans.outboxes(loan_id), list[Outbox]()
    try:
        for outbox in waiting:
            _carry_out(institution_id, loan_id, outbox, ports)
            done.append(outbox)
    finally:
        if done or not waiting:
            ports.loans.acknowledge(loan_id, [each.outbox_id for each in done])
    return done


def route_suspense(payment_id: str, ports: SuspenseRoutingPorts) -> list[Outbox]:
    """Announce what was decided about the money, acknowledge it, and return it."""
    waiting = ports.suspense.outboxes(payment_id)
    for outbox in waiting:
        ports.bus.publish(outbox.events)
    ports.suspense.acknowledge(payment_id, [each.outbox_id for each in waiting])
    return waiting


def _carry_out(institution_id: str, loan_id: str, outbox: Outbox, ports: RoutingPorts) -> None:
    """Carry out one outbox. Idempotent, but for events, which may be published twice."""
    ports.timeline.add(loan_id, outbox.timeline, outbox.records)
    for withdrawal in filter(None, (outbox.withdraws, outbox.withdraws_approval)):
        _withdraw(loan_id, withdrawal, outbox.as_of, ports)
    if gone := outbox.withdraws_approval:  # the second person's question too, if it came to that
        second = Withdrawal(second_id(gone.decision_id), gone.reason)
        _withdraw(loan_id, second, outbox.as_of, ports)
    if outbox.asks and ports.cases.decision(loan_id, outbox.asks.decision_id) is None:
        ports.cases.save_decision(outbox.asks)
    if outbox.signal:
        deliver_signal(loan_id, outbox.signal, ports)
    if outbox.wakes:
        ports.queue.put([Wake(institution_id, outbox.wakes, outbox.as_of)])
    if outbox.weighs:
        weigh_together(institution_id, outbox.weighs, outbox.as_of, ports)
    ports.bus.publish(outbox.events)
    end_tasks(outbox.ends_tasks, outbox.as_of, ports)
    open_tasks(outbox.tasks, ports)
    if outbox.retains:
        retain_loan(loan_id, outbox.as_of, ports)


def _withdraw(loan_id: str, withdrawal: Withdrawal, as_of: date, ports: HasCases) -> None:
    """Take a question off the list, unless it was answered before."""
    known = ports.cases.decision(loan_id, withdrawal.decision_id)
    if known and known.is_pending:
        ports.cases.save_decision(withdraw(known, start_of(as_of), withdrawal.reason))
