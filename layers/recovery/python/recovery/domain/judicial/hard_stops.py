"""What stops every procedure, whatever the claim: death, insolvency, protection, prescription."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.domain.judicial.facts import Facts, Held
from recovery.domain.judicial.finding import FRIENDLY, NO_PROCEDURE, PERSON, Detail, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.limitation_findings import limitation
from recovery.domain.judicial.rules import Point

_CLAIM_THERE = "INSOLVENCY_CLAIM"
_DEFENDANT = "LEAVE_OUT_PROTECTED_DEFENDANT"


def hard_stops(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield every stop, the gravest first."""
    if facts.deceased:
        yield _stop(law, "debtor.deceased", PERSON)
    if facts.insolvency == "declared":
        yield _stop(law, "debtor.insolvent", _CLAIM_THERE)
    if facts.insolvency == "discharged":
        yield _stop(law, "debtor.discharged", NO_PROCEDURE)
    yield from _protected(facts, law)
    yield from _restrained(facts, law)
    yield from (each for each in limitation(facts, law) if each.effect == "stops")
    if _must_be_registered(facts, law):
        yield _stop(law, "creditor.register", NO_PROCEDURE)
    if facts.agreement and facts.agreement.breached is False:
        yield _stop(law, "agreement.kept", FRIENDLY)
    if facts.due and facts.due > law.on:
        yield _stop(law, "claim.not_yet_due", FRIENDLY)


def standstill(facts: Facts, law: Law) -> Finding | None:
    """Return what stays an execution while the debtor negotiates with all creditors.

    On its last day it still holds. Without the day of the notice nobody knows its end.
    """
    if facts.insolvency != "standstill":
        return None
    rule = law.point("debtor.standstill")
    if facts.insolvent_since is None:
        return Finding(effect="stops", rule=rule, code=rule.code)
    until = law.last_day(law.term("standstill"), facts.insolvent_since)
    if law.on > until:
        return None
    details = {"blocked_until": until}
    return Finding(effect="stops", rule=rule, code=rule.code, details=details)


def _protected(facts: Facts, law: Law) -> Iterator[Finding]:
    given = facts.help
    if given is None or (given.until and law.on > given.until):
        return
    point: Point = "debtor.moratorium" if given.by_court else "debtor.debt_help"
    rule = law.point(point)
    yield Finding(
        effect="stops",
        rule=rule,
        code=rule.code,
        leads_to=NO_PROCEDURE if given.by_court else PERSON,
        details={"blocked_until": given.until} if given.until else {},
    )


def protected_defendants(facts: Facts, law: Law) -> Iterator[Finding]:
    """Yield those who may not be sued now, as long as others may: they are left out."""
    named = {each.casefold() for each in facts.debtors}
    held = [e for e in facts.held if e.holds(law.on) and (e.person or "").casefold() in named]
    if held:
        rule = law.point("debtor.restrained")
        rows: dict[str, Detail] = {"restraints": tuple(_row(each) for each in held)}
        yield Finding(effect="needs", rule=rule, code=_DEFENDANT, details=rows)


def _restrained(facts: Facts, law: Law) -> Iterator[Finding]:
    """A restraint holds on its last day too; of several the longest says until when.

    One that protects a single person stops the claim only if nobody else is left to sue.
    """
    in_force = [each for each in facts.held if each.holds(law.on)]
    protected = {each.person.casefold() for each in in_force if each.person is not None}
    alone = {each.casefold() for each in facts.debtors} <= protected
    held = [each for each in in_force if each.person is None or alone]
    if not held:
        return
    rule = law.point("debtor.restrained")
    details: dict[str, Detail] = {"restraints": tuple(_row(each) for each in held)}
    ends = [each.until for each in held if each.until is not None]
    if len(ends) == len(held):
        details["blocked_until"] = max(ends)
    yield Finding(effect="stops", rule=rule, code=rule.code, leads_to=FRIENDLY, details=details)


def _row(held: Held) -> dict[str, str]:
    return {
        "kind": held.kind,
        "from": held.since.isoformat(),
        "until": held.until.isoformat() if held.until else "further notice",
        **({"person": held.person} if held.person else {}),
    }


def _must_be_registered(facts: Facts, law: Law) -> bool:
    """Who collects for others needs it, and so does whoever might; not known is not registered."""
    if not law.all(lambda r: (e for e in r.points if e.point == "creditor.register")):
        return False
    if not facts.debtor_is_person or facts.registered:
        return False
    if facts.creditor_role is None:  # unknown: only a plain no is taken as one
        return facts.registered is False
    return facts.creditor_role in ("collector", "purchaser")


def _stop(law: Law, point: Point, leads_to: str) -> Finding:
    rule = law.point(point)
    return Finding(effect="stops", rule=rule, code=rule.code, leads_to=leads_to)
