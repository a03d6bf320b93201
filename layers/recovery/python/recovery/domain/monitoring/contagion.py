"""Contagion: one badly late loan makes all the borrower's loans count as late.

Supervisors look at the debtor, not the loan: under the pulling effect in EBA/GL/2016/07 (section 6)
all exposures of a debtor are in default once those over 90 days late exceed a fifth; other regimes
apply it whatever the share.
"""

from __future__ import annotations

from collections.abc import Sequence

from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.monitoring.policy import Contagion


def contagion_bucket(standings: Sequence[Standing], contagion: Contagion) -> str | None:
    """Return the worst loan's bucket, to which the others are pulled; None without contagion.

    All standings must share one borrower, date and currency.
    """
    badly_late = [each for each in standings if each.days_delinquent >= contagion.from_days]
    if not badly_late:
        return None
    all_minor = sum(each.outstanding.principal for each in standings)
    late_minor = sum(each.outstanding.principal for each in badly_late)
    if contagion.over_percent and late_minor * 100 <= contagion.over_percent * all_minor:
        return None
    return max(badly_late, key=lambda each: each.days_delinquent).bucket
