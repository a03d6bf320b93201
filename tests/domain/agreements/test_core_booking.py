"""Whether the core banking system has confirmed the schedule in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.domain.accounting.agreed import Booked
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.agreements.core_booking import (
    booking_due_on,
    booking_problems,
    unbooked_schedule,
    unbooked_since,
)
from tests.builders import a_loan
from tests.builders import fields as fields_of
from tests.domain.agreements.test_agreeing import ON, recorded

DAY = timedelta(days=1)
MADE = ScheduleVersion(2, ON, "reage", a_loan().schedule)


def test_a_schedule_waits_until_the_core_confirms_it() -> None:
    assert unbooked_since(recorded()) is None
    waiting = recorded(V=MADE)
    assert (unbooked_since(waiting), unbooked_schedule(waiting)) == (ON, "V")
    assert unbooked_since(recorded(V=MADE, B=Booked("V", ON))) is None
    assert unbooked_since(recorded(V=MADE, B=Booked("V", ON), U=Undo("B", ON))) == ON


def test_the_schedule_in_force_alone_needs_a_booking() -> None:
    later = replace(MADE, version=3, on=ON + DAY)
    assert unbooked_schedule(recorded(V=MADE, W=later)) == "W"
    assert unbooked_schedule(recorded(V=MADE, W=later, B=Booked("V", ON))) == "W"
    assert unbooked_schedule(recorded(V=MADE, W=later, B=Booked("W", ON))) is None
    assert unbooked_schedule(recorded(V=MADE, W=replace(later, kind="from_core"))) is None
    assert unbooked_schedule(recorded(V=MADE, U=Undo("V", ON))) is None


@pytest.mark.parametrize(
    ("booked", "field"),
    [
        (Booked("X", ON), "schedule_id"),
        (Booked("C", ON), "schedule_id"),
        (Booked("W", ON), "schedule_id"),
        (Booked("V", ON - DAY), "on"),
    ],
)
def test_a_confirmation_is_of_a_schedule_made_here_and_comes_once(booked, field) -> None:
    core = replace(MADE, version=4, kind="from_core")
    on_record = recorded(V=MADE, W=replace(MADE, version=3), B=Booked("W", ON), C=core)
    assert fields_of(booking_problems(booked, on_record)) == {field}
    assert fields_of(booking_problems(Booked("V", ON), on_record)) == set()


def test_a_person_asks_after_so_many_days_or_never() -> None:
    assert booking_due_on(ON, 1) == ON + DAY
    assert booking_due_on(None, 1) is None and booking_due_on(ON, None) is None
