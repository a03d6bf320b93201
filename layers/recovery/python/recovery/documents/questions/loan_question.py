"""The JSON of a question about a loan: the loan, what happened to it, and the policy.

The JSON Schema is made from these models; amounts are decimal strings in the loan's currency.
``loan_reading`` converts them to domain values.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from recovery.documents.shared.fields import COUNTRY, PRINTABLE, Amount, Currency, Day, Percent
from recovery.domain.shared.business_calendar import Weekday
from recovery.domain.shared.limits import MAX_DAYS

Text = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=PRINTABLE)]
Component = Literal["principal", "interest", "fee", "penalty"]
Days = Annotated[int, Field(ge=0, le=MAX_DAYS)]
Number = Annotated[int, Field(ge=0, le=100_000)]
MOST_INSTALMENTS = 1200
_MOST_ROWS = 5000  # in a schedule, with those that restructurings added
Rate = Annotated[Percent, Field(le=1000)]
MOST_FACTS = 100_000


class Body(BaseModel):
    """A part of a document: no unknown fields, no values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class InstalmentBody(Body):
    """One scheduled amount by component; omitted components are 0."""

    number: Number
    due_date: Day
    principal: Amount = "0"
    interest: Amount = "0"
    fee: Amount = "0"
    penalty: Amount = "0"


Instalments = Annotated[list[InstalmentBody], Field(min_length=1, max_length=_MOST_ROWS)]


class ComponentsBody(Body):
    """An amount by component; omitted components are 0."""

    principal: Amount = "0"
    interest: Amount = "0"
    fee: Amount = "0"
    penalty: Amount = "0"


class VersionBody(Body):
    """A later version of the schedule, as `recovery restructure` returns it. With ``due_before``
    (what had become due until then), back-dated facts still count."""

    version: Annotated[int, Field(ge=2, le=9999)]
    on: Day
    kind: Text
    days_past_due: Annotated[int, Field(ge=0)] = 0
    due_before: ComponentsBody | None = None
    waived: ComponentsBody = ComponentsBody()
    annual_rate_pct: Rate | None = None
    instalments: Instalments


class HolidaysBody(Body):
    """Business days: a country's weekend and public holidays (ISO 3166, for example "PE",
    optionally with a subdivision), the institution's own holidays, and days it works anyway."""

    country: Annotated[str, StringConstraints(pattern=COUNTRY)] | None = None
    subdivision: Text | None = None
    weekend: list[Weekday] | None = None
    holidays: list[Day] = []
    working_days: list[Day] = []


class TermsBody(Body):
    """The terms to build a schedule from; see `recovery schedule --help`."""

    instalments: Annotated[int, Field(ge=1, le=MOST_INSTALMENTS)]
    frequency: Literal["DAYS", "WEEKS", "MONTHS"] = "MONTHS"
    every: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 1
    first_due_date: Day | None = None
    due_dates: list[Day] | None = None
    end_of_month: bool = False
    roll: Literal["none", "following", "preceding", "modified_following"] = "none"
    business_days: HolidaysBody | None = None
    interest_method: Literal["flat", "declining_balance"] = "declining_balance"
    amortisation: Literal["equal_instalment", "equal_principal", "interest_only"] = (
        "equal_instalment"
    )
    balloon: Amount = "0"
    principal_shares: list[Annotated[int, Field(ge=0)]] | None = None
    day_count: Literal["30/360", "actual/365", "actual/360", "actual/actual"] = "30/360"
    interest_period: Literal["period", "daily"] = "period"
    grace_principal: Days = 0
    grace_interest: Days = 0
    interest_free: Days = 0
    fee: Amount = "0"
    rounding: Literal["half_even", "half_up"] = "half_even"
    multiple_of: Amount | None = None


class LoanBody(Body):
    """The contract: the schedule as first agreed, or the terms to build it from. With both, the
    instalments count, and the terms define how a restructuring calculates interest. ``id`` is
    echoed if the question has none of its own."""

    id: str | int | None = None
    currency: Currency
    principal: Amount | None = None
    disbursed_on: Day | None = None
    annual_rate_pct: Rate | None = None
    instalments: Instalments | None = None
    terms: TermsBody | None = None
    versions: Annotated[list[VersionBody], Field(max_length=1000)] = []


