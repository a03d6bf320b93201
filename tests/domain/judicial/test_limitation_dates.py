"""Warnings before it is too late, and silence once it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import people_pack
from recovery.domain.agreements.restraints import Block
from recovery.domain.judicial.limitation import limitation_clocks
from recovery.domain.judicial.limitation_dates import (
    ALARM_DAYS,
    alarm_problems,
    barred_from,
    conduct,
    limitation_dates,
    next_limitation_dates,
    time_barred_restraint,
)
from tests.builders import fields
from tests.domain.judicial.test_limitation import (
    DEBTOR,
    GUARANTOR,
    SPAIN,
    UNKNOWN,
    DuePart,
    act,
    clock,
    facts,
)

DAY = timedelta(days=1)


def test_alarms_come_at_their_distances_then_the_last_day_then_too_late() -> None:
    found = limitation_dates([clock(facts())], (90, 30))
    assert [(each.on, each.kind, each.days_before) for each in found] == [
        (date(2025, 10, 12), "alarm", 90),
        (date(2025, 12, 11), "alarm", 30),
        (date(2026, 1, 10), "last_day", 0),
        (date(2026, 1, 11), "time_barred", 0),
    ]
    assert next_limitation_dates([clock(facts())], date(2025, 12, 11), (90, 30)) == found[2:]
    assert next_limitation_dates([clock(facts())], date(2026, 1, 11)) == ()


def test_parts_that_end_on_one_day_warn_together_and_persons_apart() -> None:
    parts = (DuePart(part="1", due_on=date(2022, 1, 1)), DuePart(part="2", due_on=date(2022, 2, 1)))
    asked = replace(facts(act(on=date(2023, 1, 1))), parts=parts, obligors=(DEBTOR, GUARANTOR))
    found = limitation_dates(limitation_clocks(asked, SPAIN, date(2026, 11, 27)), ())
    assert [(each.on, each.person_id, each.parts) for each in found] == [
        (date(2027, 1, 1), "guarantor", ("1",)),
        (date(2027, 1, 2), "guarantor", ("1",)),
        (date(2027, 2, 1), "guarantor", ("2",)),
        (date(2027, 2, 2), "guarantor", ("2",)),
        (date(2028, 1, 1), "debtor", ("1", "2")),
        (date(2028, 1, 2), "debtor", ("1", "2")),
    ]


def test_a_pending_clock_asks_for_nothing() -> None:
    pending = clock(facts(act("claim_filed", on=date(2025, 1, 1))))
    assert limitation_dates([pending]) == ()


@given(st.dates(date(2016, 1, 1), date(2030, 1, 1)), st.dates(date(2016, 1, 1), date(2036, 1, 1)))
def test_a_status_changes_only_on_a_day_that_was_announced(due_on, as_of) -> None:
    asked = facts(due_on=due_on)
    today, tomorrow = clock(asked, as_of=as_of), clock(asked, as_of=as_of + DAY)
    if today.is_barred != tomorrow.is_barred:
        assert as_of + DAY in {each.on for each in limitation_dates([today])}


def test_a_barred_debt_is_not_claimed_threatened_or_asked_for_and_money_is_taken() -> None:
    found = conduct([clock(facts())])
    assert not (found.sue or found.threaten or found.ask_for_payment)
    assert found.take_voluntary_payment and found.a_person_confirms
    assert (found.tell, found.ask_a_lawyer) == ("old_debt", False)


def test_one_barred_clock_silences_what_is_asked_about_together() -> None:
    barred, running = clock(facts()), clock(facts(due_on=date(2026, 1, 1)))
    assert conduct([running]).sue and conduct([running]).ask_for_payment
    assert conduct([running]).tell == "nothing"
    assert not conduct([running, barred]).ask_for_payment
    assert not conduct([]).sue


@pytest.mark.parametrize("as_of", [date(2022, 1, 1), date(2026, 12, 1)])
def test_under_an_unknown_law_a_lawyer_is_asked(as_of) -> None:
    found = conduct([clock(facts(), pack=UNKNOWN, as_of=as_of)])
    assert found.ask_a_lawyer and not found.sue and not found.threaten
    assert found.ask_for_payment is (as_of.year == 2022)


def test_the_whole_debt_is_barred_when_its_last_part_is() -> None:
    parts = (DuePart(part="1", due_on=date(2021, 1, 1)), DuePart(part="2", due_on=date(2021, 6, 1)))
    asked = replace(facts(), parts=parts)

    def since(as_of: date) -> date | None:
        return barred_from(limitation_clocks(asked, SPAIN, as_of), "debtor", as_of)

    assert since(date(2026, 1, 2)) is None
    assert since(date(2026, 6, 1)) is None
    assert since(date(2026, 6, 2)) == since(date(2026, 12, 1)) == date(2026, 6, 2)
    pending = [clock(facts(act("claim_filed", on=date(2025, 1, 1))))]
    assert barred_from(pending, "debtor", date(2026, 12, 1)) is None
    assert barred_from([], "debtor", date(2026, 12, 1)) is None
    assert barred_from(pending, "somebody else", date(2026, 12, 1)) is None


def test_the_lower_rooms_hear_of_it_as_a_restraint() -> None:
    pack, as_of = people_pack("ES"), date(2026, 12, 1)
    found = time_barred_restraint([clock(facts())], "debtor", as_of, pack)
    assert found is not None
    assert (found.kind, found.from_on, found.until) == ("time_barred", date(2026, 1, 11), None)
    for act_held in (Block.JUDICIAL, Block.BUREAU, Block.CALLS, Block.ARREARS, Block.NOTICES):
        assert act_held in found.blocked()
    assert Block.ANSWERS not in found.blocked()
    running = [clock(facts(due_on=date(2026, 1, 1)))]
    assert time_barred_restraint(running, "debtor", as_of, pack) is None


def test_distances_are_days_before() -> None:
    assert not fields(alarm_problems(ALARM_DAYS))
    assert fields(alarm_problems((0, 5, 4000))) == {"alarm_days.0", "alarm_days.2"}
    assert fields(alarm_problems((1,) * 101)) == {"alarm_days"}
