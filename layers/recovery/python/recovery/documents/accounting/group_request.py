"""Check what is said about groups and their meetings; each problem names field and remedy."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Amount, Currency, Day, Identifier
from recovery.documents.shared.problems import ProblemList
from recovery.documents.shared.request_body import read_body
from recovery.domain.accounting.groups import MAX_MEMBERS, Covers, Group, Member, SheetRequest

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "group_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores",
    "sheet_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores; new for each meeting",
    "from_on": "Use an ISO date, such as 2026-03-31",
    "met_on": "Use an ISO date, such as 2026-03-31",
    "joint_and_several": "Send true only if the contract expressly says that each answers for all",
    "covers": "Use in_proportion or as_listed",
    "currency": "Use the loans' ISO 4217 code, such as EUR",
}


class MemberBody(Body):
    """One member and her own loan."""

    person_id: Identifier
    loan_id: Identifier


class GroupBody(Body):
    """The body of POST /groups: who is in the group from a day on."""

    group_id: Identifier
    from_on: Day
    members: Annotated[list[MemberBody], Field(max_length=MAX_MEMBERS)]
    joint_and_several: bool = False
    covers: Covers = "in_proportion"


class SheetRowBody(Body):
    """What one member handed over."""

    person_id: Identifier
    amount: Amount


class SheetBody(Body):
    """The body of POST /groups/{group_id}/collection-sheets, as signed at the meeting."""

    sheet_id: Identifier
    met_on: Day
    currency: Currency
    total: Amount
    rows: Annotated[list[SheetRowBody], Field(max_length=MAX_MEMBERS)]


class CountBody(Body):
    """The body of POST /groups/{group_id}/collection-sheets/{sheet_id}/verification."""

    counted: Amount


def group_request(body: str | None) -> Group:
    """Read a version of a group. Raises InvalidDocumentError."""
    parsed = read_body(GroupBody, body, _REMEDIES)
    return Group(
        group_id=parsed.group_id,
        members=tuple(Member(each.person_id, each.loan_id) for each in parsed.members),
        joint_and_several=parsed.joint_and_several,
        covers=parsed.covers,
        from_on=parsed.from_on,
    )


def sheet_request(body: str | None, group_id: str) -> SheetRequest:
    """Read a collection sheet of this group. Raises InvalidDocumentError."""
    parsed = read_body(SheetBody, body, _REMEDIES)
    problems = ProblemList(parsed.currency)
    request = SheetRequest(
        group_id=group_id,
        sheet_id=parsed.sheet_id,
        met_on=parsed.met_on,
        currency=parsed.currency,
        total_minor=problems.amount_minor(parsed.total, "total"),
        handed_minor=tuple(
            (each.person_id, problems.amount_minor(each.amount, f"rows.{at}.amount"))
            for at, each in enumerate(parsed.rows)
        ),
    )
    problems.raise_if_any()
    return request


def counted_minor(body: str | None, currency: str) -> int:
    """Read the amount of cash that was counted. Raises InvalidDocumentError."""
    parsed = read_body(CountBody, body, _REMEDIES)
    problems = ProblemList(currency)
    minor = problems.amount_minor(parsed.counted, "counted")
    problems.raise_if_any()
    return minor
