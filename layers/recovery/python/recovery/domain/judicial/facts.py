"""What is known of a claim. None means that nobody said; it is never read as a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from recovery.domain.judicial.amicable import Evidence
from recovery.domain.judicial.collection_costs import EarlierCosts
from recovery.domain.judicial.limitation import LimitationFacts
from recovery.domain.judicial.limitation_acts import LimitationAct
from recovery.domain.judicial.rules import CreditorRole, DebtorType, Stage, Title

Dispute = Literal["none", "contested", "formal"]
Insolvency = Literal["declared", "standstill", "discharged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiation:
    """An attempt to settle before suing.

    ``received`` on which the other side got the request; ``to`` whom it went, None if nobody said;
    ``ended_in_writing``: one side declared it over; ``reply`` whether there was one; ``met`` and
    ``proposal`` the first meeting and the last concrete proposal in the talks.
    """

    kind: str | None = None
    received: date | None = None
    closed: date | None = None
    proof: str | None = None
    to: tuple[str, ...] | None = None
    reply: bool = False
    ended_in_writing: bool = False
    met: date | None = None
    proposal: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The last demand before costs may be charged; ``wording`` is the text of its term, of
    ``term_days`` if it names them."""

    sent: date | None = None
    received: date | None = None
    wording: str | None = None
    term_days: int | None = None
    amount_stated_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something done about a debt on a day, as whoever knows it described it.

    ``meaning`` is how the law sees it, None if nobody understood the words.
    """

    on: date
    kind: str
    meaning: LimitationAct | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was agreed before; ``form`` is None if nobody said."""

    form: Literal["private", "deed", "homologated"] | None = None
    breached: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Court protection or debt help: until its last day, None without a known end."""

    by_court: bool
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A restraint that forbids judicial steps: until its last day, None without a known end.

    ``person`` is the one among several whom alone it protects; None: the whole claim.
    """

    kind: str
    since: date
    until: date | None = None
    person: str | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One claim at one day. Amounts are minor units of ``currency``.

    ``principal_minor`` is what is claimed; with ``principal_outstanding_minor`` alone, all that is
    not yet repaid. ``interest_minor`` had accrued. ``overdue_months`` are unpaid instalments of a
    month. ``accelerates_after`` so many missed instalments the contract lets the loan be called;
    ``accelerated`` whether it is. ``on_stage`` is the day that the stage names. ``guarantor_told``
    None: no guarantor, or (``guarantor`` True) one who was not told. ``other_negotiations`` are
    requests of their own to other defendants. ``amicable`` is the evidence
    that friendly ways are exhausted. ``history`` are parts, parties and acts where more is known
    than ``due`` and ``acts`` say; ``parts_left_out`` are those that the principal leaves out.
    ``region`` is the place whose courts are competent. ``costs_before`` are costs of collection
    that were charged already, ``vat_lost_pct`` the VAT that the creditor cannot deduct.
    """

    currency: str = "EUR"
    debtor_type: DebtorType | None = None
    creditor_is_person: bool | None = None
    creditor_role: CreditorRole | None = None
    registered: bool | None = None
    title: Title | None = None
    principal_minor: int | None = None
    principal_outstanding_minor: int | None = None
    interest_minor: int = 0
    paid_in_time_minor: int = 0
    due: date | None = None
    liquid: bool | None = None
    address_known: bool | None = None
    address_searched: bool = False
    address_declared: bool = False
    dispute: Dispute | None = None
    acts: tuple[Act, ...] | None = None
    history: LimitationFacts | None = None
    parts_left_out: frozenset[str] = frozenset()
    region: str | None = None
    costs_before: tuple[EarlierCosts, ...] = ()
    vat_lost_pct: Decimal | None = None
    stage: Stage | None = None
    on_stage: date | None = None
    negotiation: Negotiation | None = None
    other_negotiations: tuple[Negotiation, ...] = ()
    letter: Letter | None = None
    debtors: tuple[str, ...] = ()
    agreement: Agreement | None = None
    home_mortgage: bool = False
    half: Literal["first", "second"] | None = None
    overdue_capital_ratio: Decimal | None = None
    overdue_months: int | None = None
    overdue_days: int | None = None
    overdue_instalments: int | None = None
    instalment_minor: int | None = None
    accelerated: bool | None = None
    accelerates_after: int | None = None
    notice_sent: date | None = None
    ordinary_rate_pct: Decimal | None = None
    late_rate_pct: Decimal | None = None
    consumer_credit: bool | None = None
    credit_sum_minor: int | None = None
    liquidation_clause: bool | None = None
    balance_certificate: bool | None = None
    notarised_liquidation: bool | None = None
    debtor_told: date | None = None
    guarantor: bool | None = None
    guarantor_told: date | None = None
    deceased: bool = False
    insolvency: Insolvency | None = None
    insolvent_since: date | None = None
    help: Help | None = None
    held: tuple[Held, ...] = ()
    cross_border: bool | None = None
    civil_commercial: bool | None = None
    creditor_country: str | None = None
    debtor_country: str | None = None
    certain_due: bool | None = None
    informed: bool | None = None
    amicable: tuple[Evidence, ...] | None = None

    @property
    def debtor_is_consumer(self) -> bool:
        """Whoever might be a consumer is protected as one."""
        return self.debtor_type in (None, "consumer")

    @property
    def debtor_is_person(self) -> bool:
        return self.debtor_type != "company"
