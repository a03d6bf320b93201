"""The JSON of a question about a claim: which procedure may it take on a day?

Every fact may be left out: then nobody stated it. Amounts are in euros, rates in per cent a year.
``claim_reading`` converts them to domain values.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from recovery.documents.questions.limitation_question import (
    DuePartBody,
    HistoryBody,
    PartName,
    Region,
)
from recovery.documents.questions.loan_question import MOST_INSTALMENTS, Body, Number, Rate
from recovery.documents.shared.fields import PRINTABLE, Amount, Day, Percent
from recovery.domain.judicial.amicable import Arrival, Item
from recovery.domain.judicial.rules import Title

Words = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=PRINTABLE)]
Ratio = Annotated[Percent, Field(le=1)]
_MOST = 100  # debtors, claims or acts of one question


def _in_words(value: object) -> object:
    """Say in words that there is no proof; that there is some says nothing of its kind."""
    if isinstance(value, bool):
        return None if value else "without proof"
    return value


Proof = Annotated[
    Words | None, BeforeValidator(_in_words, json_schema_input_type=str | bool | None)
]


class NegotiationBody(Body):
    """An attempt to settle: its kind and proof in words, the day it was received or closed, the
    reply (null: none), `to` whom it went; the first meeting (`met`) and the last concrete
    `proposal` once both talk."""

    kind: Words | None = None
    received: Day | None = None
    closed: Day | None = None
    reply: Words | None = None
    met: Day | None = None
    proposal: Day | None = None
    proof: Words | None = None
    to: Annotated[list[Words], Field(max_length=_MOST)] | None = None


class LetterBody(Body):
    """The last demand before costs: when it was sent (or received), its wording, and the costs it
    named."""

    sent: Day | None = None
    received: Day | None = None
    wording: Words | None = None
    term_days: Number | None = None
    amount_stated: Amount | None = None


class ActBody(Body):
    """Something done about the debt; `proof` in words, or false."""

    date: Day
    kind: Words
    proof: Proof = None


class GuarantorBody(Body):
    """A guarantor, and when they were told of the balance."""

    notified: Day | None = None


class AgreementBody(Body):
    """What was agreed before: in which form, and whether it was broken."""

    kind: Words | None = None
    form: Words | None = None
    breached: bool | None = None


class InsolvencyBody(Body):
    """An insolvency that was declared, or a notice of negotiations that was filed."""

    kind: Words
    declared: Day | None = None
    filed: Day | None = None


class HelpBody(Body):
    """Court protection or debt help, until its last day."""

    kind: Words
    until: Day | None = None


class RestraintBody(Body):
    """What holds the system back by the record: from and until when, both days included; `person`
    if it protects only one of several."""

    kind: Words
    since: Day
    until: Day | None = None
    person: Words | None = None


class PersonBody(Body):
    """One who owes."""

    name: Words


class ClaimBody(Body):
    """One of several claims against the same debtor."""

    principal: Amount


def _name_alone(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _principal_alone(value: object) -> object:
    is_amount = isinstance(value, str | int) and not isinstance(value, bool)
    return {"principal": value} if is_amount else value


def _not_applicable(value: object) -> object:
    return None if value == "n/a" else value


Person = Annotated[
    PersonBody, BeforeValidator(_name_alone, json_schema_input_type=PersonBody | str)
]
OneClaim = Annotated[
    ClaimBody, BeforeValidator(_principal_alone, json_schema_input_type=ClaimBody | str | int)
]
Attempt = Annotated[
    NegotiationBody | None,
    BeforeValidator(
        _not_applicable, json_schema_input_type=NegotiationBody | Literal["n/a"] | None
    ),
]


class EvidenceBody(Body):
    """One thing on record that friendly ways were tried: its reference, what became of it if it was
    sent, and when it was closed if it is a complaint or a dispute."""

    item: Item
    on: Day
    reference: Words
    arrival: Arrival | None = None
    closed_on: Day | None = None


class DebtHistoryBody(HistoryBody):
    """Parts, parties and acts with their proof, where more is known than `due` and
    `interruptions` say."""

    parts: Annotated[list[DuePartBody], Field(min_length=1, max_length=MOST_INSTALMENTS)]


class CostsBeforeBody(Body):
    """Costs of collection that were charged before on other parts of the same debt."""

    on: Day
    principal: Amount
    amount: Amount


class FactsBody(Body):
    """What is known of the claim."""

    action: Literal["credit_bureau_listing"] | None = None
    debtor_type: Words | None = None
    creditor_type: Literal["legal_person", "natural_person"] | None = None
    creditor_role: Words | None = None
    creditor: Words | None = None
    debtor: Words | None = None
    debtors: Annotated[list[Person], Field(max_length=_MOST)] | None = None
    wki_registered: bool | None = None
    title: Title | None = None
    product: Words | None = None
    secured: Words | None = None
    principal: Amount | None = None
    claims: Annotated[list[OneClaim], Field(min_length=1, max_length=_MOST)] | None = None
    principal_outstanding: Amount | None = None
    accrued_interest_claimed: Amount | None = None
    interest: Amount | None = None
    paid_in_time: Amount | None = None
    credit_sum: Amount | None = None
    instalment: Amount | None = None
    overdue_instalments: Number | None = None
    overdue_days: Number | None = None
    overdue_months: Number | None = None
    overdue_capital_ratio: Ratio | None = None
    term_months: Number | None = None
    elapsed: Words | None = None
    ordinary_rate: Rate | None = None
    late_rate: Rate | None = None
    acceleration_clause: Words | None = None
    acceleration_requested: bool | None = None
    notice_sent: Day | None = None
    due: Day | None = None
    liquid_due: bool | None = None
    certain_due: bool | None = None
    informed: bool | None = None
    address_known: bool | None = None
    address_searched: bool = False
    responsible_declaration: bool = False
    dispute: Words | None = None
    interruptions: Annotated[list[ActBody], Field(max_length=_MOST)] | None = None
    history: DebtHistoryBody | None = None
    parts_left_out: list[PartName] = Field(default_factory=list, max_length=MOST_INSTALMENTS)
    region: Region | None = None
    costs_before: list[CostsBeforeBody] = Field(default_factory=list, max_length=_MOST)
    vat_lost: Percent | None = None
    stage: Words | None = None
    masc: Attempt = None
    masc_others: list[NegotiationBody] = Field(default_factory=list, max_length=_MOST)
    letter14: LetterBody | None = None
    prior_agreement: AgreementBody | None = None
    liquidation_clause: bool | None = None
    balance_certificate: bool | None = None
    notarised_liquidation: bool | None = None
    debtor_notified: Day | None = None
    guarantor: GuarantorBody | None = None
    debtor_deceased: bool = False
    debtor_insolvency: InsolvencyBody | None = None
    debt_help: HelpBody | None = None
    restraints: list[RestraintBody] = Field(default_factory=list, max_length=_MOST)
    amicable: Annotated[list[EvidenceBody], Field(max_length=1000)] | None = None
    cross_border: bool | None = None
    civil_commercial: bool | None = None


class ProcedureQuestion(Body):
    """Which procedure may this claim take at ``as_of``, may it be filed now, and why?

    ``jurisdiction`` is a country's ISO code, or EU for a claim across a border of the Union.
    """

    id: str | int | None = None
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    as_of: Day
    facts: FactsBody
