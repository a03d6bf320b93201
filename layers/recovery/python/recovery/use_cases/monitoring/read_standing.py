"""Read a loan's standing in the API's format."""

from __future__ import annotations

from datetime import datetime

from recovery.documents.accounting.loan_document import case_document
from recovery.documents.accounting.owner_document import carried_document, owner_document
from recovery.documents.agreements.agreement_document import plan_document
from recovery.documents.agreements.forbearance_document import forbearance_document
from recovery.documents.agreements.promise_document import promise_document
from recovery.documents.agreements.restraint_document import collectible_document, held_document
from recovery.documents.monitoring.standing import standing_document
from recovery.domain.agreements.restraints import in_force
from recovery.domain.loan_state import forbearance_of, standings_of
from recovery.domain.shared.iso_dates import iso
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of


def read_standing(loan_id: str, now: datetime, ports: LoansAndInstitutions) -> dict[str, object]:
    """Evaluate the standing at the business date. Raises LoanNotFoundError."""
    stored = ports.loans.load(loan_id)
    loan, state = stored.loan, stored.state
    today = business_date(loan.institution_id, now, ports.institutions)
    rules = rules_of(loan.institution_id, today, ports.institutions)
    charges = rules.charges(loan, state)
    standings = standings_of(loan, state, rules.policy, today, charges)
    standing = standings.contractual
    return {
        "loan_id": loan_id,
        "currency": loan.currency,
        **standing_document(standing, loan.currency, state.facts.pauses, state.facts.loss),
        "collectible": collectible_document(standings, state.restraints, loan.currency),
        "held_by": [
            held_document(each, loan.currency) for each in in_force(state.restraints, today)
        ],
        "forbearance": forbearance_document(
            forbearance_of(loan, state, rules.policy, standing.as_of),
            rules.policy.monitoring.buckets,
        ),
        "plans": [plan_document(each, today) for each in state.facts.plans],
        "promises": [
            promise_document(each, state.restraints, today, loan.currency)
            for each in state.facts.promises
        ],
        "case": case_document(state.case),
        "owner": owner_document(state.ownership, today, loan.institution_id),
        "carried": carried_document(state.facts.carried),
        "next_review_on": iso(state.next_review_on),
        "policy_version": rules.policy.version,
    }
