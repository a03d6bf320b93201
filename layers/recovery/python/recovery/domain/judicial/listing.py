"""Naming a debtor to a credit bureau: an adverse step with a gate of its own."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.judicial.amount import Claim, amounts
from recovery.domain.judicial.decision import ask_a_person, only_if_reliable
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import NO_PROCEDURE, PERSON, Asked, Decision, Detail, Finding
from recovery.domain.judicial.hard_stops import hard_stops
from recovery.domain.judicial.law import Law, UnknownLawError

_LIST = "LIST"
_TOO_LITTLE = "UNDER_50_EUR"


def decide_listing(facts: Facts, law: Law) -> Decision:
    """Decide whether the debt may be listed. Acts that nobody spoke of were not done."""
    if not law.all(lambda rules: (e for e in rules.points if e.point == "listing")):
        return ask_a_person(law, "listing with a credit bureau")
    try:
        return only_if_reliable(_decide(facts, law), law)
    except UnknownLawError as error:
        return ask_a_person(law, error.subject)


def _decide(facts: Facts, law: Law) -> Decision:
    if stops := tuple(hard_stops(facts, law)):
        return Decision(procedure=stops[0].leads_to, findings=stops)
    found = (*_lacking(facts, amounts(facts, law).claim, law), *_terms(facts, law))
    stop = next((each for each in found if each.effect == "stops"), None)
    procedure = stop.leads_to if stop else _LIST
    return Decision(procedure=procedure, findings=found, ask=tuple(_to_confirm(facts)))


def _lacking(facts: Facts, claim: Claim | None, law: Law) -> Iterator[Finding]:
    least = law.find_limit("listing.least")
    if least is None:
        raise UnknownLawError(law.country, "listing.least")
    if claim is None:
        unknown = law.point("claim.facts_unknown")
        yield Finding(effect="stops", rule=unknown, code=unknown.code, leads_to=PERSON)
    elif claim.principal_minor < least.amount_minor:
        yield Finding(effect="stops", rule=least, code=_TOO_LITTLE, leads_to=NO_PROCEDURE)
    else:
        yield Finding(effect="permits", rule=least)
    disputed = law.point("listing.disputed")
    if facts.dispute == "formal":
        yield Finding(effect="stops", rule=disputed, code=disputed.code, leads_to=NO_PROCEDURE)
    certain = law.point("listing.certain_due")
    if facts.certain_due is not True or facts.dispute == "contested":
        leads_to = NO_PROCEDURE if facts.certain_due is False else PERSON
        yield Finding(effect="stops", rule=certain, code=certain.code, leads_to=leads_to)
    informed = law.point("listing.informed")
    if facts.informed is not True:
        yield Finding(effect="stops", rule=informed, code=informed.code, leads_to=NO_PROCEDURE)
    for rule in (law.point("listing"), disputed, certain, informed):
        yield Finding(effect="permits", rule=rule)


def _terms(facts: Facts, law: Law) -> Iterator[Finding]:
    blocked, kept = law.term("listing.blocked"), law.term("listing.kept")
    details: dict[str, Detail] = {"block_days_after_notice": blocked.days}
    yield Finding(effect="permits", rule=blocked, details=details)
    if facts.due is None:
        return
    delete_by = law.last_day(kept, facts.due)
    if law.on > delete_by:
        rule = law.point("listing.too_old")
        yield Finding(effect="stops", rule=rule, code=rule.code, leads_to=NO_PROCEDURE)
        return
    yield Finding(effect="permits", rule=kept, details={"delete_by": delete_by})


def _to_confirm(facts: Facts) -> Iterator[Asked]:
    if facts.due is None:
        yield Asked("due", "the day by which the entry must be deleted depends on it")
    if facts.dispute is None:
        yield Asked("dispute", "taken as not disputed")
