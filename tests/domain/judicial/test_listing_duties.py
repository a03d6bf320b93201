"""What an entry in a register of unpaid debts asks for once it is not true any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.documents.packs.reading import careful_judicial_pack, judicial_pack
from recovery.domain.accounting.acts import Listed, Listing, ListingChange
from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.agreements.restraints import Block, Restraint
from recovery.domain.judicial.legal_record import LegalRecord, ListingRecord
from recovery.domain.judicial.listing_duties import listed_now, listing_tasks, next_dates
from recovery.domain.loan_state import standing_of
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.actor import Role
from tests.builders import FIRST_DUE, a_loan, a_state

ON, DAY = date(2026, 6, 15), timedelta(days=1)
LOAN = a_loan()
ENTRY = Listed(listing_id="LI", amount_minor=57_500, within_days=5, delete_by=date(2031, 2, 1))
LISTING = Listing(on=date(2026, 5, 1), persons=("B-1",), bureau="ASNEF", amount_minor=57_500)
HELD = Restraint("complaint", FIRST_DUE, None, frozenset({Block.BUREAU}), "said")


def standing(paid_minor: int = 0, as_of: date = ON) -> Standing:
    payments = [Payment("P", ON - DAY, paid_minor)] if paid_minor else []
    position = allocate(LOAN.schedule, payments, DEFAULT_POLICY.accounting.allocation)
    return standing_of(LOAN, replace(a_state(LOAN), position=position), DEFAULT_POLICY, as_of)


def asked(entry: Listed = ENTRY, paid_minor=0, restraints=(), as_of=ON, before=None) -> list[str]:
    now = standing(paid_minor, as_of)
    tasks = listing_tasks([entry], LOAN, before, now, restraints, as_of)
    return [each.task_id for each in tasks]


@pytest.mark.parametrize(
    ("paid_minor", "why"),
    [(0, None), (1, "amount"), (57_499, "amount"), (57_500, "paid"), (138_000, "paid")],
)
def test_the_entry_is_corrected_when_less_is_overdue_and_removed_when_nothing_is(
    paid_minor, why
) -> None:
    assert asked(paid_minor=paid_minor) == ([f"L-1.listing.LI.{why}"] if why else [])


def test_somebody_legal_has_so_many_days() -> None:
    [task] = listing_tasks([ENTRY], LOAN, None, standing(57_500), (), ON)
    assert (task.role, task.do_by) == (Role.LEGAL, ON + 5 * DAY)


def test_what_was_asked_for_at_the_last_review_is_not_asked_for_again() -> None:
    assert asked(paid_minor=1, before=standing(1)) == []
    assert asked(paid_minor=57_500, before=standing(1)) == ["L-1.listing.LI.paid"]


def test_an_entry_of_what_is_disputed_or_of_who_is_protected_goes() -> None:
    assert asked(restraints=(HELD,)) == ["L-1.listing.LI.held"]
    assert asked(replace(ENTRY, disputed=True)) == ["L-1.listing.LI.held"]


def test_an_entry_goes_before_its_longest_stay_is_over() -> None:
    near = replace(ENTRY, delete_by=ON + 5 * DAY, amount_minor=1)
    assert [*next_dates([near])] == [ON]
    assert asked(near) == ["L-1.listing.LI.too_old"]
    later = replace(near, delete_by=ON + 6 * DAY)
    assert asked(later) == []
    assert [*next_dates([replace(near, delete_by=None)])] == []
    [task] = listing_tasks([replace(near, delete_by=ON + DAY)], LOAN, None, standing(), (), ON)
    assert task.do_by == ON + DAY


def test_listings_are_kept_until_they_are_removed_by_the_law_of_the_contract() -> None:
    removed = ListingChange(listing_id="LI", on=ON, step="removed")
    disputed = ListingChange(listing_id="LI", on=ON, step="disputed")
    there = LegalRecord(listings=(ListingRecord("LI", LISTING, (disputed,)),))
    [found] = listed_now(there, FIRST_DUE, judicial_pack("ES"), ON)
    assert found == replace(ENTRY, disputed=True)
    [unknown] = listed_now(there, FIRST_DUE, careful_judicial_pack(), ON)
    assert unknown.delete_by is None
    gone = LegalRecord(listings=(ListingRecord("LI", LISTING, (removed,)),))
    assert listed_now(gone, FIRST_DUE, judicial_pack("ES"), ON) == ()
