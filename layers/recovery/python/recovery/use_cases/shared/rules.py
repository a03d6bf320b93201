"""The rules for an institution's loans at one date: its policies, as far as the law lets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from recovery.domain.accounting.late_charges import ChargeRules
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.restraints import Block, held_days
from recovery.domain.policy import Policy, charge_rules, policy_in_force
from recovery.domain.review import LoanState
from recovery.ports.institutions import InstitutionRepository


@dataclass(frozen=True)
class Rules:
    """Every version of the policy, and the date at which it is asked."""

    policies: tuple[Policy, ...]
    as_of: date

    @cached_property
    def policy(self) -> Policy:
        """The policy in force."""
        return policy_in_force(self.policies, self.as_of)

    def allocation(self, on: date) -> AllocationPolicy:
        """Return how a payment of this value date is allocated."""
        return policy_in_force(self.policies, on).accounting.allocation

    def charges(self, loan: Loan, state: LoanState) -> ChargeRules:
        """Return the loan's late charges on each day, none while a restraint holds them."""
        return charge_rules(self.policies, held_days(state.restraints, Block.LATE_CHARGES))


def rules_of(institution_id: str, as_of: date, institutions: InstitutionRepository) -> Rules:
    """Read the institution's rules."""
    return Rules(tuple(institutions.policies(institution_id)), as_of)
