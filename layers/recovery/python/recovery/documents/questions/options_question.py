"""The JSON of a question about options: a loan, a reason, and what its borrower can repay."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from recovery.documents.questions.assessment_question import Country, Language, pack_of
from recovery.documents.questions.evaluation_policy import read_policy_body
from recovery.documents.questions.household_body import Money, read_months
from recovery.documents.questions.loan_question import Body, LoanQuestion, PolicyBody, Rate
from recovery.documents.questions.loan_reading import read_loan
from recovery.documents.shared.fields import Amount, Day
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.domain.agreements.capacity import Capacity
from recovery.domain.agreements.capacity_rules import CapacityPack
from recovery.domain.agreements.household import MONTHS, NO_MONTHS
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.option_search import Trouble
from recovery.domain.agreements.policy import (
    AgreementsPolicy,
    OptionsPolicy,
    SettlementTier,
    agreements_problems,
)

Reason = Literal[
    "lean_season", "less_income", "more_costs", "one_off", "other_day", "lasting", "not_said"
]
_PERCENT = Annotated[int, Field(ge=0, le=99)]
_DEFAULT = OptionsPolicy()


class CapacityBody(Body):
    """What the borrower can repay, as `recovery assess` answers it: ``free_by_month`` is left after
    living and debts with others, January first; ``ceiling`` the most of a month's instalments."""

    free_by_month: Annotated[list[Amount], Field(min_length=MONTHS, max_length=MONTHS)]
    ceiling: Amount | None = None
    margin_percent: _PERCENT = 30


class TierBody(Body):
    """Who may let go up to so much of what is owed."""

    role: Literal["advisor", "supervisor", "legal"]
    most_percent: Annotated[int, Field(ge=0, le=100)]


class HelpBody(Body):
    """How far help may go: the policy's section agreements.options."""

    most_parts: int = _DEFAULT.most_parts
    most_periods_off: int = _DEFAULT.most_periods_off
    most_extra_instalments: int = _DEFAULT.most_extra_instalments
    lower_rates_pct: list[Rate] = Field(default=[], max_length=20)
    tiers: list[TierBody] = Field(default=[], max_length=10)
    settlement_days: int = _DEFAULT.settlement_days
    most_restructurings: int = _DEFAULT.most_restructurings
    restructurings_within_days: int = _DEFAULT.restructurings_within_days


class OptionsQuestion(LoanQuestion):
    """What can be done for this borrower, what would each option cost, and who may approve it?

    ``other_loans``: instalments on the borrower's other loans with us. ``due_day``: the day of the
    month that suits their income. ``lump_sum``: what they can pay at once.
    """

    policy: PolicyBody | None = None
    reason: Reason = "not_said"
    capacity: CapacityBody
    help: HelpBody = HelpBody()
    other_loans: Money | None = None
    due_day: Annotated[int, Field(ge=1, le=31)] | None = None
    lump_sum: Amount = "0"
    country: Country | None = None
    language: Language = "en"
    as_of: Day


@dataclass(frozen=True, slots=True)
class OptionsAsked:
    """A question about options, read."""

    id: str | int | None
    trouble: Trouble
    pack: CapacityPack
    country: str | None
    language: str


def options_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(OptionsQuestion.model_json_schema(by_alias=True), indent=2)


def read_options_question(values: Any) -> OptionsAsked:
    """Read one question, given as JSON values. Raises InvalidDocumentError."""
    body: OptionsQuestion = validated(OptionsQuestion, values)
    account = read_loan(body)
    problems = ProblemList(account.currency)
    if any(version.on > body.as_of for version in account.history.versions):
        problems.add("as_of", "is before a later version", "Use that version's day or later")
    capacity = _capacity(body.capacity, problems)
    other = body.other_loans
    own = read_months(other, problems, "other_loans") if other else NO_MONTHS
    lump_sum_minor = problems.amount_minor(body.lump_sum, "lump_sum")
    help_policy = _help(body.help)
    problems.raise_if_any()
    policy = read_policy_body(body.policy, account.currency, account.first_year, body.as_of)
    trouble = Trouble(
        account=account,
        rules=policy.rules,
        on=body.as_of,
        reason=Difficulty(body.reason),
        capacity=capacity,
        policy=help_policy,
        own=own,
        due_day=body.due_day,
        lump_sum_minor=lump_sum_minor,
    )
    return OptionsAsked(body.id, trouble, pack_of(body.country), body.country, body.language)


def _capacity(body: CapacityBody, problems: ProblemList) -> Capacity:
    ceiling = body.ceiling
    return Capacity(
        currency=problems.currency,
        free_by_month=tuple(
            problems.amount_minor(each, f"capacity.free_by_month.{index}")
            for index, each in enumerate(body.free_by_month)
        ),
        ceiling_minor=None
        if ceiling is None
        else problems.amount_minor(ceiling, "capacity.ceiling"),
        margin_percent=body.margin_percent,
    )


def _help(body: HelpBody) -> OptionsPolicy:
    policy = OptionsPolicy(
        most_parts=body.most_parts,
        most_periods_off=body.most_periods_off,
        most_extra_instalments=body.most_extra_instalments,
        lower_rates_pct=tuple(body.lower_rates_pct),
        tiers=tuple(SettlementTier(role=e.role, most_percent=e.most_percent) for e in body.tiers),
        settlement_days=body.settlement_days,
        most_restructurings=body.most_restructurings,
        restructurings_within_days=body.restructurings_within_days,
    )
    wrong = tuple(agreements_problems(AgreementsPolicy(options=policy)))
    if wrong:
        named = (replace(e, field=e.field.replace("options", "help", 1)) for e in wrong)
        raise InvalidDocumentError(*named)
    return policy
