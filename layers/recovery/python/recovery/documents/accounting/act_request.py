"""What was done about a debt as JSON: one model per kind of act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from recovery.documents.accounting.fact_body import FactFields
from recovery.documents.questions.loan_question import Number, Rate
from recovery.documents.shared.fields import PRINTABLE, Amount, Day, Identifier
from recovery.documents.shared.problems import ProblemList
from recovery.domain.accounting.acts import (
    ACT_KINDS,
    Act,
    Form,
    ListingStep,
    Medium,
    Proof,
    Purpose,
    Step,
    SuitOutcome,
    Title,
)

Persons = Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=20, strict=False)]
Numbers = Annotated[tuple[Number, ...], Field(max_length=1000, strict=False)]
# Of a scan, a carrier or a court: no name of a person.
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/#:-]{0,99}$")]
Place = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTABLE),
]
Wording = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=PRINTABLE),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,59}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]


class DemandAct(FactFields):
    """Somebody was told to pay. `on`: the day it reached them, was refused, could last be
    collected, or came back."""

    kind: Literal["demand"]
    on: Day | None = None
    persons: Persons
    medium: Medium
    proof: Proof
    purpose: Purpose = "payment"
    sent_on: Day | None = None
    reference: Reference = ""
    amount: Amount | None = None
    costs: Amount | None = None
    wording: Wording = ""
    term_days: Number | None = None
    instalments: Numbers = ()


class AcknowledgementAct(FactFields):
    """Somebody said that they owe the debt."""

    kind: Literal["acknowledgement"]
    on: Day | None = None
    persons: Persons
    medium: Medium
    proof: Proof
    reference: Reference = ""
    amount: Amount | None = None


class NegotiationAct(FactFields):
    """A request to negotiate. `on`: the day of the attempt; `received_on`: when they had it."""

    kind: Literal["negotiation"]
    on: Day | None = None
    persons: Persons
    form: Form
    medium: Medium
    proof: Proof
    received_on: Day | None = None
    reference: Reference = ""


class NegotiationStepAct(FactFields):
    """What came of a request to negotiate, never what was said in it."""

    kind: Literal["negotiation_step"]
    on: Day | None = None
    negotiation_id: Identifier
    step: Step
    proof: Proof = "none"
    reference: Reference = ""


class SuitAct(FactFields):
    """A procedure was filed. `procedure`: its code, such as ES_MONITORIO; `told_by`: who says that
    it was filed elsewhere, without an approval here."""

    kind: Literal["suit"]
    on: Day | None = None
    persons: Persons
    procedure: Code
    court: Place = ""
    reference: Reference = ""
    amount: Amount | None = None
    instalments: Numbers = ()
    told_by: Place = ""


class SuitEndAct(FactFields):
    """A suit is over: a final decision, or none any more."""

    kind: Literal["suit_end"]
    on: Day | None = None
    suit_id: Identifier
    outcome: SuitOutcome
    reference: Reference = ""
    amount: Amount | None = None


class CalledInAct(FactFields):
    """The whole loan was called in; `demand_id`: the demand that came before."""

    kind: Literal["called_in"]
    on: Day | None = None
    demand_id: Identifier | None = None
    reference: Reference = ""


class ContractAct(FactFields):
    """What the contract's paper says."""

    kind: Literal["contract"]
    on: Day | None = None
    title: Title | None = None
    late_rate_pct: Rate | None = None
    called_in_after: Number | None = None
    liquidation_clause: bool | None = None
    names_bureau: bool | None = None
    secured_by_home: bool | None = None
    region: Region | None = None
    reference: Reference = ""


class ListingAct(FactFields):
    """The debt was given to a register of unpaid debts."""

    kind: Literal["listing"]
    on: Day | None = None
    persons: Persons
    bureau: Place
    amount: Amount
    reference: Reference = ""


class ListingChangeAct(FactFields):
    """What became of a listing; a correction has the new amount."""

    kind: Literal["listing_change"]
    on: Day | None = None
    listing_id: Identifier
    step: ListingStep
    amount: Amount | None = None
    reference: Reference = ""


AnyAct = (
    DemandAct
    | AcknowledgementAct
    | NegotiationAct
    | NegotiationStepAct
    | SuitAct
    | SuitEndAct
    | CalledInAct
    | ContractAct
    | ListingAct
    | ListingChangeAct
)
_AMOUNTS = ("amount", "costs")
_NOT_OF_THE_ACT = {"fact_id", "kind", "reason", "on", *_AMOUNTS}


def act_of(body: Any, on: Any, problems: ProblemList) -> Act:
    """Convert a body of one of these kinds; amounts it cannot read are added to the problems."""
    amounts = {
        f"{name}_minor": problems.positive_minor(text, name)
        for name in _AMOUNTS
        if (text := getattr(body, name, None)) is not None
    }
    rest = {
        name: value
        for name in type(body).model_fields
        if name not in _NOT_OF_THE_ACT and (value := getattr(body, name)) is not None
    }
    make: Callable[..., Act] = ACT_KINDS[body.kind]
    return make(on=on, **rest, **amounts)
