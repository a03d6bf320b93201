"""The policy's monitoring section: when a loan is late, how late, and what signals trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from recovery.domain.monitoring.buckets import Bucket, bucket_problems, coverage_problems
from recovery.domain.monitoring.early_warning import WarningPolicy, warning_problems
from recovery.domain.monitoring.pattern_policy import PatternPolicy, pattern_problems
from recovery.domain.monitoring.shock_policy import ShockPolicy, shock_problems
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance, tolerance_problems
from recovery.domain.shared.business_calendar import (
    BusinessCalendar,
    DayCounter,
    calendar_days,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems

_DEFAULT_BUCKETS = (
    Bucket(name="current", min_days=0, max_days=0),
    Bucket(name="1-30", min_days=1, max_days=30),
    Bucket(name="31-60", min_days=31, max_days=60),
    Bucket(name="61-90", min_days=61, max_days=90),
    Bucket(name="91+", min_days=91, max_days=None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPolicy:
    """Early warning thresholds, applied to the last instalments due."""

    last_instalments: int = 2
    late_from_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Contagion:
    """Loans at least ``from_days`` delinquent pull the others along, if their outstanding principal
    exceeds ``over_percent`` of the borrower's."""

    from_days: int = 91
    over_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPolicy:
    """Rules for a standing.

    ``grace_days``: days past due before a loan is delinquent. ``business_days``: the calendar by
    which the daily review counts days past due and paused days; None: calendar days. ``contagion``:
    a badly late loan marks the borrower's other loans. ``patterns`` and ``warning``: what counts as
    a payment pattern, and how patterns warn before a due date. ``shocks``: when many people are in
    trouble at once.
    """

    grace_days: int = 0
    tolerance: Tolerance = NO_TOLERANCE
    buckets: tuple[Bucket, ...] = _DEFAULT_BUCKETS
    risk: RiskPolicy = field(default_factory=RiskPolicy)
    business_days: BusinessCalendar | None = None
    contagion: Contagion | None = None
    patterns: PatternPolicy = field(default_factory=PatternPolicy)
    warning: WarningPolicy = field(default_factory=WarningPolicy)
    shocks: ShockPolicy = field(default_factory=ShockPolicy)

    @property
    def days_between(self) -> DayCounter:
        """How the daily review counts days."""
        return self.business_days.business_days_between if self.business_days else calendar_days


def monitoring_problems(policy: MonitoringPolicy) -> Iterator[Problem]:
    """Yield every problem with this section."""
    yield from range_problems("grace_days", policy.grace_days, 0, MAX_DAYS)
    yield from tolerance_problems(policy.tolerance)
    yield from bucket_problems(policy.buckets)
    yield from coverage_problems(policy.buckets)
    yield from range_problems("risk.last_instalments", policy.risk.last_instalments, 0, 100)
    yield from range_problems("risk.late_from_days", policy.risk.late_from_days, 0, MAX_DAYS)
    sections = {
        "patterns": pattern_problems(policy.patterns),
        "warning": warning_problems(policy.warning),
        "shocks": shock_problems(policy.shocks),
    }
    for section, problems in sections.items():
        yield from (problem.within(section) for problem in problems)
    if policy.business_days and not frozenset(range(7)) - policy.business_days.weekend:
        remedy = "Leave out at least one weekday"
        yield Problem("business_days.weekend", "leaves no business day", remedy)
    if policy.contagion:
        yield from range_problems("contagion.from_days", policy.contagion.from_days, 1, MAX_DAYS)
        if not 0 <= policy.contagion.over_percent < 100:
            reason = "must be 0 or more and under 100"
            yield Problem("contagion.over_percent", reason, "Give a percentage", "out_of_range")
