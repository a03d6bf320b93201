"""Decide which procedure a claim may take on a day, whether now, and why.

In this order: hard stops; what may lawfully be claimed; the route, by the strength of the title and
by amount; the steps that must come first; what it costs. Every finding carries the rule that says
so. Nothing is filed on a rule that nobody verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from recovery.domain.judicial.amicable import exhausted
from recovery.domain.judicial.amount import Claim, amounts
from recovery.domain.judicial.confirming import to_confirm
from recovery.domain.judicial.costs import FEE, costs, out_of_proportion
from recovery.domain.judicial.demand_letter import demand_letter
from recovery.domain.judicial.enforceable import (
    TOO_LITTLE,
    notice_of_balance,
    notice_of_mortgage,
)
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import (
    PERSON,
    Alternative,
    Asked,
    Decision,
    Detail,
    Finding,
    unreliable,
)
from recovery.domain.judicial.hard_stops import hard_stops, protected_defendants, standstill
from recovery.domain.judicial.law import Law, UnknownLawError
from recovery.domain.judicial.limitation_findings import for_a_lawyer, limitation
from recovery.domain.judicial.negotiation import negotiation
from recovery.domain.judicial.ongoing import next_step
from recovery.domain.judicial.routes import choose
from recovery.domain.judicial.rules import ProcedureRule
from recovery.domain.shared.money import Money


def decide(facts: Facts, law: Law, closed: Iterable[Finding] = ()) -> Decision:
    """Decide by the law of one country; ``closed`` are routes that were closed before."""
    try:
        decision = _decide(facts, law, tuple(closed))
    except UnknownLawError as error:
        return ask_a_person(law, error.subject, tuple(closed))
    return only_if_reliable(decision, law)


def ask_a_person(law: Law, subject: str, closed: tuple[Finding, ...] = ()) -> Decision:
    """Leave it to a person what the pack does not know."""
    rule = law.point("law.unknown")
    stop = Finding(effect="stops", rule=rule, code=rule.code, leads_to=PERSON)
    asked = (Asked("law", f"the pack of {law.country} does not say: {subject}"),)
    return Decision(procedure=PERSON, findings=(*closed, stop), ask=asked)


def only_if_reliable(decision: Decision, law: Law) -> Decision:
    """Leave to a person what is ready only by rules that are unverified or past their review."""
    if decision.status != "READY" or not (found := unreliable(decision.findings, law.on)):
        return decision
    rule = law.point("law.unreliable")
    stop = Finding(effect="stops", rule=rule, code=rule.code, leads_to=PERSON)
    asked = tuple(Asked("law", f"{each.id} is unverified or past its review") for each in found)
    unsafe = Alternative(decision.procedure, rule.code, rule)
    return replace(
        decision,
        procedure=PERSON,
        findings=(stop, *decision.findings),
        ask=(*asked, *decision.ask),
        alternatives=(unsafe, *decision.alternatives),
    )


def _decide(facts: Facts, law: Law, closed: tuple[Finding, ...]) -> Decision:
    if stops := tuple(hard_stops(facts, law)):
        asked = tuple(for_a_lawyer(facts, law))
        return Decision(procedure=stops[0].leads_to, findings=(*closed, *stops), ask=asked)
    found = amounts(facts, law)
    stop = next((each for each in found.findings if each.effect == "stops"), None)
    if stop:
        return Decision(procedure=stop.leads_to, findings=(*closed, *found.findings))
    if found.claim is None:
        rule = law.point("claim.facts_unknown")
        unknown = Finding(effect="stops", rule=rule, code=rule.code, leads_to=PERSON)
        asked = (Asked("principal", "nothing can be decided without it"),)
        return Decision(procedure=PERSON, findings=(*closed, unknown), ask=asked)
    if facts.stage is not None:
        return next_step(facts, found.claim, law)
    route = choose(facts, found.claim, law, law.procedures())
    if route.rule is None:
        return ask_a_person(law, "a procedure for this claim", (*closed, *route.findings))
    findings = (
        *closed,
        *found.findings,
        *route.findings,
        *_before(route.rule, facts, found.claim, law),
        *_about(route.rule, facts, found.claim, law),
    )
    early = next((e for e in findings if e.code == TOO_LITTLE and e.effect == "stops"), None)
    alternatives = route.alternatives
    if early:  # a loan that may not be called in is so by no other route
        alternatives = tuple(Alternative(e.procedure, early.code, early.rule) for e in alternatives)
    ask = list(to_confirm(facts, route.rule, law))
    if not any(FEE in each.details for each in findings):
        ask.append(Asked(FEE, "the pack does not know it"))
    return Decision(
        procedure=route.rule.procedure,
        findings=findings,
        ask=tuple(ask),
        alternatives=alternatives,
    )


def _before(rule: ProcedureRule, facts: Facts, claim: Claim, law: Law) -> Iterator[Finding]:
    """Yield what stays the procedure, and what must come before it."""
    if facts.amicable is not None:
        yield from exhausted(facts.amicable, law)
    yield from limitation(facts, law)
    yield from protected_defendants(facts, law)
    if rule.stayed and (stay := standstill(facts, law)):
        yield stay
    if "notice_of_mortgage" in rule.needs:
        yield from notice_of_mortgage(facts, law)
    if "notice_of_balance" in rule.needs:
        yield from notice_of_balance(facts, law)
    if "negotiation" in rule.needs:
        yield from negotiation(facts, law)
    if "demand_letter" in rule.needs:
        yield from demand_letter(facts, claim, law)


def _about(rule: ProcedureRule, facts: Facts, claim: Claim, law: Law) -> Iterator[Finding]:
    """Yield what is good to know: costs, dates, amounts."""
    yield from out_of_proportion(costs(rule.procedure, facts, claim, law), claim, law)
    details: dict[str, Detail] = {}
    if claim.interest_minor:
        total_minor = claim.total_minor(with_interest=rule.with_interest)
        details["amount_in_dispute"] = Money(total_minor, facts.currency)
    if facts.paid_in_time_minor:
        details["claim_principal"] = Money(claim.principal_minor, facts.currency)
    if rule.note:
        details["note"] = rule.note
    yield Finding(effect="informs", rule=rule, details=details)
    review = law.find_point("claim.ex_officio_review")
    if review and facts.debtor_is_consumer and facts.consumer_credit:
        yield Finding(effect="informs", rule=review, details={"note": review.says})
