"""When a loan has ended for good, so that what is held of it may be erased one day."""

from __future__ import annotations

from datetime import date

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.stages import Outcome
from recovery.domain.loan_state import LoanState

_KEEPS = (Kind.DISPUTE, Kind.FRAUD_CLAIM, Kind.COMPLAINT)


def has_ended(state: LoanState, as_of: date) -> bool:
    """Whether nothing stands any more, by the standing of the last review.

    A loan that was written off stands until all of the loss is recovered: money may still come, and
    its limitation runs. So does one with money of the payer's left over, a case, a question that
    waits for people, or a dispute or complaint without an answer.
    """
    standing = state.standing
    if standing is None or state.case or state.position.credit_minor:
        return False
    owed_minor = standing.outstanding.total + standing.loss.total
    if owed_minor and state.closed != Outcome.SETTLED.value:
        return False
    if state.proposal and state.proposal.is_open:
        return False
    return not any(
        each.kind in _KEEPS and (each.until is None or each.until >= as_of)
        for each in state.restraints
    )


def last_entry(loan: Loan, recorded: Recorded) -> date:
    """Return the last day on which anything was entered about the loan, from which on what is held
    of an ended one is kept for as long as the books."""
    days = [loan.disbursed_on]
    for each in recorded.payments:
        days += filter(None, (each.payment.value_date, each.reversed_on))
    days += (each.known_on for each in recorded.facts)
    days += (each.known_on for each in recorded.owners)
    return max(days)
