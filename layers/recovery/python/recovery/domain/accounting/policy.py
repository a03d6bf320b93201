"""The policy's accounting section: how a payment is spread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from recovery.domain.accounting.loan import Components
from recovery.domain.shared.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicy:
    """Order in which a payment is spread; oldest instalment first by default.

    ``prepayment``: what a payment beyond all that is due pays; see ``payment_path``.
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
    """What the ledger goes by."""

    allocation: AllocationPolicy = field(default_factory=AllocationPolicy)


def accounting_problems(policy: AccountingPolicy) -> Iterator[Problem]:
    """Why the ledger cannot go by this section; nothing when it can."""
    if sorted(policy.allocation.order) != sorted(Components._fields):
        yield Problem(
            "allocation.order",
            "must name each of penalty, fee, interest and principal once",
            "Name each of the four once",
        )
