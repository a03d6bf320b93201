"""Read a loan's standing in the API's format."""

from __future__ import annotations

from datetime import date, datetime

from recovery.documents.accounting.loan_document import case_document
from recovery.documents.monitoring.standing import standing_document
from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.owner_facts import in_words
from recovery.domain.review import standing_of
from recovery.domain.shared.iso_dates import iso
from recovery.ports.accounting import StoredLoan
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
    standing, _ = standing_of(loan, state, rules.policy, today, charges)
    carried = state.facts.carried
    return {
        "loan_id": loan_id,
        "currency": loan.currency,
        **standing_document(standing, loan.currency, state.facts.pauses),
        "case": case_document(state.case),
        "owner": _owner(stored, today),
        "carried": to_plain(carried, whole=True) if carried else None,
        "next_review_on": iso(state.next_review_on),
        "policy_version": rules.policy.version,
    }


def _owner(stored: StoredLoan, as_of: date) -> dict[str, object]:
    """Say who owns and who handles the loan, and why it is silent here if it is."""
    ownership = stored.state.ownership
    owner = ownership.owner_on(as_of, stored.loan.institution_id)
    silent = ownership.silence_on(as_of)
    return {
        "creditor": owner.creditor,
        "servicer": owner.servicer,
        "since": iso(owner.from_on),
        "silent_because": in_words(silent) if silent else None,
    }
