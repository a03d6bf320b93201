"""Which procedure is open: the first in the law's order that fits the claim and nothing closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Alternative, Detail, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.limitation_findings import clocks_of, note_clock
from recovery.domain.judicial.rules import BarRule, Condition, ProcedureRule
from recovery.domain.shared.money import Money

_BY_AMOUNT = ("amount_over", "amount_up_to")


@dataclass(frozen=True, slots=True)
class Route:
    """The procedure chosen, None if all are closed; why others are; what else is open."""

    rule: ProcedureRule | None
    findings: tuple[Finding, ...]
    alternatives: tuple[Alternative, ...]


def choose(facts: Facts, claim: Claim, law: Law, procedures: Iterable[ProcedureRule]) -> Route:
    """Return the first of these procedures that fits, with what closed those before it."""
    findings: list[Finding] = []
    alternatives: list[Alternative] = []
    chosen: ProcedureRule | None = None
    for rule in procedures:
        if not _fits(rule, facts, law):
            continue
        bar = closed_by(rule, facts, claim, law)
        if chosen is None and bar is None:
            chosen = rule
            findings.extend(_permitted(rule, claim, facts, law))
        elif chosen is None and bar is not None:
            findings.append(_closed(bar, rule, facts, law))
            alternatives.append(Alternative(rule.procedure, bar.code, bar))
        else:
            code = bar.code if bar else ""
            alternatives.append(Alternative(rule.procedure, code, bar))
    return Route(chosen, tuple(findings), tuple(alternatives))


def closed_by(rule: ProcedureRule, facts: Facts, claim: Claim, law: Law) -> BarRule | None:
    """Return what closes a procedure, None if nothing known does."""
    bars = (bar for bar in law.bars(rule.procedure) if _CONDITIONS[bar.when](bar, facts, law))
    by_amount = (bar for bar in law.bars(rule.procedure) if _too_much(bar, rule, claim, facts))
    return next(bars, None) or next(by_amount, None)


def _fits(rule: ProcedureRule, facts: Facts, law: Law) -> bool:
    """Whether the claim rests on what it is for; a defective title still points to it."""
    form = facts.agreement.form if facts.agreement else None
    match rule.basis:
        case "any" | "european":
            return True
        case "home_mortgage":
            return facts.home_mortgage
        case "judicial_title":
            return form == "homologated"
        case "title":
            barred = {each for bar in law.bars(rule.procedure) for each in bar.titles}
            by_bar = any(
                bar.when == "private_agreement" and _by_agreement(bar, facts, law)
                for bar in law.bars(rule.procedure)
            )
            by_deed = form == "deed" and "public_deed" in rule.titles
            return facts.title in (*rule.titles, *barred) or by_bar or by_deed


def _permitted(rule: ProcedureRule, claim: Claim, facts: Facts, law: Law) -> Iterator[Finding]:
    """Filing rests on the procedure's rule and on the limits of amount that it keeps within."""
    yield Finding(effect="permits", rule=rule)
    for bar in law.bars(rule.procedure):
        if bar.when in _BY_AMOUNT:
            yield Finding(effect="permits", rule=bar, details=_threshold(bar, facts))
        clock = note_clock(facts, law) if bar.when == "note_prescribed" else None
        if clock and clock.prescribes_on:
            expires = clock.prescribes_on
            details = {"action_expires": expires, "file_before": expires}
            yield Finding(effect="permits", rule=clock.rule, details=details)


def _closed(bar: BarRule, rule: ProcedureRule, facts: Facts, law: Law) -> Finding:
    details: dict[str, Detail] = {}
    debt = clocks_of(facts, law) if bar.when == "note_prescribed" else ()
    if debt and debt[0].prescribes_on:
        details["debt_prescribes"] = debt[0].prescribes_on
    if not bar.code and bar.when in _BY_AMOUNT:  # the usual court follows from this limit
        return Finding(effect="permits", rule=bar, details=_threshold(bar, facts))
    return Finding(effect="closes", rule=bar, code=bar.code, closes=rule.procedure, details=details)


def _threshold(bar: BarRule, facts: Facts) -> Mapping[str, Detail]:
    if bar.amount_minor is None or bar.code:
        return {}
    return {"threshold_in_force": Money(bar.amount_minor, facts.currency)}


def _too_much(bar: BarRule, rule: ProcedureRule, claim: Claim, facts: Facts) -> bool:
    """Whether the amount is outside the procedure's limits, whose bound belongs to it."""
    if bar.amount_minor is None:
        return False
    amount_minor = claim.total_minor(with_interest=rule.with_interest)
    if bar.when == "amount_up_to":
        is_small = _is_credit_up_to(facts, bar.or_credit_up_to_minor)
        return amount_minor <= bar.amount_minor or is_small
    if _is_credit_up_to(facts, bar.unless_credit_up_to_minor):
        return False
    return amount_minor > bar.amount_minor


def _is_credit_up_to(facts: Facts, most_minor: int | None) -> bool:
    granted = facts.credit_sum_minor
    if most_minor is None or granted is None or not facts.consumer_credit:
        return False
    return granted <= most_minor


def note_prescribed(facts: Facts, law: Law) -> bool:
    """Whether the action on a note is over, or would be but for what nobody verified."""
    clock = note_clock(facts, law)
    return clock is not None and clock.is_barred


def _by_title(bar: BarRule, facts: Facts, law: Law) -> bool:
    return facts.title in bar.titles


def _by_agreement(bar: BarRule, facts: Facts, law: Law) -> bool:
    """A private agreement is no title; one whose form nobody stated is taken for private."""
    found = facts.agreement
    return found is not None and found.form in (None, "private")


def _not_cross_border(bar: BarRule, facts: Facts, law: Law) -> bool:
    return facts.cross_border is False


def _excluded(bar: BarRule, facts: Facts, law: Law) -> bool:
    return bool({facts.creditor_country, facts.debtor_country} & set(bar.countries))


_CONDITIONS: Mapping[Condition, Callable[[BarRule, Facts, Law], bool]] = {
    "contested": lambda bar, facts, law: facts.dispute in ("contested", "formal"),
    "address_unknown": lambda bar, facts, law: facts.address_known is False,
    "not_liquid": lambda bar, facts, law: facts.liquid is False,
    "no_document": lambda bar, facts, law: facts.title == "no_document",
    "title": _by_title,
    "private_agreement": _by_agreement,
    "no_liquidation_clause": lambda bar, facts, law: facts.liquidation_clause is False,
    "note_prescribed": lambda bar, facts, law: note_prescribed(facts, law),
    "not_cross_border": _not_cross_border,
    "excluded_country": _excluded,
    "not_civil_commercial": lambda bar, facts, law: facts.civil_commercial is False,
    "amount_over": lambda bar, facts, law: False,
    "amount_up_to": lambda bar, facts, law: False,
}
