"""The offers of an agreement that reached a borrower on the way to court."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from recovery.domain.contact.address import Fate
from recovery.domain.contact.way_back import WAY_BACK, offered_since
from recovery.domain.judicial.offered import was_offered
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasBorrowers, HasLoans
from recovery.use_cases.contact.kind_said import kind_said

_ARRIVED = (Fate.DELIVERED, Fate.COMPLAINED)  # who calls it spam has got it


class OfferPorts(HasLoans, HasBorrowers, Protocol):
    """Where offers are on record."""


def was_offered_before_filing(stored: StoredLoan, ports: OfferPorts) -> bool:
    """Whether an agreement was offered since the loan's case came to pre-action; without a case
    nothing was."""
    loan, case = stored.loan, stored.state.case
    if case is None:
        return False
    heard_on = offers_heard(loan.loan_id, loan.borrower_id, ports)
    return was_offered(ports.loans.recorded(loan.loan_id), offered_since(case), heard_on)


def offers_heard(loan_id: str, person_id: str, ports: HasBorrowers) -> tuple[date, ...]:
    """Return the days of the messages about this loan that offered an agreement and arrived."""
    return tuple(
        each.contacted_on
        for message_id, each in ports.borrowers.contacts(person_id).items()
        if message_id.startswith(f"{loan_id}/")
        and kind_said(message_id, each) == WAY_BACK
        and each.fate in _ARRIVED
    )
