"""Weigh a person's loans together: one that is badly late marks the others, where policy says; and
each knows of the others that are overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from recovery.domain.monitoring.contagion import contagion_bucket
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasBorrowers, LoansAndInstitutions
from recovery.use_cases.shared.retrying import retry_until_fresh

_MOST_TOLD = 3


class WeighingPorts(LoansAndInstitutions, HasBorrowers, Protocol):
    """A person's loans, and the policy."""


def weigh_together(
    institution_id: str, borrower_id: str, as_of: date, ports: WeighingPorts
) -> None:
    """Mark each loan of the person with the bucket to which another pulls it, and tell it which
    others are overdue. Idempotent.

    Loans in one currency are weighed together, by their last review. A loan that is paid, closed,
    written off or owned by another neither pulls nor is pulled.
    """
    policy = ports.institutions.policy(institution_id, as_of)
    contagion = policy.monitoring.contagion

    def weigh() -> None:
        stored = ports.loans.load_many(ports.borrowers.loans_of(borrower_id))
        for currency in sorted({each.loan.currency for each in stored}):
            together = [each for each in stored if each.loan.currency == currency]
            standings = [each.state.standing for each in together if _counts(each, as_of)]
            known = [each for each in standings if each is not None]
            worst = contagion_bucket(known, contagion) if contagion and len(known) > 1 else None
            for each in together:
                own = each.state.standing and each.state.standing.bucket
                pulled = worst if _counts(each, as_of) and own != worst else None
                if each.state.pulled_to != pulled:
                    _mark(each, pulled, as_of, policy.version, ports)
        if len(stored) > 1:
            _tell_of_strain(borrower_id, as_of, ports)

    retry_until_fresh(weigh)


def _tell_of_strain(borrower_id: str, as_of: date, ports: WeighingPorts) -> None:
    """Let each loan know since when the person's other loans are overdue, in whatever currency, and
    be reviewed: a warning may follow before its own due date."""
    stored = ports.loans.load_many(ports.borrowers.loans_of(borrower_id))
    since = {
        each.loan.loan_id: each.state.standing.oldest_due_date
        for each in stored
        if each.state.standing and _counts(each, as_of)
    }
    for each in stored:
        loan, state = each.loan, each.state
        others = [on for loan_id, on in since.items() if on and loan_id != loan.loan_id]
        late = tuple(sorted(others)[:_MOST_TOLD])
        if loan.loan_id not in since or state.late_elsewhere == late:
            continue
        told = replace(
            state,
            version=state.version + 1,
            late_elsewhere=late,
            next_review_on=min(state.next_review_on or as_of, as_of + timedelta(days=1)),
        )
        ports.loans.save_state(told, loan)


def _counts(stored: StoredLoan, as_of: date) -> bool:
    state, standing = stored.state, stored.state.standing
    if standing is None or state.closed or state.ownership.is_outside(as_of):
        return False
    return standing.outstanding.total > 0


def _mark(
    stored: StoredLoan, pulled: str | None, as_of: date, policy_version: int, ports: WeighingPorts
) -> None:
    loan, state, standing = stored.loan, stored.state, stored.state.standing
    assert standing is not None
    said = f"marked {pulled}, as another loan" if pulled else "no longer marked by another loan"
    marked = replace(
        state,
        version=state.version + 1,
        pulled_to=pulled,
        standing=replace(standing, pulled_to=pulled),
    )
    key = f"contagion#{pulled or 'none'}"
    entry = TimelineEntry(as_of, "standing", f"{said} of the borrower", policy_version, key)
    event = DomainEvent(
        "LoanMarked",
        {
            "loan_id": loan.loan_id,
            "as_of": as_of.isoformat(),
            "pulled_to": pulled,
            "policy_version": policy_version,
        },
    )
    outbox = Outbox(
        outbox_id(marked.version), as_of, policy_version, timeline=(entry,), events=(event,)
    )
    ports.loans.save_state(marked, loan, outbox)
