"""What a court needs of a loan's record, and no more: parties, steps with their proof, agreements.

What was offered while both sides negotiated is confidential: the bundle proves the attempt and
leaves the offers out (LO 1/2025 art. 9: attendance and object are not confidential, offers are).
What happened at home, other loans and people who are no parties have no place in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from recovery.domain.accounting.acts import (
    Acknowledgement,
    CalledIn,
    ContractTerms,
    Demand,
    NegotiationOpened,
    NegotiationStep,
)
from recovery.domain.accounting.agreed import Agreement, AgreementEnd, Part, Turn
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.parties import PartyDebt
from recovery.domain.accounting.party import Liability, Party, PartyRole
from recovery.domain.agreements.dispute import DisputeState, disputes_of
from recovery.domain.agreements.payment_plan import agreements_of, plans_of
from recovery.domain.judicial.confidential import confidential_ids
from recovery.domain.judicial.legal_record import legal_record
from recovery.domain.shared.apportioning import apportion

_CONFIDENTIAL = ("proposal", "agreed")  # steps that carry an offer
_PROVEN_BY_PAPER = (
    *(Acknowledgement, Agreement, CalledIn, ContractTerms, Demand, NegotiationOpened, NoticeGiven),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtParty:
    """Who is asked, and for how much of the claim; ``whole``: for all of it, as others may be."""

    person_id: str
    name: str
    role: PartyRole
    liability: Liability | None
    whole: bool
    after_debtors: bool
    asked_minor: int
    limit_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtStep:
    """Something that was done about the debt, and how it is proven; ``what`` is a code."""

    fact_id: str
    on: date
    what: str
    persons: tuple[str, ...] = ()
    medium: str = ""
    proof: str = ""
    sent_on: date | None = None
    reference: str = ""
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtAgreement:
    """What was agreed and what became of it; without ``turns`` a new schedule says what is due."""

    agreement_id: str
    on: date
    option: str
    yes: str
    proof: str
    signed_by: tuple[str, ...]
    payments: tuple[Part, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class CourtMessage:
    """A message or talk about the loan; ``arrival`` is a code."""

    on: date
    person_id: str
    channel: str
    arrival: str


@dataclass(frozen=True, slots=True)
class CourtPayment:
    """A payment as it counts; ``payer`` is a party's role, or who else paid without a name."""

    payment_id: str
    on: date
    amount_minor: int
    payer: str
    reversed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtBundle:
    """Everything on record of a day that the court's part is made of, each in order of its days.

    ``left_out`` counts the records of offers that are kept out, ``confidential`` are the ids of
    those that a checklist names.
    """

    loan_id: str
    as_of: date
    currency: str
    creditor: str
    country: str | None
    disbursed_on: date
    annual_rate_pct: str | None
    law: str | None
    purpose: str | None
    contract: ContractTerms | None
    called_in_on: date | None
    parties: tuple[CourtParty, ...]
    first_schedule: tuple[Instalment, ...]
    versions: tuple[ScheduleVersion, ...]
    schedule: tuple[Instalment, ...]
    paid: tuple[Components, ...]
    payments: tuple[CourtPayment, ...]
    steps: tuple[CourtStep, ...]
    negotiations: tuple[tuple[CourtStep, tuple[CourtStep, ...]], ...]
    messages: tuple[CourtMessage, ...]
    agreements: tuple[CourtAgreement, ...]
    disputes: tuple[DisputeState, ...]
    left_out: int = 0
    confidential: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)


def asked_of(
    total_minor: int, parties: Sequence[Party], debts: Sequence[PartyDebt], names: Mapping[str, str]
) -> tuple[CourtParty, ...]:
    """Return what of the claim each party is asked for.

    Who owes the whole is asked for the whole, though it is paid once (CC 1144, 1145). Shares add up
    to the claim, in proportion to what each left unpaid (CC 1138). A guarantor is asked for no more
    than the guarantee covers.
    """
    terms = {each.person_id: each for each in parties}
    shares: dict[str, int] = {}
    for is_surety in (False, True):
        among = [each for each in debts if terms[each.person_id].is_surety is is_surety]
        owed = [max(each.overdue_minor, 0) for each in among]
        parts = apportion(total_minor, owed if any(owed) else [1] * len(owed)) if among else ()
        for each, part in zip(among, parts, strict=True):
            asked = total_minor if each.whole else part
            limit_minor = terms[each.person_id].limit_minor
            shares[each.person_id] = asked if limit_minor is None else min(asked, limit_minor)
    return tuple(
        CourtParty(
            person_id=each.person_id,
            name=names.get(each.person_id, each.person_id),
            role=each.role,
            liability=terms[each.person_id].liability,
            whole=each.whole,
            after_debtors=each.after_debtors,
            asked_minor=shares[each.person_id],
            limit_minor=terms[each.person_id].limit_minor,
        )
        for each in debts
    )


