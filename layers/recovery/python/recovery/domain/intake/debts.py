"""What a person owes on a loan on a day, for a payment to be split."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.late_charges import ChargeRules
from recovery.domain.accounting.ledger import accrue
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.position import Position
from recovery.domain.intake.split import Debt


def debt_of(
    loan: Loan, position: Position, facts: LoanFacts, charges: ChargeRules, on: date
) -> Debt:
    """Return the debt on ``on``, with the late charges until then.

    What is not recovered of a write-off is owed and due. Whether the loan is secured is not known
    here, so it counts as unsecured.
    """
    schedule, _ = accrue(loan.schedule, position, facts.accrued, charges, facts.pauses, on)
    unpaid = [
        (each.due_date, minor)
        for each, paid in zip(schedule, position.paid, strict=True)
        if (minor := each.due.total - paid.total)
    ]
    due_minor = sum(minor for due_date, minor in unpaid if due_date <= on)
    oldest_due_on = unpaid[0][0] if unpaid else loan.disbursed_on
    if facts.loss and (lost_minor := facts.loss.remaining.total):
        due_minor += lost_minor
        oldest_due_on = min(oldest_due_on, schedule[0].due_date)
    return Debt(
        loan_id=loan.loan_id,
        due_minor=due_minor,
        not_due_minor=sum(minor for due_date, minor in unpaid if due_date > on),
        oldest_due_on=oldest_due_on,
        disbursed_on=loan.disbursed_on,
        annual_rate_pct=loan.annual_rate_pct,
    )
