"""Check what is said about the parties of a loan; each problem names field and remedy."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from recovery.documents.accounting.fact_body import Reason
from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Day, Identifier, Percent
from recovery.documents.shared.problems import ProblemList
from recovery.documents.shared.request_body import read_body
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.party import Liability, Party, PartyRole

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "person_id": "Use the id of a person on record",
    "role": "Use borrower, co_borrower, guarantor or group_member",
    "from_on": "Use an ISO date, or leave it out for the day of disbursement",
    "until": "Use an ISO date, such as 2026-03-31",
    "liability": "Use joint_and_several or share; leave it out if the contract is silent",
    "share_pct": 'Send a percentage such as "33.5", or leave it out for an equal share',
    "limit": 'Send a decimal string such as "500.00", or leave it out for the whole debt',
    "subsidiary": "Send true or false; leave it out if the contract is silent",
    "reason": "Give the reason in 1 to 140 printable characters, without personal data",
}


class PartyBody(Body):
    """The body of POST /loans/{loan_id}/parties. Nothing is presumed of what is left out."""

    person_id: Identifier
    role: PartyRole
    from_on: Day | None = None
    until: Day | None = None
    liability: Liability | None = None
    share_pct: Percent | None = None
    limit: Amount | None = None
    subsidiary: bool | None = None


class PartyEndBody(Body):
    """The body of POST /loans/{loan_id}/parties/{person_id}/end."""

    until: Day
    reason: Reason


class PartyEnd(NamedTuple):
    """The last day on which a person is a party, and why."""

    until: date
    reason: str


def party_request(body: str | None, loan: Loan) -> Party:
    """Read a party of this loan. Raises InvalidDocumentError."""
    parsed = read_body(PartyBody, body, _REMEDIES)
    problems = ProblemList(loan.currency)
    limit_minor = None
    if parsed.limit is not None:
        limit_minor = problems.positive_minor(parsed.limit, "limit")
    problems.raise_if_any()
    return Party(
        person_id=parsed.person_id,
        role=parsed.role,
        from_on=parsed.from_on or loan.disbursed_on,
        until=parsed.until,
        liability=parsed.liability,
        share_pct=parsed.share_pct,
        limit_minor=limit_minor,
        subsidiary=parsed.subsidiary,
    )


def party_end(body: str | None) -> PartyEnd:
    """Read the end of a party. Raises InvalidDocumentError."""
    parsed = read_body(PartyEndBody, body, _REMEDIES)
    return PartyEnd(parsed.until, parsed.reason)
