"""The policy's monitoring section: when a loan is late, how late, and what signals trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from recovery.domain.monitoring.buckets import Bucket, bucket_problems, coverage_problems
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance, tolerance_problems
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
class MonitoringPolicy:
    """Rules for a standing. Days are calendar days unless the evaluation counts business days.

    ``grace_days``: days past due before a loan is delinquent.
    """

    grace_days: int = 0
    tolerance: Tolerance = NO_TOLERANCE
    buckets: tuple[Bucket, ...] = _DEFAULT_BUCKETS
    risk: RiskPolicy = field(default_factory=RiskPolicy)


def monitoring_problems(policy: MonitoringPolicy) -> Iterator[Problem]:
    """Yield every problem with this section."""
    yield from range_problems("grace_days", policy.grace_days, 0, MAX_DAYS)
    yield from tolerance_problems(policy.tolerance)
    yield from bucket_problems(policy.buckets)
    yield from coverage_problems(policy.buckets)
    yield from range_problems("risk.last_instalments", policy.risk.last_instalments, 0, 100)
    yield from range_problems("risk.late_from_days", policy.risk.late_from_days, 0, MAX_DAYS)
