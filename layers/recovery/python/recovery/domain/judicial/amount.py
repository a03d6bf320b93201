"""What may be claimed: without unfair interest, and without calling a loan too early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import FRIENDLY, Detail, Finding
from recovery.domain.judicial.law import Law, UnknownLawError
from recovery.domain.judicial.rules import InterestCapRule, JudicialRules, PointRule
from recovery.domain.shared.money import Money

_RECALCULATE = "RECALCULATE_INTEREST"
_LIMIT = "LIMIT_CLAIM_TO_OVERDUE"


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be claimed, in minor units: ``interest_minor`` had accrued."""

    principal_minor: int
    interest_minor: int = 0

    def total_minor(self, *, with_interest: bool) -> int:
        return self.principal_minor + (self.interest_minor if with_interest else 0)


@dataclass(frozen=True, slots=True)
class Amounts:
    """The lawful claim, None if the facts do not say it, and what was found about it."""

    claim: Claim | None
    findings: tuple[Finding, ...] = ()


def amounts(facts: Facts, law: Law) -> Amounts:
    """Return what may be claimed on this day, with what reduces it."""
    found: list[Finding] = [*_interest(facts, law)]
    claim, early = _claim(facts), _acceleration(facts, law)
    if early:
        found.extend(early)
        overdue_minor = _overdue_minor(facts)
        claim = replace(claim, principal_minor=overdue_minor) if claim and overdue_minor else claim
    if claim and claim.total_minor(with_interest=True) <= 0:
        rule = law.point("claim.nothing_owed")
        found.append(Finding(effect="stops", rule=rule, code=rule.code, leads_to="NONE"))
    return Amounts(claim, tuple(found))


def _claim(facts: Facts) -> Claim | None:
    principal_minor = facts.principal_minor
    if principal_minor is None:
        asks_all = facts.accelerated is not False
        principal_minor = (
            facts.principal_outstanding_minor if asks_all else None
        ) or _overdue_minor(facts)
    if principal_minor is None:
        return None
    return Claim(principal_minor - facts.paid_in_time_minor, facts.interest_minor)


def _overdue_minor(facts: Facts) -> int | None:
    if facts.instalment_minor is None or facts.overdue_instalments is None:
        return None
    return facts.instalment_minor * facts.overdue_instalments


def _interest(facts: Facts, law: Law) -> Iterator[Finding]:
    """Compare the rate for late payment with the highest that a consumer may be asked."""
    if not facts.debtor_is_consumer:
        return
    for cap in _caps(facts, law):
        asked_pct, most_pct = _asked_pct(cap, facts), _most_pct(cap, facts.ordinary_rate_pct)
        if asked_pct is None or (most_pct is not None and asked_pct <= most_pct):
            continue
        rule, details = law.point("interest.unfair"), _rates(cap, most_pct, facts)
        yield Finding(effect="needs", rule=rule, code=_RECALCULATE, details=details)
        if most_pct is not None:
            yield Finding(effect="closes", rule=cap, code=rule.code)


def _caps(facts: Facts, law: Law) -> tuple[InterestCapRule, ...]:
    """Return the caps that hold. Raises UnknownLawError if only those of other days are known."""

    def of_loan(rules: JudicialRules) -> Iterator[InterestCapRule]:
        for cap in rules.interest_caps:
            meant = (cap.loan == "home_mortgage") == facts.home_mortgage
            if meant and not (cap.consumer_credit_only and facts.consumer_credit is False):
                yield cap

    found, rates = law.all(of_loan), (facts.late_rate_pct, facts.ordinary_rate_pct)
    known = law.pack.own is not None and any(of_loan(law.pack.own))
    if known and not found and any(each is not None for each in rates):
        raise UnknownLawError(law.country, "the highest rate on this day")
    return found


def _asked_pct(cap: InterestCapRule, facts: Facts) -> Decimal | None:
    """Return the rate to compare; a highest rate in all holds for ordinary interest too."""
    late_pct, ordinary_pct = facts.late_rate_pct, facts.ordinary_rate_pct
    if cap.most_pct is None or late_pct is None or ordinary_pct is None:
        return late_pct if cap.most_pct is None or late_pct is not None else ordinary_pct
    return max(late_pct, ordinary_pct)


def _most_pct(cap: InterestCapRule, ordinary_pct: Decimal | None) -> Decimal | None:
    """Return the highest rate; None if it depends on an ordinary rate that nobody stated."""
    if cap.points_over_ordinary is None:
        return cap.most_pct
    return None if ordinary_pct is None else ordinary_pct + cap.points_over_ordinary


def _rates(cap: InterestCapRule, most_pct: Decimal | None, facts: Facts) -> Mapping[str, Detail]:
    if most_pct is None:
        return {}
    after = facts.ordinary_rate_pct if cap.falls_to_ordinary else most_pct
    details: dict[str, Detail] = {"allowed_late_rate_max": most_pct}
    return details | ({"claimable_rate_after_default": after} if after is not None else {})


def _acceleration(facts: Facts, law: Law) -> tuple[Finding, ...]:
    """Return why the whole loan may not be called; () if it may, or is not called."""
    calls_all = facts.accelerated or (
        facts.accelerated is None and facts.principal_outstanding_minor is not None
    )
    if not calls_all or facts.home_mortgage:
        return ()
    after, overdue = facts.accelerates_after, facts.overdue_instalments
    if after is not None and overdue is not None and overdue < after:
        return _only_overdue(facts, law.point("acceleration.clause"))
    if not facts.debtor_is_consumer:
        return ()
    unfair = law.find_point("acceleration.one_missed")
    if unfair and after is not None and after <= 1:
        return _only_overdue(facts, unfair)
    early = law.find_point("acceleration.overdue")
    if early and facts.accelerated and _is_early(facts, law):
        return _only_overdue(facts, early)
    return ()


def _is_early(facts: Facts, law: Law) -> bool:
    """Whether no instalment is overdue long enough, or the debtor was not put in default.

    Not known is early: only who shows both may call the loan.
    """
    if facts.overdue_days is None or facts.notice_sent is None:
        return True
    oldest_due = law.on - timedelta(days=facts.overdue_days)
    return law.on <= law.last_day(law.term("acceleration.overdue"), oldest_due)


def _only_overdue(facts: Facts, rule: PointRule) -> tuple[Finding, ...]:
    """Leave the instalments that are due.

    Where the whole may be called later and nobody said what is due, only friendly ways remain.
    """
    overdue_minor = _overdue_minor(facts)
    if overdue_minor is None and rule.point == "acceleration.overdue":
        return (Finding(effect="stops", rule=rule, code=rule.code, leads_to=FRIENDLY),)
    known = overdue_minor is not None
    details = {"claimable_now": Money(overdue_minor or 0, facts.currency)} if known else {}
    return (
        Finding(effect="needs", rule=rule, code=_LIMIT, details=details),
        Finding(effect="closes", rule=rule, code=rule.code),
    )
