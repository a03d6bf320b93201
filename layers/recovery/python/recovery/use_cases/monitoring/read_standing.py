"""What a loan's standing is, in the words and decimals of the API."""

from __future__ import annotations

from datetime import date, datetime

from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.shared.money import texts, to_decimal_text
from recovery.ports import InstitutionRepository, LoanRepository
from recovery.use_cases.shared.business_date import business_date


def read_standing(
    loan_id: str, now: datetime, *, loans: LoanRepository, institutions: InstitutionRepository
) -> dict[str, object]:
    """The standing at the business date, evaluated now. Raises LoanNotFoundError."""
    kept = loans.load(loan_id)
    loan, state = kept.loan, kept.state
    today = business_date(loan.institution_id, now, institutions)
    policy = institutions.policy(loan.institution_id, today)
    as_of = max(today, state.position.last_value_date or today)
    standing = standing_at(loan.schedule, state.position, policy, as_of)
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
        "next_review_on": state.next_review_on.isoformat() if state.next_review_on else None,
        "policy_version": policy.version,
    }


def standing_document(standing: Standing, currency: str) -> dict[str, object]:
    """The standing with amounts as decimal strings and dates as ISO 8601."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "as_of": standing.as_of.isoformat(),
        "days_past_due": standing.days_past_due,
        "days_delinquent": standing.days_delinquent,
        "delinquent_since": day(standing.delinquent_since),
        "bucket": standing.bucket,
        "overdue": texts(standing.overdue.with_total(), currency),
        "outstanding": texts(standing.outstanding.with_total(), currency),
        "credit": to_decimal_text(standing.credit_minor, currency),
        "oldest_due_date": day(standing.oldest_due_date),
        "next_due_date": day(standing.next_due_date),
        "next_due": to_decimal_text(standing.next_due.total, currency),
    }