class PaymentBody(Body):
    """Money received; ``instalment`` if meant for that one; ``reversed_on`` if it turned out not to
    have been received."""

    id: Text | None = None
    value_date: Day
    amount: Amount
    instalment: Number | None = None
    reversed_on: Day | None = None


class PauseBody(Body):
    """An agreed pause in the day count: (from, to], open-ended without ``to``; ``resumed_on`` ended
    it early."""

    from_: Day = Field(alias="from")
    to: Day | None = None
    resumed_on: Day | None = None


class ChargeBody(Body):
    """A fee or penalty owed from a date, on a named instalment or the first due from then on."""

    on: Day
    component: Literal["fee", "penalty"]
    amount: Amount
    instalment: Number | None = None


class WaiverBody(Body):
    """A waived component: the amount, or everything unpaid if omitted."""

    on: Day
    component: Component
    amount: Amount | None = None
    instalment: Number | None = None


class ChargebackBody(Body):
    """What the payer's bank took back of a payment; owed again from that date."""

    payment: Text
    on: Day
    amount: Amount


class AllocationBody(Body):
    """By instalment or by component, in which order, and what a prepayment pays."""

    order: list[Component] = ["penalty", "fee", "interest", "principal"]
    by: Literal["instalment", "component"] = "instalment"
    prepayment: Literal["next_instalment", "last_instalment", "reduce_instalment"] = (
        "next_instalment"
    )


class ToleranceBody(Body):
    """What may stay unpaid without being late; the largest of these counts."""

    amount: Amount = "0"
    percent_of_instalment: Percent = Field(default="0", validate_default=True)
    percent_of_principal: Percent = Field(default="0", validate_default=True)


def _amount_alone(value: object) -> object:
    return {"amount": value} if isinstance(value, str | int) else value


ToleranceOrAmount = Annotated[
    ToleranceBody, BeforeValidator(_amount_alone, json_schema_input_type=ToleranceBody | str)
]


class BucketBody(Body):
    """A band of days delinquent, both ends included; open-ended without ``max_days``."""

    name: Text
    min_days: Days
    max_days: Annotated[int, Field(ge=0)] | None = None


class LateChargeBody(Body):
    """A fee or penalty by rule: fixed or percentage, once per instalment or per day, capped."""

    component: Literal["fee", "penalty"] = "penalty"
    per: Literal["instalment", "day"] = "instalment"
    amount: Amount = "0"
    percent: Percent = Field(default="0", validate_default=True)
    of: list[Component] = ["principal", "interest"]
    from_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 1
    cap: Amount | None = None
    cap_percent: Percent | None = None


class ContagionBody(Body):
    """Loans this late pull the borrower's other loans into their bucket."""

    from_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 91
    over_percent: Percent = Field(default="0", validate_default=True)


class PolicyBody(Body):
    """How to evaluate the loan; anything omitted is as in the default policy."""

    grace_days: Days = 0
    allocation: AllocationBody = AllocationBody()
    tolerance: ToleranceOrAmount | None = None
    buckets: Annotated[list[BucketBody], Field(min_length=1)] | None = None
    business_days: HolidaysBody | None = None
    late_charges: Annotated[list[LateChargeBody], Field(max_length=100)] = []
    contagion: ContagionBody | None = None


class LoanQuestion(Body):
    """One loan and what happened to it, in any order."""

    id: str | int | None = None
    loan: LoanBody
    payments: Annotated[list[PaymentBody], Field(max_length=MOST_FACTS)] = []
    pauses: Annotated[list[PauseBody], Field(max_length=1000)] = []
    charges: Annotated[list[ChargeBody], Field(max_length=MOST_FACTS)] = []
    waivers: Annotated[list[WaiverBody], Field(max_length=MOST_FACTS)] = []
    chargebacks: Annotated[list[ChargebackBody], Field(max_length=MOST_FACTS)] = []


class ScheduleQuestion(Body):
    """Which schedule follows from these terms?"""

    id: str | int | None = None
    loan: LoanBody


class EvaluationQuestion(LoanQuestion):
    """What is owed on this loan at ``as_of``, since when, on which instalments?"""

    policy: PolicyBody | None = None
    as_of: Day


class BorrowerQuestion(Body):
    """The same for all loans of one borrower, so that contagion applies."""

    id: str | int | None = None
    loans: Annotated[list[LoanQuestion], Field(min_length=1, max_length=1000)]
    policy: PolicyBody | None = None
    as_of: Day
