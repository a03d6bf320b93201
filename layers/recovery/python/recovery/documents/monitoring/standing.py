"""A standing as JSON: amounts as decimal strings, dates as ISO 8601."""

from __future__ import annotations

from datetime import date

from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.money import texts, to_decimal_text


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
