"""The policy's accounting section: allocation, refinancing, and what may not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.refinancing import REFINANCED_WITHIN_DAYS
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems

_MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicy:
    """Order in which a payment is allocated; oldest instalment first by default.

    ``prepayment``: where money beyond what is due goes; see ``payment_path``.
    """

    by: Literal["instalment", "component"] = "instalment"
    order: tuple[Literal["principal", "interest", "fee", "penalty"], ...] = (
        "penalty",
        "fee",
        "interest",
        "principal",
    )
    prepayment: Literal["next_instalment", "last_instalment", "reduce_instalment"] = (
        "next_instalment"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingPolicy:
    """Rules for the ledger. There are no late charges unless the policy lists them.

    A loan paid off at most ``refinanced_within_days`` before or after a new one of the same person
    counts as repaid by it.

    ``surplus``: whether money beyond all that is owed is kept as credit of the loan. ``unmatched``:
    whether a row of a file that names no loan on record is refused, or its money kept in suspense.
    """

    allocation: AllocationPolicy = field(default_factory=AllocationPolicy)
    late_charges: tuple[LateCharge, ...] = ()
    refinanced_within_days: int = REFINANCED_WITHIN_DAYS
    surplus: Literal["credit", "suspense"] = "credit"
    unmatched: Literal["refuse", "suspense"] = "refuse"


def accounting_problems(policy: AccountingPolicy) -> Iterator[Problem]:
    """Yield every problem with this section."""
    if sorted(policy.allocation.order) != sorted(Components._fields):
        yield Problem(
            "allocation.order",
            "must list penalty, fee, interest and principal once each",
            "List each of the four once",
        )
    yield from late_charge_problems(policy.late_charges)
    days = policy.refinanced_within_days
    yield from range_problems("refinanced_within_days", days, 0, _MOST_DAYS)
