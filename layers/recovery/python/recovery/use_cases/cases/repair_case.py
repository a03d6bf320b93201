"""Let a case that waits for repair go on, with the signal it failed on."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.cases.signals import resumed
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
        pending = ports.cases.load(loan_id, case_id).pending
        signal = resumed(pending[-1] if pending else repair.signal)
        ports.workflow.send(loan_id, signal, repair.task_token)
        ports.cases.end_repair(repair)
    return repair


def retry_repairs(
    shard: int, before: date, ports: RepairPorts
) -> tuple[int, list[tuple[str, Exception]]]:
    """Let every case of the shard that failed before this date go on; return how many did, and the
    loans of those that could not.

    Once a day: what was out of order for a while needs no person.
    """
    repaired, failed = 0, list[tuple[str, Exception]]()
    for loan_id, case_id in ports.cases.waiting_repairs(shard, before):
        try:
            repaired += repair_case(loan_id, case_id, ports) is not None
        except Exception as error:
            failed.append((loan_id, error))
    return repaired, failed
