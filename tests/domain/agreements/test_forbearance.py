"""The mark of a concession: when it begins, when it falls, and what came after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.agreed import Forborne
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import NOTHING, Components, Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.forbearance import forbearance_at, forborne_of
from recovery.domain.monitoring.tolerance import Tolerance
from tests.domain.agreements.test_agreeing import OFFER, ON, an_agreement, recorded

DAY, YEAR = timedelta(days=1), 365
MARK = Forborne(ON, 39, ON)
DUE = Components(100)


def loan(*paid_after: int | None, first: date = ON, every: int = 30):
    """A schedule from ``first`` on, each instalment paid so many days late; None: not yet."""
    days = [first + at * every * DAY for at in range(len(paid_after))]
    schedule = tuple(Instalment(at + 1, on, DUE) for at, on in enumerate(days))
    rows = [(on, after) for on, after in zip(days, paid_after, strict=True)]
    return schedule, Position(
        paid=tuple(NOTHING if after is None else DUE for _, after in rows),
        paid_off_on=tuple(None if after is None else on + after * DAY for on, after in rows),
        credit_minor=0,
        last_value_date=None,
    )


def at(as_of: date, *paid_after: int | None, mark=MARK, **dates):
    found = forbearance_at(mark, *loan(*paid_after, **dates), YEAR, as_of)
    assert found is not None
    return found


def version(number: int, on: date, first: date, days: int = 20) -> ScheduleVersion:
    return ScheduleVersion(number, on, "reage", (Instalment(1, first, DUE),), days)


def test_a_plan_and_a_new_schedule_are_concessions_and_a_schedule_of_the_core_is_none() -> None:
    assert forborne_of(recorded(OF=OFFER), YEAR) is None
    planned = forborne_of(recorded(OF=OFFER, AG=an_agreement()), YEAR)
    assert planned == Forborne(ON, OFFER.days_past_due, an_agreement().payments[-1].due_date)
    new = forborne_of(recorded(V=version(2, ON, ON + 90 * DAY)), YEAR)
    assert new == Forborne(ON, 20, ON + 90 * DAY)  # nothing is tested before it asks for something
    core = replace(version(2, ON, ON), kind="from_core")
    assert forborne_of(recorded(V=core), YEAR) is None
    assert forborne_of(recorded(OF=OFFER, AG=an_agreement(), U=Undo("AG", ON)), YEAR) is None


def test_a_concession_in_probation_keeps_the_first_days_past_due_and_counts_anew() -> None:
    first, soon = version(2, ON, ON + 30 * DAY), version(3, ON + 200 * DAY, ON + 230 * DAY, 5)
    assert forborne_of(recorded(V=first, W=soon), YEAR) == Forborne(ON, 20, ON + 230 * DAY)
    late = version(3, ON + 395 * DAY, ON + 400 * DAY, 5)
    assert forborne_of(recorded(V=first, W=late), YEAR) == Forborne(late.on, 5, ON + 400 * DAY)


def test_probation_lasts_a_year_from_the_last_bad_lateness() -> None:
    assert at(ON + 100 * DAY, 0, 0, 0).until == ON + 365 * DAY
    assert at(ON + 100 * DAY, 0, 30, 0).until == ON + 365 * DAY
    badly = at(ON + 100 * DAY, 0, 31, 0)
    assert badly.until == ON + 61 * DAY + 365 * DAY
    assert at(ON + 364 * DAY, 0).is_marked and not at(ON + 365 * DAY, 0).is_marked


def test_the_mark_does_not_fall_while_anything_is_overdue() -> None:
    overdue = at(ON + 500 * DAY, 0, None, first=ON + 400 * DAY)
    assert overdue.until is None and overdue.is_marked
    paid = at(ON + 500 * DAY, 0, 20, first=ON + 400 * DAY)
    assert not paid.is_marked


def test_cured_is_the_end_of_the_arrears_that_the_concession_was_about() -> None:
    early = ON - 60 * DAY  # due at -60, -30, 0, 30
    assert at(ON + 5 * DAY, 70, None, None, None, first=early).cured_on is None
    assert at(ON + 70 * DAY, 70, 90, 50, 0, first=early).cured_on == ON + 60 * DAY
    assert at(ON + 9 * DAY, 0, 0).cured_on == ON  # a new schedule: nothing is overdue any more


@pytest.mark.parametrize(
    ("days", "months", "within"),
    [(60, 3, True), (61, 3, False), (61, 6, True), (340, 12, False)],
)
def test_trouble_again_is_an_instalment_late_for_more_than_30_days(days, months, within) -> None:
    """Cured on 10 April; an instalment is due so many days later and never paid."""
    found = at(ON + 400 * DAY, None, first=ON + days * DAY)
    assert found.redefaulted_on == ON + (days + 31) * DAY
    assert found.redefaulted_within(months) is within
    assert found.was_watched(12) and not at(ON + 80 * DAY, 0).was_watched(3)
    assert at(ON + (days + 30) * DAY, None, first=ON + days * DAY).redefaulted_on is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 80)), max_size=8), st.integers(0, 800))
def test_days_without_payment_never_lift_the_mark(paid_after, days) -> None:
    schedule, position = loan(*paid_after)
    mark = Forborne(ON, 39, ON + 30 * DAY)
    seen = [
        forbearance_at(mark, schedule, position, YEAR, ON + each * DAY) for each in (days, days + 1)
    ]
    first, second = seen
    assert first is not None and second is not None
    if first.until is None:  # overdue, and nothing was paid since
        later = [e for e in position.paid_off_on if e == ON + (days + 1) * DAY]
        assert second.is_marked or later
    if first.cured_on and second.cured_on:
        assert first.cured_on <= second.cured_on
    assert not (first.redefaulted_on and second.redefaulted_on is None)


def short_by(missing: int, tolerance_minor: int, as_of: date, *, of_second: bool = False):
    """Two instalments, of which one lacks some cents."""
    schedule, position = loan(0, 0)
    rest, order = Components(100 - missing), -1 if of_second else 1
    lacking = replace(
        position, paid=(rest, DUE)[::order], paid_off_on=(None, position.paid_off_on[0])[::order]
    )
    found = forbearance_at(
        MARK, schedule, lacking, YEAR, as_of, Tolerance(amount_minor=tolerance_minor)
    )
    assert found is not None
    return found


@given(st.integers(1, 50), st.integers(0, 50), st.integers(31, 500))
def test_what_the_tolerance_allows_is_neither_late_nor_trouble_again(
    missing: int, allowed: int, days: int
) -> None:
    found = short_by(missing, allowed, ON + days * DAY)
    assert (found.until is None) == (missing > allowed)
    assert (found.cured_on is None) == (missing > allowed)
    assert found.redefaulted_on is None
    assert found.is_marked == (missing > allowed or days < YEAR)


@given(st.integers(1, 50), st.integers(0, 50))
def test_a_cent_unpaid_for_months_is_no_trouble_again(missing: int, allowed: int) -> None:
    found = short_by(missing, allowed, ON + 200 * DAY, of_second=True)
    assert found.cured_on == ON
    assert found.redefaulted_on == (ON + 61 * DAY if missing > allowed else None)
