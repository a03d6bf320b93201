"""Cured loans and trouble again, counted over a portfolio."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from recovery.domain.agreements.forbearance import Forbearance
from recovery.domain.portfolio.cures import NO_CURES, Cures, cures_of, cures_together

DAY, CURED = timedelta(days=1), date(2026, 1, 31)
AGAIN = Forbearance(
    since=CURED,
    days_past_due=39,
    until=None,
    cured_on=CURED,
    redefaulted_on=date(2026, 4, 30),
    as_of=date(2026, 8, 1),
)


def test_a_loan_counts_once_it_had_the_time() -> None:
    assert cures_of(AGAIN) == (Cures(3, 1, 1), Cures(6, 1, 1), Cures(12))
    late = replace(AGAIN, redefaulted_on=date(2026, 5, 1))
    assert cures_of(late) == (Cures(3, 1, 0), Cures(6, 1, 1), Cures(12))
    assert cures_of(None) == cures_of(replace(AGAIN, cured_on=None)) == NO_CURES


def test_loans_are_added_up_month_by_month() -> None:
    calm = replace(AGAIN, redefaulted_on=None)
    three, six, twelve = cures_together(cures_of(AGAIN), cures_of(calm))
    assert (three.share, six.share, twelve.share) == (Fraction(1, 2), Fraction(1, 2), 0)
