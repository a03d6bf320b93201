"""Whoever was asked has details that were confirmed on that day, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from infra.demo.confirming import confirm_details
from tests.builders import a_borrower

DAY = date(2026, 6, 1)


def test_the_day_is_on_record_and_the_rest_as_it_was(wiring) -> None:
    before = wiring.borrowers.load(a_borrower().borrower_id)
    confirm_details(before.borrower_id, DAY, wiring)
    after = wiring.borrowers.load(before.borrower_id)
    assert after.contact_confirmed_on == DAY
    assert replace(after, contact_confirmed_on=None, version=0) == replace(
        before, contact_confirmed_on=None, version=0
    )
