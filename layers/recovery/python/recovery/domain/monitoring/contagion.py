"""Contagion: one loan badly late makes all loans of the borrower count as late.

Supervisors look at the person and not at the loan: the pulling effect in EBA/GL/2016/07 (section 6)
takes all exposures of a debtor as in default when those over 90 days late are more than a fifth;
other regimes at once, whatever the share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from recovery.domain.monitoring.delinquency import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Contagion:
    """Loans with at least ``from_days`` delinquent pull the others along, if their outstanding
    principal is over ``over_percent`` of the borrower's."""

    from_days: int = 91
    over_percent: Decimal = Decimal(0)


def pulled_to(standings: Sequence[Standing], contagion: Contagion) -> str | None:
    """The bucket to which a borrower's loans are pulled: that of the worst; None if none pulls.

    All standings are of one borrower, one date and one currency.
    """
    badly_late = [each for each in standings if each.days_delinquent >= contagion.from_days]
    if not badly_late:
        return None
    all_minor = sum(each.outstanding.principal for each in standings)
    late_minor = sum(each.outstanding.principal for each in badly_late)
    if contagion.over_percent and late_minor * 100 <= contagion.over_percent * all_minor:
        return None
    return max(badly_late, key=lambda each: each.days_delinquent).bucket
