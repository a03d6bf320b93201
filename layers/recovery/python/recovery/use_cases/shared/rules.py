"""The rules for an institution's loans at one date: its policies, as far as the law lets them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from recovery.documents.packs.reading import (
    careful_lending_pack,
    careful_people_pack,
    lending_pack,
    people_pack,
)
from recovery.domain.accounting.late_charges import ChargeRules
from recovery.domain.accounting.lending import lawful_charges
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.people_rules import PeoplePack
from recovery.domain.agreements.restraints import Block, held_days
from recovery.domain.loan_state import LoanState
from recovery.domain.policy import Policy, charge_rules, policy_in_force
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
        """Return the loan's late charges on each day: the policy's, as far as the law of the
        contract lets them, and none while a restraint holds them or another owns the loan."""
        agreed = self._agreed_charges
        if not agreed:
            return agreed
        law, purpose = loan.profile.law, loan.profile.purpose or "unknown"
        pack = lending_pack(law) if law else careful_lending_pack()
        lawful = lawful_charges(agreed, pack, purpose, loan.currency)
        held = held_days(state.restraints, Block.LATE_CHARGES)
        return replace(lawful, held=(*held, *state.ownership.outside))

    @cached_property
    def _agreed_charges(self) -> ChargeRules:
        return charge_rules(self.policies)


def people_pack_of(loan: Loan) -> PeoplePack:
    """Return the rules for people of the law that the contract follows."""
    return people_pack(loan.profile.law) if loan.profile.law else careful_people_pack()


def rules_of(institution_id: str, as_of: date, institutions: InstitutionRepository) -> Rules:
    """Read the institution's rules."""
    return Rules(tuple(institutions.policies(institution_id)), as_of)
