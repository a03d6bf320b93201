"""How a letter that the law asks for before court stands, by what reached the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from recovery.domain.accounting.acts import Demand
from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.demand_letter import demand_letter
from recovery.domain.judicial.facts import Letter
from recovery.domain.judicial.finding import Finding
from recovery.domain.judicial.legal_record import Said
from recovery.domain.judicial.letter_outlook import (
    ADDRESS,
    LAPSED,
    MISSING,
    NOT_PROVEN,
    WRONG,
    Addressee,
    Matter,
    Outlook,
    written_last,
)
from recovery.domain.judicial.negotiation import negotiation
from recovery.domain.judicial.rules import LetterKind


def standing(kind: LetterKind, person: Addressee, matter: Matter) -> Outlook | None:
    match kind:
        case "negotiation_request":
            return _negotiation(person, matter)
        case "demand_before_costs":
            return _demand(person, matter)
        case _:
            return _balance(person, matter)


def _negotiation(person: Addressee, matter: Matter) -> Outlook | None:
    """Ask the law about the one attempt that went to this person."""
    facts, law = matter.facts, matter.law
    attempts = [each for each in (facts.negotiation, *facts.other_negotiations) if each]
    own = next((each for each in attempts if person.person_id in (each.to or ())), None)
    alone = replace(facts, negotiation=own, other_negotiations=(), debtors=(person.person_id,))
    found = list(negotiation(alone, law))
    if not found:
        return None
    sent = [e for e in matter.record.negotiations if person.person_id in e.opened.persons]
    about = Outlook(
        kind="negotiation_request",
        person_id=person.person_id,
        state="due",
        rule=found[0].rule,
        sent=sent[-1].negotiation_id if sent else "",
    )
    needs = [each for each in found if each.effect == "needs"]
    if not needs:
        return replace(about, state="done", until=_day(found, "file_before"))
    last = needs[-1]
    about = replace(about, rule=last.rule)
    if last.code == "MASC_PERIOD_RUNNING":
        free_on, until = _day(needs, "earliest_filing"), _day(needs, "file_before")
        return replace(about, state="running", free_on=free_on, until=until)
    if last.code == "MASC_EXPIRED_RENEW":
        return replace(about, code=LAPSED)
    if facts.address_known is False and own is None:
        return replace(about, state="held", code=ADDRESS)
    return replace(about, code=NOT_PROVEN if own else MISSING)


def _demand(person: Addressee, matter: Matter) -> Outlook | None:
    """Ask the law about the last demand before costs that went to this person."""
    if not person.is_consumer:
        return None
    said = _last(matter.record.demands, "before_costs", person.person_id)
    letter = _as_letter(said.fact) if said else None
    paid_minor = _paid_since(person, matter)
    alone = replace(matter.facts, letter=letter, debtor_type=None, paid_in_time_minor=paid_minor)
    found = list(demand_letter(alone, Claim(person.principal_minor), matter.law))
    if not found:
        return None
    about = Outlook(
        kind="demand_before_costs",
        person_id=person.person_id,
        state="due",
        rule=found[0].rule,
        sent=said.fact_id if said else "",
    )
    needs = [each for each in found if each.effect == "needs"]
    if not needs:
        permits = [each for each in found if each.effect == "permits"]
        return replace(about, state="done") if permits else None
    if free_on := _day(needs, "earliest_filing"):
        return replace(about, state="running", free_on=free_on)
    if letter is None:
        return replace(about, code=NOT_PROVEN if said else MISSING)
    return replace(about, code=WRONG)


def _paid_since(person: Addressee, matter: Matter) -> int:
    """Return what of the principal was paid since the last letter, whose costs counted it."""
    last = written_last(matter.written, "demand_before_costs", person.person_id)
    if last is None or not last.ended:
        return matter.facts.paid_in_time_minor
    return max(0, last.principal_minor - person.principal_minor)


def _as_letter(demand: Demand) -> Letter | None:
    """Return what the law judges; None where nothing can be proven of it."""
    if demand.proof in ("none", "returned"):
        return None
    return Letter(
        sent=demand.sent_on,
        received=demand.on if demand.proof == "proven" else None,
        wording=demand.wording or None,
        term_days=demand.term_days,
        amount_stated_minor=demand.costs_minor,
    )


def _balance(person: Addressee, matter: Matter) -> Outlook:
    said = _last(matter.record.demands, "balance", person.person_id)
    proven = said is not None and said.fact.proof == "proven"
    return Outlook(
        kind="balance_notice",
        person_id=person.person_id,
        state="done" if proven else "due",
        rule=matter.law.point("balance.notice"),
        code="" if proven else NOT_PROVEN if said else MISSING,
        sent=said.fact_id if said else "",
    )


def _last(demands: Iterable[Said[Demand]], purpose: str, person_id: str) -> Said[Demand] | None:
    found = [e for e in demands if e.fact.purpose == purpose and person_id in e.fact.persons]
    return found[-1] if found else None


def _day(findings: Iterable[Finding], name: str) -> date | None:
    days = (each.details.get(name) for each in findings)
    return next((day for day in days if isinstance(day, date)), None)
