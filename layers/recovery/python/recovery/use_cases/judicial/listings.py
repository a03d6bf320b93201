"""The entries of a loan in registers of unpaid debts, as its state keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.documents.packs.reading import careful_judicial_pack, judicial_pack
from recovery.domain.accounting.acts import Listed, Listing, ListingChange
from recovery.domain.accounting.allocation import Owed
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.judicial.legal_record import legal_record
from recovery.domain.judicial.listing_duties import listed_now, tasks_ended_by
from recovery.ports.accounting import LoanChange


def with_listing_tasks(change: LoanChange, record: FactRecord) -> LoanChange:
    """End what somebody had to do about an entry that was removed or corrected."""
    if not isinstance(record.fact, ListingChange):
        return change
    ended = tasks_ended_by(record.fact, record.loan_id)
    outbox = change.outbox
    return replace(change, outbox=replace(outbox, ends_tasks=(*outbox.ends_tasks, *ended)))


def listed_of(loan: Loan, recorded: Recorded, owed: Owed, today: date) -> tuple[Listed, ...]:
    """Return the listings that are there, by the law of the contract."""
    if not any(isinstance(each.fact, Listing) for each in recorded.facts):
        return ()
    rows = zip(owed.schedule, owed.position.paid, strict=True)
    due = min((each.due_date for each, paid in rows if paid != each.due), default=None)
    law = loan.profile.law
    pack = judicial_pack(law) if law else careful_judicial_pack()
    return listed_now(legal_record(recorded, today), due, pack, today)
