"""Answers about loans, their facts, parties and security."""

from __future__ import annotations

from typing import NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from recovery.documents.accounting.loan_document import CaseDocument
from recovery.documents.accounting.owner_document import CarriedDocument, OwnerDocument
from recovery.documents.answers.shared import AmountsInTotal, Date, Moment, Money


class StandingOnDay(TypedDict):
    """Where the loan stands at the business date ``as_of``."""

    loan_id: str
    currency: str
    as_of: Date
    days_past_due: int
    days_delinquent: int
    delinquent_since: Date | None
    bucket: str | None
    overdue: AmountsInTotal
    outstanding: AmountsInTotal
    credit: Money
    oldest_due_date: Date | None
    next_due_date: Date | None
    next_due: Money
    pulled_to: str | None
    restructured: dict[str, object] | None
    paused: dict[str, object] | None
    written_off: dict[str, object] | None
    collectible: dict[str, object] | None
    held_by: list[dict[str, object]]
    forbearance: dict[str, object] | None
    plans: list[dict[str, object]]
    promises: list[dict[str, object]]
    case: CaseDocument | None
    owner: OwnerDocument
    carried: CarriedDocument | None
    next_review_on: Date | None
    policy_version: int


@with_config(extra="allow")
class Fact(TypedDict):
    """A fact of a loan as recorded, with the fields of its kind."""

    loan_id: str
    fact_id: str
    kind: str
    on: Date
    known_on: Date
    reason: str
    recorded_by: str
    recorded_at: Moment


@with_config(extra="allow")
class FactTaken(Fact):
    """The fact and the standing after it; ``notes`` are what speaks against it."""

    notes: NotRequired[list[str]]
    standing: StandingOnDay


class FactAsked(TypedDict):
    """A second person has to say the same before the fact counts."""

    loan_id: str
    fact_id: str
    decision_id: str
    asked_by: str


class FactsOfLoan(TypedDict):
    """A page of a loan's facts; ``next`` continues after it, null if it is the last."""

    loan_id: str
    facts: list[Fact]
    next: str | None


class PartyOnRecord(TypedDict):
    """A party of a loan, as the contract says."""

    person_id: str
    role: str
    from_on: Date
    until: Date | None
    liability: str | None
    share_pct: str | None
    limit: Money | None
    subsidiary: bool | None
    recorded_by: str
    recorded_at: Moment
    ended_by: str | None
    ended_because: str | None


class PartiesOfLoan(TypedDict):
    """Every party, what each may be asked for, and who may reclaim what from whom."""

    loan_id: str
    as_of: Date
    currency: str
    parties: list[PartyOnRecord]
    owed_by: list[dict[str, object]]
    recourses: list[dict[str, object]]


class Valuation(TypedDict):
    """What a security was worth on a day."""

    on: Date
    value: Money


class Security(TypedDict):
    """A security of a loan, with its claims."""

    collateral_id: str
    kind: str
    person_id: str | None
    from_on: Date
    until: Date | None
    value: Money | None
    valuations: list[Valuation]
    covers: list[str]
    description: str | None
    reference: str | None
    insurer: str | None
    claims: list[dict[str, object]]
    recorded_by: str
    recorded_at: Moment


class SecurityOfLoan(TypedDict):
    """All security of a loan, ended ones too."""

    loan_id: str
    currency: str
    collateral: list[Security]


class ClaimsOpened(TypedDict):
    """The insurance on which a claim is open."""

    loan_id: str
    collateral: list[Security]


class LoanOfPerson(TypedDict):
    """A loan, and the person's last role in it."""

    loan_id: str
    role: str


class LoansOfPerson(TypedDict):
    """A page of the loans that a person owes or was a party of."""

    person_id: str
    loans: list[LoanOfPerson]
    next: str | None


class ReportTaken(TypedDict):
    """The report of the firm that handles a loan."""

    loan_id: str
    report_id: str
    status: str


class Member(TypedDict):
    """A member of a group and the loan."""

    person_id: str
    loan_id: str


class GroupVersion(TypedDict):
    """The group from a day on."""

    group_id: str
    from_on: Date
    joint_and_several: bool
    covers: str
    members: list[Member]


class GroupVersions(TypedDict):
    """Every version of a group, earliest first."""

    group_id: str
    versions: list[GroupVersion]


class CollectionSheet(TypedDict):
    """A collection sheet; its payments count once the cash was counted."""

    group_id: str
    sheet_id: str
    status: str
    met_on: Date
    currency: str
    total: Money
    rows: list[dict[str, object]]
    payments: list[dict[str, object]]
    recorded_by: str
    verified_by: str | None
