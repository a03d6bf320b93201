"""Claims across a border of the Union: a European procedure, or else the debtor's courts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recovery.domain.judicial.amicable import exhausted
from recovery.domain.judicial.amount import Claim, amounts
from recovery.domain.judicial.confirming import NOT_CHECKED
from recovery.domain.judicial.costs import costs
from recovery.domain.judicial.decision import ask_a_person, decide, only_if_reliable
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import PERSON, Asked, Decision, Detail, Finding
from recovery.domain.judicial.hard_stops import hard_stops
from recovery.domain.judicial.law import Law, UnknownLawError
from recovery.domain.judicial.routes import Route, choose
from recovery.domain.judicial.rules import BarRule, ProcedureRule

_FORM = "A"
_FOR_A_PERSON = ("excluded_country", "not_civil_commercial")
_BY_AMOUNT = ("amount_over", "amount_up_to")


def decide_across_borders(
    facts: Facts, union: Law, national: Law | None, members: frozenset[str]
) -> Decision:
    """Decide by the Union's law; ``national`` is that of the debtor's courts, None if unknown."""
    try:
        return _decide(_with_border(facts), union, national, members)
    except UnknownLawError as error:
        return ask_a_person(union, error.subject)


def _decide(facts: Facts, union: Law, national: Law | None, members: frozenset[str]) -> Decision:
    own = national or union
    known = facts if national else replace(facts, due=None, history=None)  # the Union has no clocks
    if stops := tuple(hard_stops(known, own)):
        return Decision(procedure=stops[0].leads_to, findings=stops)
    if {facts.creditor_country, facts.debtor_country} - members - {None}:
        rule = union.point("eu.members")
        outside = Finding(effect="stops", rule=rule, code=rule.code, leads_to=PERSON)
        return Decision(procedure=PERSON, findings=(outside,))
    found = amounts(facts, own)
    if found.claim is None or any(each.effect == "stops" for each in found.findings):
        return decide(known, own)
    route = choose(facts, found.claim, union, union.procedures())
    if route.rule is None:
        return _by_national_law(facts, found.claim, route, union, national)
    findings = (
        *found.findings,
        *(() if facts.amicable is None else exhausted(facts.amicable, own)),
        *(each for each in route.findings if each.effect != "closes"),
        *_about(route.rule, facts, found.claim, union, national),
    )
    decision = Decision(
        procedure=route.rule.procedure,
        findings=findings,
        ask=tuple(_to_confirm(facts)),
        alternatives=route.alternatives,
    )
    return only_if_reliable(decision, union)


def _with_border(facts: Facts) -> Facts:
    """Both countries say whether there is a border between them, where nobody else did."""
    both = (facts.creditor_country, facts.debtor_country)
    if facts.cross_border is None and None not in both:
        return replace(facts, cross_border=both[0] != both[1])
    return facts


def _by_national_law(
    facts: Facts, claim: Claim, route: Route, union: Law, national: Law | None
) -> Decision:
    """Go to the debtor's courts, and name what closes the nearest European procedure."""
    closed = tuple(_nearest(claim, route.findings, union))
    if _left_to_a_person(closed):
        stops = tuple(
            replace(each, effect="stops", leads_to=PERSON, details=_next(each)) for each in closed
        )
        return Decision(procedure=PERSON, findings=stops, alternatives=route.alternatives)
    if national is None:
        return ask_a_person(union, f"procedures of {facts.debtor_country}", closed)
    decision = decide(facts, national, closed)
    return replace(decision, alternatives=(*route.alternatives, *decision.alternatives))


def _nearest(claim: Claim, findings: tuple[Finding, ...], union: Law) -> Iterator[Finding]:
    """Yield what closes the nearest procedure; the alternatives name what closes the others.

    A claim barely above the ceiling could be limited to it: there the ceiling is the reason.
    """
    near = union.find_limit("small_claims.near")
    by_amount = [each for each in findings if _bar(each).when in _BY_AMOUNT]
    others = [each for each in findings if _bar(each).when not in _BY_AMOUNT]
    is_near = near is not None and claim.principal_minor <= near.amount_minor
    yield from (by_amount if by_amount and (is_near or not others) else others)


def _left_to_a_person(closed: tuple[Finding, ...]) -> bool:
    return any(_bar(each).when in _FOR_A_PERSON for each in closed)


def _bar(finding: Finding) -> BarRule:
    assert isinstance(finding.rule, BarRule)
    return finding.rule


def _next(finding: Finding) -> dict[str, Detail]:
    return {"next_step": finding.rule.says}


def _about(
    rule: ProcedureRule, facts: Facts, claim: Claim, union: Law, national: Law | None
) -> Iterator[Finding]:
    free = union.point("eu.no_negotiation")
    yield Finding(effect="permits", rule=free, details={"masc_required": False})
    yield Finding(effect="informs", rule=union.point("eu.form"), details={"form": _FORM})
    court = union.point("eu.consumer_court")
    if facts.debtor_country:
        yield Finding(effect="informs", rule=court, details={"file_in": facts.debtor_country})
    if any(bar.when == "contested" for bar in union.bars(rule.procedure)):
        term = union.term("eu.opposition")
        yield Finding(effect="informs", rule=term, details={"opposition_days": term.days})
    yield from costs(rule.procedure, facts, claim, union)
    if national:
        yield from costs(rule.procedure, facts, claim, national)
    if rule.note:
        yield Finding(effect="informs", rule=rule, details={"note": rule.note})


def _to_confirm(facts: Facts) -> Iterator[Asked]:
    if facts.amicable is None:
        yield NOT_CHECKED
    if facts.cross_border is None:
        yield Asked("cross_border", "taken as given: the countries are not known")
    if facts.civil_commercial is None:
        yield Asked("civil_commercial", "taken as a civil or commercial claim")
    if facts.debtor_country is None:
        yield Asked("debtor", "in which country to file depends on it")
    if facts.dispute is None:
        yield Asked("dispute", "taken as not disputed")
    yield Asked("due", "by which law the claim prescribes depends on the contract")
