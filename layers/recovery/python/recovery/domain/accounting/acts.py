"""What was done about a debt before, in and beside court: dated facts of one loan, kept as said.

They change nothing that is owed. What the law makes of them is judged in ``judicial``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# "proven": there is evidence of content, date, and that it reached, or came from, the person.
Proof = Literal["proven", "refused", "uncollected", "returned", "none"]
Medium = Literal[
    "burofax",
    "registered_letter",
    "letter",
    "by_hand",
    "bailiff",
    "notary",
    "certified_email",
    "certified_sms",
    "email",
    "sms",
    "phone",
    "visit",
    "court",
]
# What a demand is for. Each has conditions of its own, and each asks for payment too.
Purpose = Literal["payment", "before_costs", "before_calling_in", "before_listing", "balance"]
Form = Literal[
    "direct_negotiation",
    "binding_offer",
    "conciliation",
    "mediation",
    "neutral_expert",
    "collaborative_law",
]
Step = Literal["answered", "meeting", "proposal", "refused", "ended_in_writing", "agreed"]
# A settlement ends a suit without a decision; it has a record of its own.
SuitOutcome = Literal["upheld", "dismissed", "withdrawn", "settled", "expired"]
Title = Literal[
    "signed_private_contract",
    "unilateral_document",
    "no_document",
    "notarial_poliza",
    "public_deed",
    "promissory_note_valid",
    "promissory_note_without_due_date",
    "promissory_note_without_the_word_pagare",
    "blank_promissory_note_linked_to_consumer_loan",
]
ListingStep = Literal["bureau_told_debtor", "disputed", "corrected", "removed"]
ENDS: tuple[Step, ...] = ("refused", "ended_in_writing", "agreed")
_SPOKEN: tuple[Medium, ...] = ("phone", "visit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """``persons`` were told to pay. ``on`` is the day on which it reached them, was refused, could
    last be collected, or came back.

    ``reference`` names the scan or the carrier's number. ``amount_minor`` is what was demanded,
    ``costs_minor`` the costs that it named, ``wording`` how it stated its term, ``term_days`` that
    term. ``instalments`` are those that it was about; () the whole debt.
    """

    on: date
    persons: tuple[str, ...]
    medium: Medium
    proof: Proof
    purpose: Purpose = "payment"
    sent_on: date | None = None
    reference: str = ""
    amount_minor: int | None = None
    costs_minor: int | None = None
    wording: str = ""
    term_days: int | None = None
    instalments: tuple[int, ...] = ()

    @property
    def written(self) -> bool:
        return self.medium not in _SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """``persons`` said that they owe the debt, on ``on``."""

    on: date
    persons: tuple[str, ...]
    medium: Medium
    proof: Proof
    reference: str = ""
    amount_minor: int | None = None

    @property
    def written(self) -> bool:
        return self.medium not in _SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationOpened:
    """``persons`` were asked to negotiate; ``on`` is the day of the attempt, ``received_on`` that
    on which they had it."""

    on: date
    persons: tuple[str, ...]
    form: Form
    medium: Medium
    proof: Proof
    received_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationStep:
    """What came of a request to negotiate. What was said is confidential: it is kept nowhere."""

    negotiation_id: str
    on: date
    step: Step
    proof: Proof = "none"
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suit:
    """On ``on`` a procedure was filed against ``persons``.

    ``procedure`` is its code, such as ES_MONITORIO; ``court`` and ``reference`` are the court's
    name and its number of the case. ``amount_minor`` is what is claimed. ``told_by`` is who says
    that it was filed elsewhere, or before there were approvals here; "" if it was filed by us.
    """

    on: date
    persons: tuple[str, ...]
    procedure: str
    court: str = ""
    reference: str = ""
    amount_minor: int | None = None
    instalments: tuple[int, ...] = ()
    told_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitEnd:
    """On ``on`` the suit was over: a decision that is final, or none any more."""

    suit_id: str
    on: date
    outcome: SuitOutcome
    reference: str = ""
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledIn:
    """On ``on`` the whole loan was called in. ``demand_id`` is the demand that came before."""

    on: date
    demand_id: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What the contract says, from ``on``, as read from its paper; None: nobody read it.

    ``late_rate_pct`` is the yearly rate for late payment, ``called_in_after`` so many missed
    instalments, ``liquidation_clause`` whether the parties agreed how the balance is worked out,
    ``names_bureau`` whether it tells the debtor of the register of unpaid debts. ``region`` is the
    place whose courts are competent, such as ES-V.
    """

    on: date
    title: Title | None = None
    late_rate_pct: Decimal | None = None
    called_in_after: int | None = None
    liquidation_clause: bool | None = None
    names_bureau: bool | None = None
    secured_by_home: bool | None = None
    region: str | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """On ``on`` the debt of ``persons`` was given to a register of unpaid debts."""

    on: date
    persons: tuple[str, ...]
    bureau: str
    amount_minor: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingChange:
    """What became of a listing; ``amount_minor`` is the corrected amount."""

    listing_id: str
    on: date
    step: ListingStep
    amount_minor: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A listing that is there, kept with the loan's state: it says ``amount_minor``, has to be put
    right in ``within_days``, and goes by ``delete_by``; None: nobody knows."""

    listing_id: str
    amount_minor: int
    within_days: int
    delete_by: date | None = None
    disputed: bool = False


Act = (
    Demand
    | Acknowledgement
    | NegotiationOpened
    | NegotiationStep
    | Suit
    | SuitEnd
    | CalledIn
    | ContractTerms
    | Listing
    | ListingChange
)
ACT_KINDS: dict[str, type[Act]] = {
    "acknowledgement": Acknowledgement,
    "called_in": CalledIn,
    "contract": ContractTerms,
    "demand": Demand,
    "listing": Listing,
    "listing_change": ListingChange,
    "negotiation": NegotiationOpened,
    "negotiation_step": NegotiationStep,
    "suit": Suit,
    "suit_end": SuitEnd,
}


def act_in_words(fact: Act, kind: str) -> str:
    """Describe an act for the timeline, such as "demand before costs, burofax, refused"."""
    said = kind.replace("_", " ")
    match fact:
        case Demand():
            for_what = "" if fact.purpose == "payment" else f" {fact.purpose.replace('_', ' ')}"
            rest: tuple[str, ...] = (f"{said}{for_what}", fact.medium, _proof(fact.proof))
        case Acknowledgement():
            rest = (said, fact.medium, _proof(fact.proof))
        case NegotiationOpened():
            rest = (f"request for {fact.form}", fact.medium, _proof(fact.proof))
        case NegotiationStep():
            rest = (f"negotiation {fact.negotiation_id}", fact.step)
        case Suit():
            rest = (f"filed {fact.procedure}", fact.court)
        case SuitEnd():
            rest = (f"suit {fact.suit_id}", fact.outcome)
        case CalledIn():
            rest = ("the whole loan called in",)
        case ContractTerms():
            rest = ("the contract says",)
        case Listing():
            rest = (f"listed in {fact.bureau}",)
        case ListingChange():
            rest = (f"listing {fact.listing_id}", fact.step)
    persons: tuple[str, ...] = getattr(fact, "persons", ())
    words = (*(each.replace("_", " ") for each in rest if each), *_named(fact, persons))
    return ", ".join(words)


def _proof(proof: Proof) -> str:
    return "no proof" if proof == "none" else proof


def _named(fact: Act, persons: tuple[str, ...]) -> tuple[str, ...]:
    reference = (f"reference {fact.reference}",) if fact.reference else ()
    return (*((f"persons {' '.join(persons)}",) if persons else ()), *reference)
