"""What may be claimed: without unfair interest, and without calling a loan too early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from recovery.domain.judicial.claim_rules import LateRateRule
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import FRIENDLY, Detail, Finding
from recovery.domain.judicial.law import Law, UnknownLawError
from recovery.domain.judicial.lawful_rates import AgreedRates, NoRate, RateLimit, rate_limit
from recovery.domain.judicial.rules import PointRule
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


def highest_rate(facts: Facts, law: Law) -> RateLimit | NoRate | None:
    """Return how high a rate may be, or why that is not known; None: the law limits none."""
    agreed = AgreedRates(ordinary_pct=facts.ordinary_rate_pct, home_mortgage=facts.home_mortgage)
    own = law.claims.own
    limits = [
        each
        for each in (() if own is None else own.late_rates)
        if (each.capacity, each.home_mortgage) == (agreed.capacity, agreed.home_mortgage)
        and not (each.consumer_credit_only and facts.consumer_credit is False)
    ]
    return rate_limit(agreed, law.claims, law.on) if limits else None


def _interest(facts: Facts, law: Law) -> Iterator[Finding]:
    """Compare the rates asked with the highest that a consumer may be asked.

    Raises UnknownLawError if there is one that is not known on this day.
    """
    rates = [each for each in (facts.late_rate_pct, facts.ordinary_rate_pct) if each is not None]
    if not facts.debtor_is_consumer or not rates:
        return
    limit = highest_rate(facts, law)
    if limit == "ordinary_rate_unknown":
        yield Finding(effect="needs", rule=law.point("interest.unfair"), code=_RECALCULATE)
    elif isinstance(limit, str):
        raise UnknownLawError(law.country, "the highest rate on this day")
    elif limit is not None and limit.most_pct is not None and max(rates) > limit.most_pct:
        rule, details = law.point("interest.unfair"), _rates(limit.rule, limit.most_pct, facts)
        yield Finding(effect="needs", rule=rule, code=_RECALCULATE, details=details)
        yield Finding(effect="closes", rule=limit.rule, code=rule.code)


def _rates(rule: LateRateRule, most_pct: Decimal, facts: Facts) -> Mapping[str, Detail]:
    """Return the highest rate, and the one that may be claimed after default."""
    ordinary_pct = facts.ordinary_rate_pct
    after = most_pct if rule.if_over == "reduced" else ordinary_pct
    details: dict[str, Detail] = {"allowed_late_rate_max": most_pct}
    if after is None or after > most_pct:
        return details
    return details | {"claimable_rate_after_default": after}


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
