"""A new schedule on its way to the core banking system, and its confirmation back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recovery.domain.shared.errors import RefusedError
from tests.life import BANK, SUPERVISOR, Life
from tests.use_cases.agreements.test_agree import a_life, agree, is_forbearance, offer

DAY = timedelta(days=1)


@pytest.fixture
def life(wiring) -> Life:
    """Two instalments overdue, and a new schedule agreed."""
    life = a_life(wiring)
    kind = is_forbearance(offer(life, difficulty="less_income").options)
    agree(life, by=SUPERVISOR, option=kind)
    return life


def books(life: Life) -> list[str]:
    return [each.task_id for each in life.tasks("book_in_core")]


def test_a_core_hears_all_it_needs_to_book_the_schedule(life: Life) -> None:
    [made] = [e.detail for e in life.ports.bus.events if e.name == "ScheduleVersionMade"]
    loan = life.ports.loans.load("L-1").loan
    assert (made["fact_id"], made["agreement_id"]) == ("AG-1.schedule", "AG-1")
    assert made["schedule_version"] == loan.schedule_version == 2
    assert made["rows"] == len(made["instalments"])
    totals = [sum(map(_cents, (e["principal"], e["interest"]))) for e in made["instalments"]]
    assert totals == [each.due.total for each in loan.schedule]
    assert [e["due_date"] for e in made["instalments"]] == [f"{e.due_date}" for e in loan.schedule]


def test_unconfirmed_after_a_day_is_a_task_and_the_confirmation_ends_it(life: Life) -> None:
    assert books(life) == []
    life.until(life.today + DAY)
    assert books(life) == ["L-1.book.2"]
    life.until(life.today + 3 * DAY)
    assert books(life) == ["L-1.book.2"]
    with pytest.raises(RefusedError, match="no schedule that was made here"):
        life.say("L-1", "booked", by=BANK, schedule_id="AG-1")
    said = {"schedule_id": "AG-1.schedule", "reference": "RS-1"}
    life.say("L-1", "booked", by=BANK, fact_id="C-1", **said)
    assert books(life) == []
    with pytest.raises(RefusedError, match="confirmed already"):
        life.say("L-1", "booked", by=BANK, **said)


def test_confirmed_in_time_asks_nobody(life: Life) -> None:
    life.say("L-1", "booked", by=BANK, schedule_id="AG-1.schedule")
    life.until(life.today + 5 * DAY)
    assert books(life) == []


def test_an_agreement_undone_needs_no_booking(life: Life) -> None:
    life.until(life.today + DAY)
    assert books(life) == ["L-1.book.2"]
    life.say("L-1", "undo", by=SUPERVISOR, undoes="AG-1")
    life.until(life.today + 2 * DAY)
    assert books(life) == []


def test_a_schedule_of_the_core_needs_none(life: Life) -> None:
    life.until(life.today + DAY)
    rows = [
        {"number": 1, "due_date": "2026-06-02", "principal": "800.00", "interest": "0.00"},
    ]
    life.say("L-1", "schedule", by=BANK, instalments=rows)
    life.until(life.today + 2 * DAY)
    assert books(life) == []


def _cents(text: str) -> int:
    return int(text.replace(".", ""))
