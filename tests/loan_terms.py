"""Default terms for schedule tests; each test overrides what matters to it.

Amounts are in minor units. 24 % a year is 2 % a month; 300 % is a quarter a month, so one unit is
worth 0.8 a month earlier and 0.64 two months earlier.
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
    """Terms of 1,200.00 over four months at 24 %, disbursed on 1 January 2026, with changes."""
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
    """Return (principal, interest) of each instalment."""
    return [i.due[:2] for i in build_schedule(loan_terms, **changes)]
