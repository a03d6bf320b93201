"""One limitation period after another: from the first day to the last, through the acts between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from recovery.domain.judicial.claim_rules import ClaimPack, ClaimRules
from recovery.domain.judicial.limitation_acts import LimitationAct, Weighed, Why
from recovery.domain.judicial.limitation_rules import (
    ClaimKind,
    InterruptionRule,
    LimitationRule,
    SuspensionRule,
)
from recovery.domain.schedules.due_dates import MONTHLY, step

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Periods:
    """Periods as they follow one another; ``end`` None while a court decides.

    ``suspended`` are the suspensions whose days were left out. A judgment begins a claim of another
    kind, with a ``start`` of its own.
    """

    claim: ClaimKind
    start: date
    rule: LimitationRule
    end: date | None = None
    counted: list[Weighed] = field(default_factory=list)
    not_counted: list[Weighed] = field(default_factory=list)
    suspended: list[SuspensionRule] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The rules, the suspensions that hold for the court, and the day at which one asks."""

    pack: ClaimPack
    suspensions: tuple[SuspensionRule, ...]
    as_of: date


def period_of(pack: ClaimPack, claim: ClaimKind, on: date) -> LimitationRule:
    """Return the period of a claim that begins on this day: the country's, or the careful one."""

    def of_claim(rules: ClaimRules) -> Iterator[LimitationRule]:
        return (each for each in rules.limitation if each.claim == claim)

    return pack.in_force(of_claim, on)[0]


def follow(
    claim: ClaimKind, start: date, acts: Sequence[Weighed], law: Law, *, may: bool
) -> Periods:
    """Follow a claim from its first day through the acts, which are in order.

    With ``may`` those count too that may count.
    """
    rule = period_of(law.pack, claim, start)
    periods = Periods(claim, start, rule)
    periods.end = _last_day(periods, start, rule.years, law)
    for each in acts:
        why = each.why if each.why and not (may and each.may_count) else _untimely(periods, each)
        if why is None and not may and _is_unread(periods.rule, each):
            each, why = replace(each, may_count=True), "unverified_rule"
        if why is None:
            why = _renew(periods, each, law)
        if why is None:
            periods.counted.append(each)
        else:
            periods.not_counted.append(replace(each, why=why))
    return periods


def _untimely(periods: Periods, weighed: Weighed) -> Why | None:
    on = weighed.act.on
    if on < periods.start:
        return "before_due"
    if periods.end is not None and on > periods.end:
        return "too_late"
    return None if periods.rule.interruptible else "not_interruptible"


def _is_unread(rule: LimitationRule, weighed: Weighed) -> bool:
    """Whether nobody has read that the act renews it; that a suit does needs no reading."""
    return rule.acts_unread and weighed.act.act != "claim_filed"


def _renew(periods: Periods, weighed: Weighed, law: Law) -> Why | None:
    """Begin a new period. Returns why not, if there is none."""
    act, rule = weighed.act, weighed.rule
    if periods.end is None or rule is None:
        return None  # it stands still anyway, until the court has decided
    ended = act.ended_on if act.ended_on is not None and act.ended_on <= law.as_of else None
    if act.act == "claim_filed" and weighed.direct and rule.until_end:
        if ended is None:
            periods.end = None
            return None
        if act.upheld:
            periods.claim, periods.start = "judgment", ended
            periods.rule = period_of(law.pack, "judgment", ended)
            periods.end = _last_day(periods, ended, periods.rule.years, law)
            return None
        if rule.failed_months is not None:
            periods.end = max(periods.end, step(ended, MONTHLY, rule.failed_months))
            return "failed_suit"
    years = periods.rule.years
    if periods.rule.again_years is not None:
        years = min(years, periods.rule.again_years)
    again = _last_day(periods, _restart(act, rule, ended), years, law)
    periods.end = max(periods.end, again)
    return None


def _restart(act: LimitationAct, rule: InterruptionRule, ended: date | None) -> date:
    """Return the day on which the new period begins.

    Of talks whose end nobody recorded it is the earliest day on which they can have ended.
    """
    if rule.silence_days is None or act.received_on is None:
        return act.on
    silence = act.received_on + rule.silence_days * _DAY
    if ended is None:
        return silence
    return ended if act.answered and rule.until_end else min(ended, silence)


def _last_day(periods: Periods, start: date, years: int, law: Law) -> date:
    """Return the last day, counted from date to date (CC 5.1), and later by days left out."""
    end = step(start, MONTHLY, 12 * years)
    for rule in law.suspensions:
        first = max(rule.first_on, start + _DAY)
        if first <= end and first <= rule.last_on:
            end += (rule.last_on - first).days * _DAY + _DAY
            periods.suspended.append(rule)
    return end
