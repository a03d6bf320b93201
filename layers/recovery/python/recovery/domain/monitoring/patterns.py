"""Every pattern of a borrower's behaviour at a date; one door to the finders of each kind.

Each is found anew at each review from what is known then, so a payment that is dated back, or that
arrives out of order, changes them as if it had always been there.
"""

from __future__ import annotations

from recovery.domain.monitoring.money_patterns import MONEY
from recovery.domain.monitoring.pattern import Behaviour, Pattern, PatternKind
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.timing_patterns import TIMING

_ORDER = tuple(PatternKind)


def patterns_of(behaviour: Behaviour, policy: PatternPolicy) -> tuple[Pattern, ...]:
    """Return every pattern at ``as_of``, each kind at most once, in the order of PatternKind."""
    found = (hit for find in (*TIMING, *MONEY) if (hit := find(behaviour, policy)))
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.kind)))
