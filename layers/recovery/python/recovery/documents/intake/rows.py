"""The rows of a portfolio delivery, and how to reject one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from recovery.documents.intake.act_columns import ActColumns, Ids
from recovery.documents.intake.columns import (
    Amount,
    Channel,
    CollateralKind,
    Component,
    Country,
    Covers,
    Currency,
    Email,
    FactKind,
    Id,
    Language,
    Liability,
    Name,
    Number,
    Parts,
    PartyRole,
    Phone,
    PositiveAmount,
    Privacy,
    Purpose,
    Rate,
    Reason,
    ReasonCode,
    Share,
    TimeZone,
    YesOrNo,
)
from recovery.documents.shared.fields import Day
from recovery.domain.shared.errors import Problem

Kind = Literal["borrowers", "loans", "instalments", "payments", "parties", "collateral", "facts"]
Cause = Literal["encoding", "numbers", "dates"]

# Columns that hold a decimal number or a day, in whatever file.
NUMBERS = frozenset(
    {
        "principal",
        "annual_rate_pct",
        "interest",
        "fee",
        "penalty",
        "amount",
        "share_pct",
        "limit",
        "value",
        "costs",
        "late_rate_pct",
    }
)
DATES = frozenset(
    {
        "contact_confirmed_on",
        "disbursed_on",
        "due_date",
        "value_date",
        "from_on",
        "until",
        "valid_until",
        "on",
        "from",
        "to",
        "sent_on",
        "received_on",
        "by_on",
        "final_on",
    }
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row was rejected and what to do about it; never holds a borrower's personal data.

    ``row`` is 1 for the first data row and 0 for the file as a whole. The problem's field is the
    column, empty if the row as a whole is at fault. ``line`` is where the row begins in the file,
    from 1. ``loan_id`` is the row's loan, if it could be read. ``cause`` is set if the file seems
    to be written otherwise than the manifest declares.
    """

    file: Kind
    row: int
    problem: Problem
    line: int = 0
    loan_id: str = ""
    cause: Cause | None = None


class _Values(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BorrowerRow(_Values):
    """Who owes, where they live, their language, and how they agreed to be contacted.

    A consent that is empty or not delivered is not known, which is no yes.
    ``second_language`` is the one to use where there are no texts in the first.
    ``email_privacy`` and ``phone_privacy``: whether others may see what is sent there, None if
    nobody said; ``address_safe`` says it for both in one word. ``barred``: the phone number may not
    be used.
    """

    borrower_id: Id
    name: Name
    language: Language
    country: Country
    time_zone: TimeZone | None = None
    email: Email | None = None
    phone: Phone | None = None
    preferred_channel: Channel | None = None
    email_consent: YesOrNo | None = None
    sms_consent: YesOrNo | None = None
    contact_confirmed_on: Day | None = None
    address_safe: YesOrNo | None = None
    email_privacy: Privacy | None = None
    phone_privacy: Privacy | None = None
    barred: YesOrNo = False
    second_language: Language | None = None


class LoanRow(_Values):
    """A loan as disbursed; ``principal`` is a decimal string in ``currency``.

    ``place`` is the municipality, ``law`` the country whose law governs the contract.
    """

    loan_id: Id
    borrower_id: Id
    portfolio: Name
    currency: Currency
    principal: PositiveAmount
    disbursed_on: Day
    annual_rate_pct: Rate | None = None
    advisor_name: Name
    advisor_phone: Phone | None = None
    product: Name | None = None
    branch: Name | None = None
    place: Name | None = None
    sector: Name | None = None
    employer: Name | None = None
    purpose: Purpose | None = None
    law: Country | None = None


class InstalmentRow(_Values):
    """One instalment of a schedule; decimal strings in the loan's currency."""

    loan_id: Id
    number: Number
    due_date: Day
    principal: Amount
    interest: Amount = "0"
    fee: Amount = "0"
    penalty: Amount = "0"


class PaymentRow(_Values):
    """Money received for a loan; ``amount`` is a decimal string in the loan's currency."""

    payment_id: Id
    loan_id: Id
    value_date: Day
    amount: PositiveAmount
    currency: Currency | None = None
    reference: Name | None = None


class PartyRow(_Values):
    """Who else answers for a loan; ``limit`` is a decimal string in the loan's currency.

    Liability is never presumed: whether a party owes all or ``share_pct`` comes from the contract.
    ``subsidiary``: the creditor must turn to the borrower before this guarantor.
    """

    loan_id: Id
    person_id: Id
    role: PartyRole
    liability: Liability | None = None
    share_pct: Share | None = None
    limit: PositiveAmount | None = None
    subsidiary: YesOrNo | None = None
    from_on: Day | None = None
    until: Day | None = None


class CollateralRow(_Values):
    """What secures a loan; ``value`` is a decimal string in ``currency``.

    ``person_id`` is who owns it or whose life is insured, if not the borrower. ``reference`` is the
    number of the policy, account, plate or register.
    """

    collateral_id: Id
    loan_id: Id
    kind: CollateralKind
    description: Name | None = None
    value: PositiveAmount | None = None
    currency: Currency | None = None
    reference: Name | None = None
    insurer: Name | None = None
    valid_until: Day | None = None
    person_id: Id | None = None
    covers: Covers | None = None

    @property
    def covered(self) -> frozenset[Literal["death", "disability"]]:
        """What the insurance pays for."""
        both: tuple[Literal["death", "disability"], ...] = ("death", "disability")
        return frozenset(each for each in both if each in (self.covers or ""))


class FactRow(ActColumns, _Values):
    """What happened to a loan's money beside payments; which columns it fills depends on its kind.

    The columns are the fields of the API's body; ``amount`` is a decimal string in the loan's
    currency. ``parts`` are days and amounts, as ``2026-03-31 75.00; 2026-04-30 75.00``;
    ``signed_by`` ids with spaces between them.
    """

    fact_id: Id
    loan_id: Id
    kind: FactKind
    reason: Reason
    on: Day | None = None
    component: Component | None = None
    amount: PositiveAmount | None = None
    currency: Currency | None = None
    instalment: Number | None = None
    payment_id: Id | None = None
    reason_code: ReasonCode | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    pause_id: Id | None = None
    undoes: Id | None = None
    schedule_id: Id | None = None
    parts: Parts | None = None
    signed_by: Ids | None = None


Values = BorrowerRow | LoanRow | InstalmentRow | PaymentRow | PartyRow | CollateralRow | FactRow
MODELS: Mapping[Kind, type[Values]] = {
    "borrowers": BorrowerRow,
    "loans": LoanRow,
    "instalments": InstalmentRow,
    "payments": PaymentRow,
    "parties": PartyRow,
    "collateral": CollateralRow,
    "facts": FactRow,
}


def columns_of(kind: Kind) -> dict[str, FieldInfo]:
    """Return the columns of a file by name, in order."""
    fields = MODELS[kind].model_fields
    return {field.alias or name: field for name, field in fields.items()}
