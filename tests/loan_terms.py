"""Terms for tests of schedules: say what is special, the rest is ordinary.

Amounts are minor units. 24 % a year is 2 % a month; 300 % is a quarter a month, so that one unit a
month later is worth 0.8 now, and two months later 0.64.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.terms import Terms

EQUAL_PRINCIPAL: dict[str, Any] = {"amortisation": "equal_principal"}
EQUAL_INSTALMENT: dict[str, Any] = {"amortisation": "equal_instalment"}
FLAT: dict[str, Any] = {"interest_method": "flat", "amortisation": "equal_instalment"}
QUARTER_A_MONTH: dict[str, Any] = {
    **EQUAL_INSTALMENT,
    "annual_rate_pct": Decimal(300),
    "principal_minor": 100_000,
}
# 36 % over 360 days is a thousandth a day.
THOUSANDTH_A_DAY: dict[str, Any] = {
    **EQUAL_PRINCIPAL,
    "annual_rate_pct": Decimal(36),
    "principal_minor": 100_000,
    "day_count": "actual/360",
}


def terms(**changes: Any) -> Terms:
    """1,200.00 for four months at 24 %, disbursed on 1 January 2026."""
    ordinary: dict[str, Any] = {
        "principal_minor": 120_000,
        "annual_rate_pct": Decimal(24),
        "disbursed_on": date(2026, 1, 1),
        "instalments": 4,
        "interest_method": "declining_balance",
        "amortisation": "equal_principal",
    }
    return Terms(**ordinary | changes)


def rows(loan_terms: Terms, **changes: Any) -> list[tuple[int, int]]:
    """(principal, interest) of each instalment."""
    return [i.due[:2] for i in build_schedule(loan_terms, **changes)]
