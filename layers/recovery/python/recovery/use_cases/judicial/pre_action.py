"""Whether a loan's case may leave pre-action: by its record, and what people checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from recovery.documents.questions.procedure import answer_procedure
from recovery.domain.accounting.court_steps import QUESTION, PreActionCheck
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.cases.approval import Answer, DecisionKind, PendingDecision
from recovery.domain.cases.stage import CaseState
from recovery.domain.judicial.pre_action import Readiness, readiness
from recovery.ports.needs import HasCases
from recovery.use_cases.judicial.amicable_record import AmicablePorts
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of


class PreActionPorts(AmicablePorts, HasCases, Protocol):
    """What the answer rests on."""


def readiness_of(loan_id: str, as_of: date, ports: PreActionPorts) -> Readiness:
    """Return what the loan's case waits for before people decide on it.

    What a person checked counts while the notice that came before it does. Raises
    LoanNotFoundError, and RefusedError where the record cannot be asked about.
    """
    case = ports.loans.load(loan_id).state.case
    answer = answer_procedure(procedure_question_of(loan_id, as_of, ports).values)
    recorded = ports.loans.recorded(loan_id)
    checks = list(_checks(recorded.counting(), case))
    codes = confirmed_codes(recorded, case)
    asked = _question(ports.cases.decisions_of(loan_id), case)
    answered = asked and any(
        QUESTION in check.codes and asked.decided_at and record.recorded_at >= asked.decided_at
        for record, check in checks
    )
    question = asked.decision_id if asked and not answered else ""
    return readiness(answer, codes, question)


def confirmed_codes(recorded: Recorded, case: CaseState | None) -> frozenset[str]:
    """Return the codes of what people checked before court, since the notice that came before."""
    return frozenset(
        code for _, check in _checks(recorded.counting(), case) for code in check.codes
    )


def _checks(
    records: tuple[FactRecord, ...], case: CaseState | None
) -> Iterator[tuple[FactRecord, PreActionCheck]]:
    since = case.notice_on if case else None
    for each in records:
        if isinstance(each.fact, PreActionCheck) and (since is None or each.fact.on >= since):
            yield each, each.fact


def _question(decisions: list[PendingDecision], case: CaseState | None) -> PendingDecision | None:
    """Return the last decision by which a dossier of this case was sent back."""
    sent_back = [
        each
        for each in decisions
        if each.kind == DecisionKind.JUDICIAL_APPROVAL
        and each.outcome == Answer.SENT_BACK
        and case is not None
        and each.case_id == case.case_id
    ]
    return max(sent_back, key=lambda each: f"{each.decided_at}", default=None)
