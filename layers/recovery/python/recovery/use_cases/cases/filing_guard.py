"""No execution goes on to a claim, or to its enforcement, that people did not approve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from recovery.documents.cases.task import CaseTask
from recovery.domain.cases.approval import DecisionKind, is_approved
from recovery.domain.cases.stages import Stage
from recovery.ports.needs import HasCases, HasLoans

_NEEDS: Mapping[str, DecisionKind] = {
    Stage.FILING: DecisionKind.JUDICIAL_APPROVAL,
    Stage.ENFORCEMENT: DecisionKind.ENFORCEMENT,
}


class NotApprovedError(RuntimeError):
    """An execution was sent to file or to enforce, by a signal that no approval gave."""


class FilingPorts(HasCases, HasLoans, Protocol):
    """Where approvals are on record, and where the loan's case should be."""


def refuse_unapproved(task: CaseTask, ports: FilingPorts) -> None:
    """Raise NotApprovedError for a case that enters filing or enforcement without the approvals.

    The approval and the signal that it sends have the same number. An execution that continues as
    new, or was started again, comes with another: then the loan's state says where it should be.
    """
    kind = _NEEDS.get(task.stage)
    if task.step != "enter_stage" or kind is None:
        return
    decisions = ports.cases.decisions_of(task.loan_id)
    if is_approved(decisions, f"{task.signal.signal_id}-{kind}"):
        return
    case = ports.loans.load(task.loan_id).state.case
    if case and case.case_id == task.signal.case_id and case.target_stage == task.stage:
        return
    raise NotApprovedError(
        f"case {task.signal.case_id} was sent to {task.stage} without an approval"
    )
