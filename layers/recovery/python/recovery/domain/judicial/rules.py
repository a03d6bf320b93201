"""The packs' section ``judicial``: procedures, what each needs, and what closes them.

Each kind of rule is one kind of sentence that a law can say; a country is a list of such sentences.
The engine reads these kinds and knows no country, so that a new one is a folder of data.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from recovery.domain.accounting import acts
from recovery.domain.shared.packs import Pack, Rule

Title = acts.Title
DebtorType = Literal["consumer", "natural_person_non_consumer", "company"]
CreditorRole = Literal["own_book", "collector", "purchaser", "exempt_professional"]
Stage = Literal["order_unopposed", "order_opposed", "judgment"]
Step = Literal["negotiation", "demand_letter", "notice_of_balance", "notice_of_mortgage"]
# What a claim rests on, or where it stands, that leads to a procedure.
Basis = Literal["any", "title", "home_mortgage", "judicial_title", "european"]
Condition = Literal[
    "contested",
    "address_unknown",
    "not_liquid",
    "no_document",
    "amount_up_to",
    "amount_over",
    "title",
    "private_agreement",
    "no_liquidation_clause",
    "note_prescribed",
    "not_cross_border",
    "excluded_country",
    "not_civil_commercial",
]
Point = Literal[
    "debtor.deceased",
    "debtor.insolvent",
    "debtor.discharged",
    "debtor.standstill",
    "debtor.moratorium",
    "debtor.debt_help",
    "debtor.restrained",
    "creditor.register",
    "law.unknown",
    "law.unreliable",
    "claim.nothing_owed",
    "claim.not_yet_due",
    "claim.facts_unknown",
    "claim.proportion",
    "claim.ex_officio_review",
    "interest.unfair",
    "acceleration.clause",
    "acceleration.one_missed",
    "acceleration.overdue",
    "acceleration.home_mortgage",
    "agreement.kept",
    "amicable.exhausted",
    "delivery.uncollected",
    "delivery.refused",
    "agreement.new_negotiation",
    "negotiation.needed",
    "negotiation.each_defendant",
    "negotiation.address_unknown",
    "negotiation.proof",
    "letter.needed",
    "letter.proof",
    "balance.notice",
    "balance.documents",
    "order.term_over",
    "judgment.expired",
    "eu.members",
    "eu.no_negotiation",
    "eu.form",
    "eu.consumer_court",
    "listing",
    "listing.disputed",
    "listing.certain_due",
    "listing.informed",
    "listing.too_old",
    "way_back.homologation",
    "way_back.withdrawal",
    "way_back.costs",
]
Term = Literal[
    "negotiation.silence",
    "negotiation.offer",
    "negotiation.meeting",
    "negotiation.file_within",
    "acceleration.overdue",
    "home_mortgage.demand",
    "standstill",
    "order.claim_within",
    "order.answer_within",
    "order.opposition",
    "judgment.wait",
    "eu.opposition",
    "listing.kept",
    "listing.blocked",
    "listing.correct",
    "register.valid",
]
WordsOf = Literal["negotiation.proof", "negotiation.form", "letter"]
LetterKind = Literal[
    "negotiation_request",
    "demand_before_costs",
    "balance_notice",
    "guarantor_warning",
    "guarantor_notice",
    "transfer_notice",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudicialRule(Rule):
    """A rule that a decision gives as its reason; ``says`` is the sentence it gives."""

    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRule(JudicialRule):
    """A procedure, in the order in which they are tried.

    ``titles`` are those that lead to it where ``basis`` is "title". ``needs`` are steps before it.
    ``stayed``: a standstill of the debtor stays it. ``with_interest``: whether interest that has
    accrued counts for its limits of amount. ``after_opposition``: the term in which an order for
    payment that was opposed goes on in it. ``note``: what whoever files it should know.
    """

    procedure: str
    basis: Basis = "any"
    titles: tuple[Title, ...] = ()
    needs: tuple[Step, ...] = ()
    stayed: bool = False
    with_interest: bool = True
    after_opposition: Literal["order.claim_within", "order.answer_within"] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRule(JudicialRule):
    """What closes a procedure, so that the next one is tried.

    ``code`` is how an answer names it, "" where the next procedure is simply the usual one.
    ``amount_minor`` is for the conditions about amounts, whose bound is "over" or "up to" it. A
    consumer credit granted up to ``unless_credit_up_to_minor`` is not barred by its amount; one
    granted up to ``or_credit_up_to_minor`` is, whatever its amount.
    """

    procedure: str
    when: Condition
    code: str = ""
    titles: tuple[Title, ...] = ()
    amount_minor: int | None = None
    unless_credit_up_to_minor: int | None = None
    or_credit_up_to_minor: int | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRule(JudicialRule):
    """A point of law without a number; ``code`` is how an answer names it where it matters."""

    point: Point
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule(JudicialRule):
    """How long something takes or lasts: one of days, months and years.

    ``skipped``: days on which none of its days counts.
    """

    term: Term
    days: int = 0
    months: int = 0
    years: int = 0
    skipped: tuple[Literal["sat", "sun", "mon", "holiday", "august"], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule(JudicialRule):
    """An amount that decides something besides which procedure is open."""

    limit: Literal["listing.least", "small_claims.near"]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FeeRow:
    """What a claim up to an amount costs; None: any larger one. A fee of None was not found."""

    company_minor: int | None
    person_minor: int | None
    up_to_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule(JudicialRule):
    """The court's fee for procedures, by amount and by who claims.

    Claims up to ``exempt_up_to_minor`` pay none, unless they rest on one of ``unless_titles``.
    ``note``: reductions and refunds.
    """

    procedures: tuple[str, ...]
    rows: tuple[FeeRow, ...]
    exempt_up_to_minor: int | None = None
    unless_titles: tuple[Title, ...] = ()
    note: str = ""

    def row_for(self, amount_minor: int) -> FeeRow | None:
        """Return the first row that reaches the amount, None if none does."""
        found = (e for e in self.rows if e.up_to_minor is None or amount_minor <= e.up_to_minor)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerRule(JudicialRule):
    """Whether a lawyer must file: only for claims ``over_minor``; None: whatever the amount."""

    procedures: tuple[str, ...]
    required: bool
    over_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeMortgageRule(JudicialRule):
    """How late a loan on a home is before the whole of it may be called: either is enough."""

    half: Literal["first", "second"]
    least_capital_ratio: Decimal
    least_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRule(JudicialRule):
    """By which words a text is known to do, or not to do, what the law asks of it.

    Words that ``fail`` win over those that ``pass_``; a text with neither is for a person to read.
    """

    of: WordsOf
    passes: tuple[str, ...]
    fails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTextRule(JudicialRule):
    """What a letter before court has to say, and in which language.

    ``parts`` are the paragraphs that it has, in order, by the names of their texts. ``language`` is
    that of the text that counts, "" the person's own; a person who reads another one gets it in
    theirs too.
    """

    letter: LetterKind
    parts: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudicialRules:
    """What one country's file holds."""

    procedures: tuple[ProcedureRule, ...] = ()
    bars: tuple[BarRule, ...] = ()
    points: tuple[PointRule, ...] = ()
    terms: tuple[TermRule, ...] = ()
    limits: tuple[LimitRule, ...] = ()
    fees: tuple[FeeRule, ...] = ()
    lawyers: tuple[LawyerRule, ...] = ()
    home_mortgages: tuple[HomeMortgageRule, ...] = ()
    words: tuple[WordsRule, ...] = ()
    letters: tuple[LetterTextRule, ...] = ()


JudicialPack = Pack[JudicialRules]
