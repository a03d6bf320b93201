"""Read a loan's standing in the API's format."""

from __future__ import annotations

from datetime import datetime

from recovery.documents.monitoring.standing import standing_document
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.shared.iso_dates import iso
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.shared.business_date import business_date


def read_standing(loan_id: str, now: datetime, ports: LoansAndInstitutions) -> dict[str, object]:
    """Evaluate the standing at the business date. Raises LoanNotFoundError."""
    stored = ports.loans.load(loan_id)
    loan, state = stored.loan, stored.state
    today = business_date(loan.institution_id, now, ports.institutions)
    policy = ports.institutions.policy(loan.institution_id, today)
    as_of = max(today, state.position.last_value_date or today)
    standing = standing_at(loan.schedule, state.position, policy.monitoring, as_of)
    return {
        "loan_id": loan_id,
        "currency": loan.currency,
        **standing_document(standing, loan.currency),
        "case": (
            {
                "case_id": state.case.case_id,
                "stage": state.case.target_stage.value,
                "since": state.case.target_stage_since.isoformat(),
            }
            if state.case
            else None
        ),
        "next_review_on": iso(state.next_review_on),
        "policy_version": policy.version,
    }
