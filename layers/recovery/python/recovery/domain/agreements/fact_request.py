"""What a client asks to record about a loan: a fact, or what is to be worked out first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.domain.accounting.agreed import Part
from recovery.domain.accounting.fact import RecordedFact
from recovery.domain.accounting.history import ComponentName
from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.said import DisputeKind, DisputeOutcome
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.restructuring import Action


@dataclass(frozen=True, slots=True)
class Restructure:
    """A restructuring, to be worked out against the loan as it is: see ``restructure``."""

    action: Action
    on: date
    waive: tuple[ComponentName, ...] = ()


@dataclass(frozen=True, slots=True)
class CoreSchedule:
    """From ``on``, the core banking system has this schedule."""

    instalments: tuple[Instalment, ...]
    on: date
    annual_rate_pct: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """A promise to pay, to be completed with what the policy allows; see ``Promise``."""

    on: date
    amount_minor: int
    pay_on: date
    channel: str
    pay_by: str | None = None
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class DisputeMade:
    """A dispute, to be completed with the deadline of its answer; see ``Dispute``."""

    on: date
    about: DisputeKind
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class DisputeAnswered:
    """The answer to a dispute, with what is put right if the person was right.

    ``answer`` is what the person reads. ``paid_on`` is the value date of the payment that was
    missing, of the disputed amount; ``undoes`` are the charges that would not have been made.
    """

    dispute_id: str
    on: date
    outcome: DisputeOutcome
    answer: str = ""
    paid_on: date | None = None
    undoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferMade:
    """An offer, to be completed with every option that fits and why not the rest; see ``Offer``.

    ``due_day``, ``lump_sum_minor`` and ``starts_on``, before which nothing new is asked for, are
    what suits the borrower; ``expires_on`` None: as the policy says.
    """

    on: date
    difficulty: Difficulty
    lump_sum_minor: int = 0
    due_day: int | None = None
    expires_on: date | None = None
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementMade:
    """The debtors' yes to one option of an offer, to be completed with what was shown; see
    ``Agreement``."""

    on: date
    offer_id: str
    option: str
    yes: str
    proof: str
    signed_by: tuple[str, ...]
    witness: str = ""
    consented: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    objected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreedElsewhere:
    """A payment plan agreed outside this system: what is overdue in parts, the id of its paper, and
    who signed it, where that is known."""

    on: date
    parts: tuple[Part, ...]
    proof: str
    signed_by: tuple[str, ...] = ()


Asked = (
    RecordedFact
    | Restructure
    | CoreSchedule
    | PromiseMade
    | DisputeMade
    | DisputeAnswered
    | OfferMade
    | AgreementMade
    | AgreedElsewhere
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRequest:
    """A fact to record, with the client's id and the reason for people to read.

    ``said`` is the request as the client sent it, by which a repeat is known: dates it left out
    become those of the day on which it is read.
    """

    fact_id: str
    loan_id: str
    fact: Asked
    reason: str
    said: str | None = None
