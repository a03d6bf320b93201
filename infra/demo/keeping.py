"""What somebody who keeps an agreement pays, and on which days."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.agreed import Agreement
from recovery.ports.accounting import StoredLoan

Due = tuple[date, int]  # minor units


def to_pay(stored: StoredLoan, agreed: Agreement | None, after: date) -> list[Due]:
    """Return what falls due after this day: by the agreement until its last payment, then by the
    schedule; of a settlement nothing else. Nothing once the loan is closed."""
    if stored.state.closed:
        return []
    payments = [(e.due_date, e.amount_minor) for e in agreed.payments] if agreed else []
    until = max((on for on, _ in payments), default=date.min)
    if not (agreed and agreed.settles):
        rows = zip(stored.loan.schedule, stored.state.position.paid, strict=True)
        payments += [(e.due_date, e.due.total - p.total) for e, p in rows if e.due_date > until]
    return sorted((on, minor) for on, minor in payments if on > after and minor > 0)
