"""A standing as JSON: amounts as decimal strings, dates as ISO 8601."""

from __future__ import annotations

from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts


def standing_document(standing: Standing, currency: str) -> dict[str, object]:
    """Convert the full standing."""
    return {
        "as_of": standing.as_of.isoformat(),
        **arrears_document(standing, currency),
        "oldest_due_date": iso(standing.oldest_due_date),
        "next_due_date": iso(standing.next_due_date),
        "next_due": to_decimal_text(standing.next_due.total, currency),
    }


def arrears_document(standing: Standing, currency: str) -> dict[str, object]:
    """Show how late the loan is, and what is overdue, outstanding and in credit."""
    return {
        "days_past_due": standing.days_past_due,
        "days_delinquent": standing.days_delinquent,
        "delinquent_since": iso(standing.delinquent_since),
        "bucket": standing.bucket,
        "overdue": to_decimal_texts(standing.overdue.with_total(), currency),
        "outstanding": to_decimal_texts(standing.outstanding.with_total(), currency),
        "credit": to_decimal_text(standing.credit_minor, currency),
    }
