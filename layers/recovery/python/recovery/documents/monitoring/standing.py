"""A standing as JSON: amounts as decimal strings, dates as ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.write_off import Loss
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts


def standing_document(
    standing: Standing, currency: str, pauses: Iterable[Pause] = (), loss: Loss | None = None
) -> dict[str, object]:
    """Convert the full standing of a loan with these pauses, and this loss if some is written off.

    ``restructured`` shows the days past due frozen at the last restructuring, apart from today's;
    ``written_off`` what is not recovered, ``on`` None if only a part was written off; ``pulled_to``
    the bucket of another loan of the borrower that marks this one.
    """
    return {
        "as_of": standing.as_of.isoformat(),
        **arrears_document(standing, currency),
        "oldest_due_date": iso(standing.oldest_due_date),
        "next_due_date": iso(standing.next_due_date),
        "next_due": to_decimal_text(standing.next_due.total, currency),
        "pulled_to": standing.pulled_to,
        "restructured": _restructured(standing),
        "paused": _paused(pauses, standing.as_of),
        "written_off": _written_off(loss, currency) if loss else None,
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


def _restructured(standing: Standing) -> dict[str, object] | None:
    if standing.restructured_on is None:
        return None
    return {
        "on": standing.restructured_on.isoformat(),
        "days_past_due": standing.frozen_days_past_due,
    }


def _paused(pauses: Iterable[Pause], as_of: date) -> dict[str, object] | None:
    """Return the pause that runs; the one that ends last if there are several."""
    running = [each for each in pauses if each.from_date <= as_of < each.ends_on]
    if not running:
        return None
    last = max(running, key=lambda each: each.ends_on)
    until = last.ends_on if last.ends_on < date.max else None
    return {"from": last.from_date.isoformat(), "until": iso(until)}


def _written_off(loss: Loss, currency: str) -> dict[str, object]:
    """Show what was written off, what came in since and what did not; ``on`` is None if only a part
    was written off."""
    return {
        "on": iso(loss.on),
        "loss": to_decimal_texts(loss.written_off.with_total(), currency),
        "recovered": to_decimal_texts(loss.recovered.with_total(), currency),
        "remaining": to_decimal_texts(loss.remaining.with_total(), currency),
    }
