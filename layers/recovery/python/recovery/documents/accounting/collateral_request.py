"""Check what is said about the security of a loan; each problem names field and remedy."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from recovery.documents.questions.loan_question import Body, Text
from recovery.documents.shared.fields import Amount, Day, Identifier
from recovery.documents.shared.problems import ProblemList
from recovery.documents.shared.request_body import read_body
from recovery.domain.accounting.collateral import (
    Collateral,
    CollateralKind,
    LifeEvent,
    LifeEventKind,
    Valuation,
)
from recovery.domain.accounting.loan import Loan

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "collateral_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores",
    "kind": "Use vehicle, land, equipment, pledged_savings, credit_life_insurance or other",
    "person_id": "Use the id of a person on record, or leave it out for the borrower",
    "value": 'Send a decimal string above zero, such as "1500.00", in the loan\'s currency',
    "covers": "List death, disability or both",
    "event": "Use death or disability",
    "on": "Use an ISO date, such as 2026-03-31",
}


class CollateralBody(Body):
    """The body of POST /loans/{loan_id}/collateral; ``value`` holds from ``valued_on``.

    ``person_id`` is the owner or the person whose life is insured, the borrower if left out.
    """

    collateral_id: Identifier
    kind: CollateralKind
    value: Amount
    person_id: Identifier | None = None
    from_on: Day | None = None
    until: Day | None = None
    valued_on: Day | None = None
    covers: Annotated[list[LifeEventKind], Field(max_length=2, default_factory=list)]
    description: Text | None = None
    reference: Text | None = None
    insurer: Text | None = None


class ValuationBody(Body):
    """The body of POST /loans/{loan_id}/collateral/{collateral_id}/valuations."""

    on: Day
    value: Amount


class CollateralEndBody(Body):
    """The body of POST /loans/{loan_id}/collateral/{collateral_id}/end."""

    until: Day


class ClaimBody(Body):
    """The body of POST /loans/{loan_id}/claims: what happened, to whom, when; nothing medical."""

    event: LifeEventKind
    on: Day
    person_id: Identifier | None = None


def collateral_request(body: str | None, loan: Loan) -> Collateral:
    """Read a security of this loan. Raises InvalidDocumentError."""
    parsed = read_body(CollateralBody, body, _REMEDIES)
    problems = ProblemList(loan.currency)
    value_minor = problems.positive_minor(parsed.value, "value")
    problems.raise_if_any()
    from_on = parsed.from_on or loan.disbursed_on
    return Collateral(
        collateral_id=parsed.collateral_id,
        kind=parsed.kind,
        person_id=parsed.person_id or loan.borrower_id,
        from_on=from_on,
        until=parsed.until,
        valuations=(Valuation(parsed.valued_on or from_on, value_minor),),
        covers=frozenset(parsed.covers),
        description=parsed.description,
        reference=parsed.reference,
        insurer=parsed.insurer,
    )


def valuation_request(body: str | None, loan: Loan) -> Valuation:
    """Read a new value. Raises InvalidDocumentError."""
    parsed = read_body(ValuationBody, body, _REMEDIES)
    problems = ProblemList(loan.currency)
    value_minor = problems.positive_minor(parsed.value, "value")
    problems.raise_if_any()
    return Valuation(parsed.on, value_minor)


def collateral_end(body: str | None) -> date:
    """Read the last day. Raises InvalidDocumentError."""
    return read_body(CollateralEndBody, body, _REMEDIES).until


def life_event(body: str | None, loan: Loan) -> LifeEvent:
    """Read what happened to a person, the borrower if none is named.

    Raises InvalidDocumentError.
    """
    parsed = read_body(ClaimBody, body, _REMEDIES)
    return LifeEvent(parsed.event, parsed.person_id or loan.borrower_id, parsed.on)
