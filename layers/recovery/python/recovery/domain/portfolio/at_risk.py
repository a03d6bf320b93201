"""Portfolio at risk."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from recovery.domain.monitoring.delinquency import Standing


def portfolio_at_risk(standings: Iterable[Standing], over_days: int) -> Fraction:
    """Compute PAR: outstanding principal of loans over ``over_days`` past due, over the gross.

    A late loan counts with its entire outstanding principal, not just what is late (CGAP); a loan
    written off counts in neither. All standings must be in one currency. 0 for an empty portfolio.
    """
    at_risk = gross = 0
    for standing in standings:
        if standing.written_off_on:
            continue
        gross += standing.outstanding.principal
        if standing.days_past_due > over_days:
            at_risk += standing.outstanding.principal
    return Fraction(at_risk, gross) if gross else Fraction(0)
