"""What a person checked before court, and each step of a suit, as JSON: one model per kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from recovery.documents.accounting.act_request import Code, Reference
from recovery.documents.accounting.fact_body import FactFields
from recovery.documents.shared.fields import Amount, Day, Identifier
from recovery.documents.shared.problems import ProblemList
from recovery.domain.accounting.court_steps import (
    AnsweredBy,
    CourtFact,
    CourtStep,
    CourtStepKind,
    JudgmentFor,
    PreActionCheck,
)

_Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=20, strict=False)]


class PreActionCheckBody(FactFields):
    """A person who knows the law checked what comes before court: by the codes of the procedure
    decision, with a reference to the proof. QUESTION answers what an approver asked."""

    kind: Literal["pre_action_check"]
    on: Day | None = None
    codes: _Codes
    reference: Reference = ""


class CourtStepBody(FactFields):
    """A step of a suit on record. `by_on`: the last day to act; `step_id`: the hearing or deadline
    that was met; `final_on`: from when a judgment stands."""

    kind: Literal["court_step"]
    on: Day | None = None
    suit_id: Identifier
    step: CourtStepKind
    by_on: Day | None = None
    answered_by: AnsweredBy | None = None
    step_id: Identifier | None = None
    amount: Amount | None = None
    income: Amount | None = None
    outcome: JudgmentFor | None = None
    final_on: Day | None = None
    reference: Reference = ""


AnyCourt = PreActionCheckBody | CourtStepBody


def court_of(body: Any, on: Any, problems: ProblemList) -> CourtFact:
    """Convert a body of one of these kinds; an amount it cannot read is added to the problems."""
    if isinstance(body, PreActionCheckBody):
        return PreActionCheck(on=on, codes=body.codes, reference=body.reference)
    given, income = (
        None if text is None else problems.positive_minor(text, name)
        for name, text in (("amount", body.amount), ("income", body.income))
    )
    return CourtStep(
        suit_id=body.suit_id,
        on=on,
        step=body.step,
        by_on=body.by_on,
        answered_by=body.answered_by,
        step_id=body.step_id or "",
        amount_minor=given,
        income_minor=income,
        outcome=body.outcome,
        final_on=body.final_on,
        reference=body.reference,
    )
