"""S19: no text in Quechua: nothing is sent, and her not reading is no silence after contact.

Lessons and talking cards are tested where financial education is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.loan import Components
from recovery.domain.monitoring.behaviour import segment_now
from recovery.domain.monitoring.segments import Segment
from recovery.domain.policy import DEFAULT_POLICY
from tests.builders import a_borrower, a_schedule
from tests.life import Life

FIRST = date(2026, 2, 2)


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(6, Components(10_000), FIRST))
    speaks_quechua(life)
    return life


def speaks_quechua(life: Life, second: str | None = None) -> None:
    known = a_borrower("B-1", email="b-1@example.org", language="qu", second_language=second)
    life.ports.borrowers.save_contact_details(known)


def segment(life: Life) -> Segment | None:
    stored = life.ports.loans.load("L-1")
    found = segment_now(
        stored.loan.schedule,
        stored.state.position,
        DEFAULT_POLICY.monitoring,
        life.today,
        stored.state.known(),
    )
    return found.segment if found else None


def test_nothing_is_sent_and_the_reason_names_the_language(life: Life) -> None:
    life.until(FIRST)
    assert life.mails() == []
    said = [each.text for each in life.ports.timeline.read("L-1")]
    assert [each for each in said if "no text in qu" in each]
    asked = [each for each in life.tasks("missing_details") if each.task_id.startswith("language")]
    assert len(asked) == 1  # one for the institution, not one for each message


def test_however_long_she_cannot_read_us_she_is_not_silent(life: Life) -> None:
    life.until(FIRST + timedelta(days=60))
    contacts = life.ports.loans.load("L-1").state.contacts
    assert contacts.arrived == 0 and contacts.no_language >= 2
    assert segment(life) is Segment.UNREACHABLE


def test_her_second_language_is_hers_and_is_used(life: Life) -> None:
    speaks_quechua(life, second="es")
    life.until(FIRST + timedelta(days=2))
    assert life.mails() and all("pago" in each for each in life.mails())
    assert life.ports.loans.load("L-1").state.contacts.no_language == 0


def test_the_same_messages_that_arrive_and_stay_unanswered_are_silence(life: Life) -> None:
    life.until(FIRST + timedelta(days=60))
    stored = life.ports.loans.load("L-1")
    arrived = replace(stored.state.contacts, arrived=3, no_language=0)
    heard = replace(stored.state, version=stored.state.version + 1, contacts=arrived)
    life.ports.loans.save_state(heard, stored.loan)
    assert segment(life) is Segment.NOT_ENGAGING
