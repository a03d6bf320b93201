"""The next step of a claim that is in court already, and by when it must be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.costs import costs
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import PERSON, Asked, Decision, Detail, Finding
from recovery.domain.judicial.hard_stops import standstill
from recovery.domain.judicial.law import Law, UnknownLawError
from recovery.domain.judicial.limitation_findings import judgment_clock
from recovery.domain.judicial.routes import choose
from recovery.domain.judicial.rules import ProcedureRule

_DAY = timedelta(days=1)
_NO_DAY = Asked("stage", "it names no day, so nobody knows by when to act")


def next_step(facts: Facts, claim: Claim, law: Law) -> Decision:
    """Return how to go on after an order for payment, or after a judgment."""
    if facts.stage == "order_opposed":
        return _after_opposition(facts, claim, law)
    rules = (each for each in law.procedures() if each.basis == "judicial_title")
    rule = next(rules, None)
    if rule is None:
        raise UnknownLawError(law.country, "enforcement of judgments")
    found = [Finding(effect="permits", rule=rule), *_waiting(facts, law)]
    if stay := standstill(facts, law):
        found.append(stay)
    found.extend(costs(rule.procedure, facts, claim, law))
    ask = () if facts.on_stage else (_NO_DAY,)
    return Decision(procedure=rule.procedure, findings=tuple(found), ask=ask)


def _waiting(facts: Facts, law: Law) -> Iterator[Finding]:
    """After an order that nobody opposed there is nothing to wait for."""
    wait = law.term("judgment.wait")
    if facts.stage == "order_unopposed":
        yield Finding(effect="permits", rule=wait, details={"wait_days": 0})
    else:
        yield Finding(effect="permits", rule=wait, details={"wait_days": wait.days})
    if facts.on_stage is None:
        return
    clock = judgment_clock(facts.on_stage, law)
    if clock.is_barred:
        rule = law.point("judgment.expired")
        yield Finding(effect="stops", rule=rule, code=rule.code)
        return
    until = {"file_before": clock.prescribes_on} if clock.prescribes_on else {}
    yield Finding(effect="permits", rule=clock.rule, details=until)
    waited = law.last_day(wait, facts.on_stage)
    if facts.stage == "judgment" and law.on <= waited:
        details = {"earliest_filing": waited + _DAY}
        yield Finding(effect="needs", rule=wait, code="ENFORCEMENT_WAIT", details=details)


def _after_opposition(facts: Facts, claim: Claim, law: Law) -> Decision:
    """The claim goes on by amount; no new attempt to settle is needed."""
    usual = (each for each in law.procedures() if each.basis == "any")
    route = choose(replace(facts, dispute="contested"), claim, law, usual)
    if route.rule is None:
        raise UnknownLawError(law.country, "claims after opposition")
    rule = route.rule
    found = [*route.findings, *_in_time(facts, rule, law)]
    found.extend(costs(rule.procedure, facts, claim, law))
    stopped = any(each.effect == "stops" for each in found)
    procedure = PERSON if stopped else rule.procedure
    return Decision(
        procedure=procedure,
        findings=tuple(found),
        ask=() if facts.on_stage else (_NO_DAY,),
        alternatives=route.alternatives,
    )


def _in_time(facts: Facts, rule: ProcedureRule, law: Law) -> Iterator[Finding]:
    if rule.after_opposition is None or facts.on_stage is None:
        return
    term, over = law.term(rule.after_opposition), law.point("order.term_over")
    last_day = law.last_day(term, facts.on_stage)
    if law.on > last_day:
        yield Finding(effect="stops", rule=over, code=over.code)
        return
    details: dict[str, Detail] = {"file_before": last_day, "sanction": over.says}
    yield Finding(effect="permits", rule=term, details=details)
