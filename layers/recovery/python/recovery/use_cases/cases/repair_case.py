"""Let a case that waits for repair go on, with the signal it failed on."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.ports.cases import Repair
from recovery.ports.needs import HasCases, HasWorkflow


class RepairPorts(HasCases, HasWorkflow, Protocol):
    """Case records and their executions."""


def repair_case(loan_id: str, case_id: str, ports: RepairPorts) -> Repair | None:
    """Let the case go on; return what it had failed on, None if it does not wait for repair.

    It goes where the last signal says: one that arrived in the meantime was decided on newer facts.
    Should it fail again, it comes back.
    """
    repair = ports.cases.repair(loan_id, case_id)
    if repair:
        _go_on(repair, ports)
    return repair


def retry_repairs(
    shard: int, before: date, ports: RepairPorts
) -> tuple[int, list[tuple[str, Exception]]]:
    """Let every case of the shard that failed before this date go on; return how many did, and the
    loans of those that could not.

    Once a day: what was out of order for a while needs no person.
    """
    failed: list[tuple[str, Exception]] = []
    waiting = ports.cases.waiting_repairs(shard, before)
    for repair in waiting:
        try:
            _go_on(repair, ports)
        except Exception as error:
            failed.append((repair.loan_id, error))
    return len(waiting) - len(failed), failed


def _go_on(repair: Repair, ports: RepairPorts) -> None:
    pending = ports.cases.load(repair.loan_id, repair.case_id).pending
    signal = pending[-1] if pending else repair.signal
    ports.workflow.send(repair.loan_id, signal, repair.task_token)
    ports.cases.end_repair(repair)
