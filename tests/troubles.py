"""Loans in difficulty for tests: 1,200.00 over months at 24 %, disbursed on 1 January 2026."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from recovery.domain.accounting.history import Charge, History
from recovery.domain.accounting.loan import Payment
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.option_search import Trouble
from recovery.domain.agreements.policy import OptionsPolicy, SettlementTier
from recovery.domain.monitoring.evaluation import EvaluationRules
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import LoanAccount, contract_of
from tests.households import a_capacity
from tests.loan_terms import EQUAL_INSTALMENT, terms

LATE = date(2026, 4, 10)
TIERS = (
    SettlementTier(role="supervisor", most_percent=20),
    SettlementTier(role="legal", most_percent=50),
)


def an_account(
    *paid_minor: int, penalty_minor: int = 0, versions: tuple[Any, ...] = (), **changes: Any
) -> LoanAccount:
    """A loan on which these amounts were paid on its first due dates."""
    agreed = terms(**{**EQUAL_INSTALMENT, "instalments": 12, **changes})
    schedule = build_schedule(agreed)
    payments = tuple(
        Payment(f"P-{index}", each.due_date, amount_minor)
        for index, (each, amount_minor) in enumerate(zip(schedule, paid_minor, strict=False))
        if amount_minor
    )
    charges = (Charge(date(2026, 4, 1), "penalty", penalty_minor),) if penalty_minor else ()
    history = History(payments=payments, charges=charges, versions=versions)
    contract = contract_of(schedule, agreed.annual_rate_pct, agreed.disbursed_on, agreed)
    return LoanAccount("EUR", schedule, history, contract)


def a_trouble(**changes: Any) -> Trouble:
    """Two of three instalments missed, 200.00 free a month, a reason that was not said."""
    ordinary: dict[str, Any] = {
        "account": an_account(11_347),
        "rules": EvaluationRules(),
        "on": LATE,
        "reason": Difficulty.NOT_SAID,
        "capacity": a_capacity(20_000),
        "policy": OptionsPolicy(tiers=TIERS, lower_rates_pct=(Decimal(12), Decimal(0))),
    }
    return Trouble(**{**ordinary, **changes})
