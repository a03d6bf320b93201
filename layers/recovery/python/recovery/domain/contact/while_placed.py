"""What is still said of a loan that another handles for its creditor.

The firm speaks with the borrower, and nobody else: two voices are pressure. But whoever disputed or
complained here has a right to the answer of the creditor, and whoever has paid to the proof of it.
"""

from __future__ import annotations

from recovery.domain.accounting.ownership import Silence, SilentPeriod
from recovery.domain.contact.plan import CLEARANCE_LETTER, DECIDED, Wish

OWED_ANSWERS = DECIDED | {CLEARANCE_LETTER}


def silenced(wish: Wish | None, silent: SilentPeriod | None) -> SilentPeriod | None:
    """Return the silence if it holds back this wish, None if it may be said all the same."""
    if silent and silent.why == Silence.PLACED and wish and wish.kind in OWED_ANSWERS:
        return None
    return silent
