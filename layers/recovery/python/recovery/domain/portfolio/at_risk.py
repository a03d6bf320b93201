"""Measures of a whole portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from recovery.domain.monitoring.delinquency import Standing


def portfolio_at_risk(standings: Iterable[Standing], over_days: int) -> Fraction:
    """PAR: outstanding principal of loans with anything over so many days late, over all of it.

    The whole balance of such a loan counts, not only what is late (CGAP). All standings must be of
    one currency. 0 for an empty portfolio.
    """
    at_risk = gross = 0
    for standing in standings:
        gross += standing.outstanding.principal
        if standing.days_past_due > over_days:
            at_risk += standing.outstanding.principal
    return Fraction(at_risk, gross) if gross else Fraction(0)
