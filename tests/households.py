"""Households and capacities for tests; each test changes what matters to it. Minor units of EUR."""

from __future__ import annotations

from datetime import date
from typing import Any

from recovery.domain.agreements.capacity import Capacity
from recovery.domain.agreements.capacity_rules import Cap, CapacityTerms
from recovery.domain.agreements.household import Household, Income, steady

ON = date(2026, 11, 27)
HALF = Cap(percent=50, of="household_income", source="test.half")


def a_wage(amount_minor: int = 100_000, **changes: Any) -> Income:
    """A wage that is documented, the same every month."""
    ordinary: dict[str, Any] = {
        "source": "wage",
        "by_month": steady(amount_minor),
        "evidence": "documented",
    }
    return Income(**{**ordinary, **changes})


def a_household(**changes: Any) -> Household:
    """One adult with a wage of 1,000.00 who spends 400.00 on living and owes nothing."""
    ordinary: dict[str, Any] = {
        "currency": "EUR",
        "incomes": (a_wage(),),
        "expenses_by_month": steady(40_000),
    }
    return Household(**{**ordinary, **changes})


def capacity_terms(**changes: Any) -> CapacityTerms:
    """Half of the income at most, no floor known, no margin."""
    ordinary: dict[str, Any] = {
        "living_minor": None,
        "caps": (HALF,),
        "margin_percent": 0,
        "valid_days": 180,
        "proven": frozenset({"verified", "documented", "observed"}),
        "attachable": None,
        "rule_ids": ("test.half",),
    }
    return CapacityTerms(**{**ordinary, **changes})


def a_capacity(free_minor: int = 60_000, **changes: Any) -> Capacity:
    """600.00 free in every month, without cap or margin."""
    ordinary: dict[str, Any] = {
        "currency": "EUR",
        "free_by_month": steady(free_minor),
        "ceiling_minor": None,
        "margin_percent": 0,
    }
    return Capacity(**{**ordinary, **changes})
