"""The policy's accounting section: how payments are allocated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.loan import Components
from recovery.domain.shared.errors import Problem


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
    """Rules for the ledger. There are no late charges unless the policy lists them."""

    allocation: AllocationPolicy = field(default_factory=AllocationPolicy)
    late_charges: tuple[LateCharge, ...] = ()


def accounting_problems(policy: AccountingPolicy) -> Iterator[Problem]:
    """Yield every problem with this section."""
    if sorted(policy.allocation.order) != sorted(Components._fields):
        yield Problem(
            "allocation.order",
            "must list penalty, fee, interest and principal once each",
            "List each of the four once",
        )
    yield from late_charge_problems(policy.late_charges)