def steps_for_court(recorded: Recorded, as_of: date) -> Iterator[CourtStep]:
    """Yield each demand, notice and acknowledgement, and the calling in, by their days."""
    found = [each for each in map(_step, recorded.counting()) if each and each.on <= as_of]
    yield from sorted(found, key=lambda each: (each.on, each.fact_id))


def negotiations_for_court(
    recorded: Recorded, as_of: date
) -> Iterator[tuple[CourtStep, tuple[CourtStep, ...]]]:
    """Yield each request to negotiate with what followed, but for what was offered."""
    for each in legal_record(recorded, as_of).negotiations:
        opened = each.opened
        request = CourtStep(
            fact_id=each.negotiation_id,
            on=opened.received_on or opened.on,
            what=opened.form,
            persons=opened.persons,
            medium=opened.medium,
            proof=opened.proof,
            sent_on=opened.on,
            reference=opened.reference,
        )
        yield request, tuple(_shown(step) for step in each.steps if _may_be_told(step))


def count_left_out(recorded: Recorded, as_of: date) -> int:
    """Return how many records of offers are kept out of the bundle."""
    steps = {
        each.fact_id
        for each in recorded.counting()
        if isinstance(each.fact, NegotiationStep)
        and each.fact.on <= as_of
        and not _may_be_told(each.fact)
    }
    return len(steps | confidential_ids(recorded))


def agreements_for_court(recorded: Recorded, as_of: date) -> Iterator[CourtAgreement]:
    """Yield each agreement with what became of it until the day."""
    turns = {each.agreement_id: each.turns for each in plans_of(recorded)}
    for record, agreed in agreements_of(recorded):
        if agreed.on > as_of:
            continue
        yield CourtAgreement(
            agreement_id=record.fact_id,
            on=agreed.on,
            option=agreed.option,
            yes=agreed.yes,
            proof=agreed.proof,
            signed_by=agreed.signed_by,
            payments=agreed.payments,
            turns=tuple(e for e in turns.get(record.fact_id, ()) if e.on <= as_of),
        )


def disputes_for_court(recorded: Recorded, as_of: date) -> tuple[DisputeState, ...]:
    """Return what the debtor contested: the defences that are known."""
    return tuple(each for each in disputes_of(recorded) if each.dispute.on <= as_of)


def papers_for_court(recorded: Recorded, as_of: date) -> dict[str, str]:
    """Return the facts whose papers belong into the bundle, with their kind.

    What proves that talks took place is among them; what was offered in them never is.
    """
    return {
        each.fact_id: each.kind
        for each in recorded.counting()
        if each.known_on <= as_of and _has_paper(each)
    }


def _has_paper(record: FactRecord) -> bool:
    fact = record.fact
    if isinstance(fact, NegotiationStep):
        return _may_be_told(fact)
    return isinstance(fact, (*_PROVEN_BY_PAPER, AgreementEnd))


def _may_be_told(step: NegotiationStep) -> bool:
    return step.step not in _CONFIDENTIAL


def _shown(step: NegotiationStep) -> CourtStep:
    return CourtStep(
        fact_id=step.negotiation_id,
        on=step.on,
        what=step.step,
        proof=step.proof,
        reference=step.reference,
    )


def _step(record: FactRecord) -> CourtStep | None:
    fact = record.fact
    match fact:
        case Demand():
            return CourtStep(
                fact_id=record.fact_id,
                on=fact.on,
                what=f"demand_{fact.purpose}",
                persons=fact.persons,
                medium=fact.medium,
                proof=fact.proof,
                sent_on=fact.sent_on,
                reference=fact.reference,
                amount_minor=fact.amount_minor,
            )
        case Acknowledgement():
            return CourtStep(
                fact_id=record.fact_id,
                on=fact.on,
                what="acknowledgement",
                persons=fact.persons,
                medium=fact.medium,
                proof=fact.proof,
                reference=fact.reference,
                amount_minor=fact.amount_minor,
            )
        case NoticeGiven():
            return CourtStep(
                fact_id=record.fact_id,
                on=fact.on,
                what="notice",
                medium=fact.medium,
                proof=fact.ended,
                sent_on=fact.sent_on,
                reference=fact.proof,
            )
        case CalledIn():
            reference = fact.reference
            return CourtStep(
                fact_id=record.fact_id, on=fact.on, what="called_in", reference=reference
            )
    return None


def named(persons: Iterable[str], names: Mapping[str, str]) -> str:
    """Return the names of these people, as a list in one line."""
    return ", ".join(names.get(each, each) for each in persons)
